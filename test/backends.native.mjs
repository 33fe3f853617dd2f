// The backends that have workers: what tries to break the package tries it on each of them.
import { OPTIONS } from '../dist/options.js';

/** All that there are to be. */
export const WORKER_BACKENDS = ['threads', 'processes'];

/** Whether this build has the backend. */
export const hasBackend = (name) => OPTIONS.backend.ok(name);

/** Whether this build has an option. */
export const hasOption = (name) => Object.hasOwn(OPTIONS, name);
