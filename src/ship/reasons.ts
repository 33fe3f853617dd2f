/** The list of what cannot travel: why, and what to do instead where it is captured, is an item, or is what a task gives back. */

export interface Reason {
  /** Completes "Cannot ship `x`: it …". */
  readonly why: string;
  /** One sentence, an instruction. Where each worker can make its own, the sentence has the variable's name in it. */
  readonly advice: string | ((variable: string) => string);
  readonly forItem?: string;
  readonly forResult?: string;
  /** It is in the way of an object around it, such as a client, which each worker can make for itself. */
  readonly isState?: true;
  /** What its members say changes, so a copy of them would mislead. */
  readonly isLive?: true;
}

/** A line to copy. */
export function inEachWorker(variable: string, make: string, get = `${variable}.get()`): string {
  return `Make one in each worker: write \`const ${variable} = perWorker(() => ${make});\` at the top of a module, and \`${get}\` in the function.`;
}

export const GIVE_DATA = 'Return the data that came out of it instead.';
export const TAKE_DATA = 'Pass what it is made from instead, such as a path or a URL, and open it in the function.';

export const reasons = {
  pool: {
    why: 'is a Pool, whose workers belong to the thread that made it',
    advice: 'Call map or run inside the function instead: inside a task they run in line.',
  },
  promise: {
    why: 'is a Promise, which settles in this thread only',
    advice: 'Await it first and capture its value.',
    forItem: 'Await it first and pass its value.',
    forResult: 'Await it in the function and return its value.',
    isState: true,
  },
  runningGenerator: {
    why: 'is a running generator or iterator, whose position cannot be copied',
    advice: 'Pass Array.from(…) of it, or start it inside the function.',
    forResult: 'Return Array.from(…) of it.',
  },
  nativeHandle: {
    why: 'is a native handle, which belongs to this thread',
    advice: (variable) => inEachWorker(variable, 'open()'),
    forItem: TAKE_DATA,
    forResult: GIVE_DATA,
    isState: true,
  },
  weakRef: {
    why: 'is a WeakRef, and nothing in a worker would keep its target alive',
    advice: 'Capture the target itself: ref.deref().',
    forItem: 'Pass the target itself: ref.deref().',
    forResult: 'Return the target itself: ref.deref().',
    isState: true,
  },
  finalizationRegistry: {
    why: 'is a FinalizationRegistry, which watches objects of this thread',
    advice: 'Create it inside the function instead.',
    forResult: GIVE_DATA,
    isState: true,
  },
  callsEval: {
    why: 'calls eval, so what it captures cannot be known',
    advice: 'Use new Function(…) and pass it its values as arguments, or write the code out.',
    forResult: 'Return what it computes instead of the function.',
  },
  capturesNewTarget: {
    why: 'captures new.target of the function around it',
    advice: 'Assign new.target to a const and capture that.',
    forResult: 'Return what it computes instead of the function.',
  },
  privateMethod: {
    why: 'uses a private member (#…) of the class around it, which no other code may name',
    advice:
      'Call a method of the instance whose name has no # instead: it may use private members, and the instance takes its class along.',
    forResult: 'Return what it computes, or the instance itself, instead of the function.',
  },
  superWithoutObject: {
    why: 'uses super, and the object or class it was defined in is nowhere among what it is bound to and what its scopes hold',
    advice: 'Capture that object, and call the method on it.',
    forResult: 'Return the object instead of its method.',
  },
  superOfSeveral: {
    why: 'uses super, and is a method of several objects, so that it cannot be known in which of them it was defined',
    advice: 'Define it in a class, or let one object only have it.',
  },
  sharedMemory: {
    why: 'is memory that the threads of one process share, and this function goes to another process',
    advice: 'Pass an ordinary typed array, such as a slice() of it, or use worker threads.',
  },
  writesSharedMemory: {
    why: 'is memory that threads share and the function writes to, and from another process its changes would not come back',
    advice: 'Return what it computes instead, or use worker threads.',
  },
  superInArrow: {
    why: 'is an arrow function that uses super',
    advice: 'Call a method of `this` that uses super instead.',
    forResult: 'Return what it computes instead of the function.',
  },
  nativeFunction: {
    why: 'is native code that has no name in a worker',
    advice: 'Wrap it in a function of your own that makes or finds it: (...args) => object.method(...args).',
    forResult: 'Return what it computes instead of the function.',
  },
  internalOfNode: {
    why: 'is a function inside Node.js that no module exports',
    advice: 'Import what you need from its module inside the function instead.',
    forResult: GIVE_DATA,
    isState: true,
  },
  customCycle: {
    why: 'is of a registered type, and what its toPlain gives leads back to the value itself',
    advice: 'Give a form without that reference, such as an id.',
  },
  givenElse: {
    why: 'is given in `with` and is not what the function sees where it stands; in line the very function runs, and would not find it',
    advice: 'Give it the same value or another name, or leave the backend inline.',
  },
  unreadArguments: {
    why: 'uses the `arguments` around it, which cannot be read without node:inspector',
    advice: 'Use parameters instead.',
  },
  unreadMeta: {
    why: 'uses import.meta, and which file it stands in cannot be found without node:inspector',
    advice: 'Assign what you need of it to a const, use that, and give it in `with`.',
  },
  unreadImport: {
    why: 'imports a relative path, and which file it stands in cannot be found without node:inspector',
    advice: 'Import a URL that is made outside and given in `with`: const url = new URL("./file.js", import.meta.url).href.',
  },
  unreadPrivates: {
    why: 'has private members, which cannot be read without node:inspector',
    advice: 'Tell how its class travels: registerType({ tag, type, toPlain, fromPlain }).',
  },
  unreadProxy: { why: 'is a proxy, which cannot be looked into without node:inspector', advice: 'Make it inside the function instead.' },
  unreadModule: {
    why: 'is a module, whose name cannot be found without node:inspector',
    advice: 'Import it inside the function instead: await import("lodash").',
  },
  privatesBesideState: {
    why: 'is an instance of a class with private members whose parent class is built in and keeps a state of its own',
    advice:
      'Capture what it is made from, and make it inside the function; or let the class hold a built-in object in place of extending it.',
    forItem: 'Pass what it is made from, and make it in the function.',
    forResult: 'Return what it is made from, and make it where it is used.',
  },
  memberOfModule: {
    why: 'is a module that a worker cannot import, some of whose exports cannot be read yet',
    advice: 'Capture the exports you need by name.',
  },
  tooDeep: {
    why: 'is nested too deeply to be copied (more than some thousand levels)',
    advice: 'Pass it in a flat form, such as an array.',
    forResult: 'Return it in a flat form, such as an array.',
  },
  abort: {
    why: 'fires in this thread only',
    advice: 'Pass the signal as the option `signal` of the call; inside the function `context.signal` aborts with it.',
    forResult: 'Return `signal.aborted` instead.',
    isLive: true,
  },
  asyncLocalStorage: {
    why: 'is an AsyncLocalStorage, whose store belongs to calls in this thread',
    advice: 'Capture the value of its getStore() instead.',
    forResult: 'Return the value of its getStore() instead.',
    isState: true,
    isLive: true,
  },
  commonJsModule: { why: "is a CommonJS file's own `module`", advice: 'Capture what you need of it, such as module.filename.' },
} as const satisfies Record<string, Reason>;

export function unreadableThis(why: string): Reason {
  return { why: `uses the \`this\` around it, which ${why}`, advice: 'Assign `this` to a const first, and use that.' };
}

export function unparsable(message: string): Reason {
  return {
    why: `has a source text that cannot be read (${message})`,
    advice: 'Write it in standard JavaScript, or move it to a module and import it.',
  };
}
