// The matrix as data: what is promised for each fault, in each place, on each backend. docs/reliability.md shows it.
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { faults, places } from './faults.native.mjs';

/** The item that everything goes wrong with. */
export const GUILTY = 2;

/** Only the guilty item fails. */
const item = (name, code, ...says) => ({ outcome: 'item', name, code, says });
/** The call rejects: nothing could run. */
const call = (name, code, ...says) => ({ outcome: 'call', name, code, says });
/** All results stand; a warning tells what happened. */
const fine = (warning) => ({ outcome: 'fine', warning });
/** The operating system ends the whole process: the calling program with it. */
const host = (signal) => ({ outcome: 'host', signal });
const none = (reason) => ({ outcome: 'none', reason });

const ITEM = /items\[2\]/;
const lost = (...says) => item('WorkerLostError', 'WORKER_LOST', ITEM, ...says);
const startFailed = (...says) => call('WorkerLostError', 'WORKER_START_FAILED', ...says);
const timedOut = item('TaskTimeoutError', 'TASK_TIMEOUT', ITEM);
const refusedItem = item('NotShippableError', 'NOT_SHIPPABLE', ITEM);
const thrown = item('RangeError', undefined, /thrown on purpose/);
/** What registered types do where a value crosses is part of its crossing. */
const doesNotCross = item('NotShippableError', 'NOT_SHIPPABLE', ITEM, /thrown on purpose/);

const own = none('this runs in the calling program, which does it to itself');
const arrived = none('what is read here has travelled already');

/** Everywhere on the calling thread it is the caller's own doing; everywhere else the worker ends. */
const ends = (says) => ({
  initializer: startFailed(says),
  setup: startFailed(says),
  'item packed': own,
  'item read': lost(says),
  task: lost(says),
  'result packed': lost(says),
  'result read': own,
});

const killed = (signal) => {
  const onProcesses = ends(new RegExp(signal));
  const onThreads = Object.fromEntries(Object.entries(onProcesses).map(([place, cell]) => [place, cell === own ? own : host(signal)]));
  return { threads: onThreads, processes: onProcesses };
};

/** Node tries to end the worker alone, and may not manage. */
const orHost = (signal, words, byPlace) =>
  Object.fromEntries(
    Object.entries(byPlace).map(([place, cell]) => [place, cell === own ? own : { ...cell, mayEndHost: { signal, words } }]),
  );

const MEMORY = /memory/i;

/** By fault: the places, or both backends with theirs. */
const table = {
  throw: {
    initializer: startFailed(/thrown on purpose/),
    setup: startFailed(/thrown on purpose/),
    'item packed': doesNotCross,
    'item read': doesNotCross,
    task: thrown,
    'result packed': doesNotCross,
    'result read': doesNotCross,
  },
  'exit(0)': ends(/code 0/),
  'exit(3)': ends(/code 3/),
  SIGKILL: killed('SIGKILL'),
  SIGSEGV: killed('SIGSEGV'),
  SIGABRT: killed('SIGABRT'),
  'process.abort': {
    threads: {
      initializer: startFailed(/not supported in workers/),
      setup: startFailed(/not supported in workers/),
      'item packed': own,
      'item read': item('NotShippableError', 'NOT_SHIPPABLE', ITEM, /not supported in workers/),
      task: item('TypeError', 'ERR_WORKER_UNSUPPORTED_OPERATION', /not supported in workers/),
      'result packed': item('NotShippableError', 'NOT_SHIPPABLE', ITEM, /not supported in workers/),
      'result read': own,
    },
    processes: ends(/SIGABRT/),
  },
  'out of memory': {
    // A thread shares the memory of the program, so its message points to processes. Node ends a thread whose heap is full, but not
    // always in time: then V8 ends the program, as it does with a plain Worker that has resourceLimits.
    threads: orHost('SIGABRT', /heap limit/, { ...ends(MEMORY), task: lost(MEMORY, /processes/) }),
    processes: ends(MEMORY),
  },
  'endless loop': {
    // By its own limit, `startTimeoutMs`.
    initializer: startFailed(/startTimeoutMs/),
    setup: startFailed(/startTimeoutMs/),
    'item packed': own,
    'item read': timedOut,
    task: timedOut,
    'result packed': timedOut,
    'result read': own,
  },
  'unhandled rejection': {
    initializer: fine('ALLCORES_LATE_ERROR'),
    setup: fine('ALLCORES_LATE_ERROR'),
    'item packed': own,
    'item read': fine('ALLCORES_LATE_ERROR'),
    // The task is asynchronous and still runs when its rejection is found.
    task: item('RangeError', undefined, /rejected on purpose/),
    'result packed': fine('ALLCORES_LATE_ERROR'),
    'result read': own,
  },
  unserialisable: {
    initializer: call('NotShippableError', 'NOT_SHIPPABLE', /initargs\[1\]/),
    setup: call('NotShippableError', 'NOT_SHIPPABLE', /held/),
    'item packed': refusedItem,
    'item read': arrived,
    task: call('NotShippableError', 'NOT_SHIPPABLE', /held/),
    'result packed': refusedItem,
    'result read': arrived,
  },
};

/** Every cell: { backend, fault, place, outcome, … }. */
export const cells = WORKER_BACKENDS.flatMap((backend) =>
  Object.keys(faults).flatMap((fault) =>
    places.map((place) => ({ backend, fault, place, ...(table[fault][backend] ?? table[fault])[place] })),
  ),
);
