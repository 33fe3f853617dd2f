// What goes wrong, each as a function that does it. They travel to workers, so each stands for itself.

export const faults = {
  throw: () => {
    throw new RangeError('thrown on purpose');
  },
  'exit(0)': () => process.exit(0),
  'exit(3)': () => process.exit(3),
  SIGKILL: () => {
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way: nothing else is to happen meanwhile.
    for (;;);
  },
  SIGSEGV: () => {
    process.kill(process.pid, 'SIGSEGV');
    for (;;);
  },
  // What native code does that finds itself in a state that cannot be.
  SIGABRT: () => {
    process.kill(process.pid, 'SIGABRT');
    for (;;);
  },
  'process.abort': () => process.abort(),
  'out of memory': () => {
    const all = [];
    for (;;) all.push(new Array(10_000).fill(all.length));
  },
  'endless loop': () => {
    for (;;);
  },
  'unhandled rejection': () => {
    void Promise.reject(new RangeError('rejected on purpose'));
  },
  // A promise cannot travel.
  unserialisable: () => ({ held: Promise.resolve() }),
};

/** Where it goes wrong, in the order of an item's life. */
export const places = ['initializer', 'setup', 'item packed', 'item read', 'task', 'result packed', 'result read'];
