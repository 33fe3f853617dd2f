/** The backends that have workers: what tries to break the package tries it on each of them. */
export const WORKER_BACKENDS = ['threads', 'processes'];
