export type WorkerBackend = 'threads' | 'processes';
export const WORKER_BACKENDS: readonly WorkerBackend[];
export function hasBackend(name: WorkerBackend): boolean;
export function hasOption(name: string): boolean;
