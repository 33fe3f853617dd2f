/** The backends whose workers are others than the caller: what this suite and test/python hold for. */
export const WORKER_BACKENDS = ['threads', 'processes'] as const;
