// Behaviour of the doors, each case run by plain Node against the built package. `api` is the package; `options` names the backend.
// One file a theme, each with its own copy of what its tasks capture: a captured import would travel otherwise.
import { cases as calls } from './calls.native.mjs';
import { cases as cancelling } from './cancelling.native.mjs';
import { cases as context } from './context.native.mjs';
import { cases as explain } from './explain.native.mjs';
import { cases as failures } from './failures.native.mjs';
import { cases as inputs } from './inputs.native.mjs';
import { cases as lateErrors } from './late-errors.native.mjs';
import { cases as lifetime } from './lifetime.native.mjs';
import { cases as logs } from './logs.native.mjs';
import { cases as messages } from './messages.native.mjs';
import { cases as numbers } from './numbers.native.mjs';
import { cases as oddValues } from './odd-values.native.mjs';
import { cases as parallel } from './parallel.native.mjs';
import { cases as parallelConfig } from './parallel-config.native.mjs';
import { cases as parallelWorkers } from './parallel-workers.native.mjs';
import { cases as perWorker } from './per-worker.native.mjs';
import { cases as queues } from './queues.native.mjs';
import { cases as reduce } from './reduce.native.mjs';
import { cases as refusals } from './refusals.native.mjs';
import { cases as results } from './results.native.mjs';
import { cases as retries } from './retries.native.mjs';
import { cases as setup } from './setup.native.mjs';
import { cases as sizes } from './sizes.native.mjs';
import { cases as surroundings } from './surroundings.native.mjs';
import { cases as timeouts } from './timeouts.native.mjs';
import { cases as types } from './types.native.mjs';
import { cases as warnings } from './warnings.native.mjs';
import { cases as withNames } from './with.native.mjs';
import { cases as workersLife } from './workers-life.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [
  ...inputs,
  ...calls,
  ...results,
  ...cancelling,
  ...timeouts,
  ...retries,
  ...lifetime,
  ...queues,
  ...workersLife,
  ...failures,
  ...lateErrors,
  ...oddValues,
  ...refusals,
  ...parallel,
  ...parallelWorkers,
  ...parallelConfig,
  ...reduce,
  ...context,
  ...messages,
  ...numbers,
  ...logs,
  ...perWorker,
  ...setup,
  ...surroundings,
  ...types,
  ...withNames,
  ...warnings,
  ...sizes,
  ...explain,
];
