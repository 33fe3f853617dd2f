export type WorkerBackend = 'threads' | 'processes';
export const WORKER_BACKENDS: readonly WorkerBackend[];
