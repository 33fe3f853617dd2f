/** What cannot travel, and what to do instead. Every message names the variable, who captures it, where, why, and the way out. */
import { NotShippableError } from '../errors.ts';

/** How a value was reached: from the shipped function inwards. */
export interface Trail {
  readonly up: Trail | null;
  /** `.name`, `[3]`, or the variable's name where `owner` is set. */
  readonly key: string;
  /** The object the key was read from; a method finds its `super` there. */
  readonly holder?: object | undefined;
  /** The function that captures the variable `key`. */
  readonly owner?: Capturer | undefined;
}

export interface Capturer {
  readonly name: string;
  /** `file.ts:12:14`. A function, because finding it may cost a source map. */
  readonly place: () => string;
}

export interface Reason {
  /** Completes "Cannot ship `x`: it …". */
  readonly why: string;
  /** One sentence, an instruction. */
  readonly advice: string;
}

/** Objects of this package that belong to the thread that made them, each with its reason. */
export const staysHere = new WeakMap<object, Reason>();

export const reasons = {
  pool: {
    why: 'is a Pool, whose workers belong to the thread that made it',
    advice: 'Call map or run inside the function instead: inside a task they run in line.',
  },
  promise: { why: 'is a Promise, which settles in this thread only', advice: 'Await it first and capture its value.' },
  runningGenerator: {
    why: 'is a running generator, whose position cannot be copied',
    advice: 'Pass Array.from(…) of it, or start it inside the function.',
  },
  nativeHandle: { why: 'is a native handle, which belongs to this thread', advice: 'Open it inside the function instead.' },
  weakRef: { why: 'is a WeakRef, and nothing in a worker would keep its target alive', advice: 'Capture the target itself: ref.deref().' },
  finalizationRegistry: {
    why: 'is a FinalizationRegistry, which watches objects of this thread',
    advice: 'Create it inside the function instead.',
  },
  callsEval: {
    why: 'calls eval, so what it captures cannot be known',
    advice: 'Use new Function(…) and pass it its values as arguments, or write the code out.',
  },
  capturesNewTarget: { why: 'captures new.target of the function around it', advice: 'Assign new.target to a const and capture that.' },
  privateMethod: {
    why: 'uses a private member (#…) of the class around it, which no other code may name',
    advice:
      'Call a method of the instance whose name has no # instead: it may use private members, and the instance takes its class along.',
  },
  superWithoutObject: {
    why: 'uses super, and the object or class it was defined in is nowhere among what it is bound to and what its scopes hold',
    advice: 'Capture that object, and call the method on it.',
  },
  superOfSeveral: {
    why: 'uses super, and is a method of several objects, so that it cannot be known in which of them it was defined',
    advice: 'Define it in a class, or let one object only have it.',
  },
  superInArrow: { why: 'is an arrow function that uses super', advice: 'Call a method of `this` that uses super instead.' },
  nativeFunction: {
    why: 'is native code that has no name in a worker',
    advice: 'Wrap it in a function of your own that makes or finds it: (...args) => object.method(...args).',
  },
  internalOfNode: {
    why: 'is a function inside Node.js that no module exports',
    advice: 'Import what you need from its module inside the function instead.',
  },
  foreignPrivates: {
    why: 'is an instance of a class with private members, which cannot be set on the side that defined the class',
    advice: 'Return its data instead, and make the instance where it is used.',
  },
  memberOfModule: {
    why: 'is a module that a worker cannot import, some of whose exports cannot be read yet',
    advice: 'Capture the exports you need by name.',
  },
  tooDeep: {
    why: 'is nested too deeply to be copied (more than some thousand levels)',
    advice: 'Pass it in a flat form, such as an array.',
  },
  sharedMemory: {
    why: 'is memory that the threads of one process share, and this function goes to another process',
    advice: 'Pass an ordinary typed array, such as a slice() of it, or use worker threads.',
  },
  writesSharedMemory: {
    why: 'is memory that threads share and the function writes to, and from another process its changes would not come back',
    advice: 'Return what it computes instead, or use worker threads.',
  },
  abort: {
    why: 'fires in this thread only',
    advice: 'Pass the signal as the option `signal` of the call; it does not reach into the function.',
  },
  asyncLocalStorage: {
    why: 'is an AsyncLocalStorage, whose store belongs to calls in this thread',
    advice: 'Capture the value of its getStore() instead.',
  },
  commonJsModule: { why: "is a CommonJS file's own `module`", advice: 'Capture what you need of it, such as module.filename.' },
} as const satisfies Record<string, Reason>;

export function unreadableThis(why: string): Reason {
  return { why: `uses the \`this\` around it, which ${why}`, advice: 'Assign `this` to a const first, and use that.' };
}

/** What structured clone carries from thread to thread, and no bytes can hold. */
export function onlyToThreads(kind: string): Reason {
  const article = /^[aeiou]|^X/i.test(kind) ? 'an' : 'a';
  return {
    why: `is ${article} ${kind}, which can go to another thread, but not to another process`,
    advice: 'Pass the data that it is made from and make it inside the function, or use worker threads.',
  };
}

export function unparsable(message: string): Reason {
  return {
    why: `has a source text that cannot be read (${message})`,
    advice: 'Write it in standard JavaScript, or move it to a module and import it.',
  };
}

/** An instance of a built-in class, whose state lives outside JavaScript. `label` is `net.Socket`, `AbortSignal`, … */
export function builtinInstance(label: string): Reason {
  const article = /^[aeiou]/i.test(label) && !/^(uti|URL)/.test(label) ? 'an' : 'a';
  const what = `is ${article} ${label}`;
  if (/AbortSignal|AbortController/.test(label)) return { why: `${what}, which ${reasons.abort.why}`, advice: reasons.abort.advice };
  if (/AsyncLocalStorage/.test(label)) return reasons.asyncLocalStorage;
  if (/Socket|TLSSocket|ClientRequest|IncomingMessage|ServerResponse|Session/.test(label)) {
    return { why: `${what}, whose connection lives in this thread`, advice: 'Open it inside the function instead.' };
  }
  if (/Server$/.test(label)) return { why: `${what}, which listens in this thread`, advice: 'Open it inside the function instead.' };
  if (/Stream|Readable|Writable|Duplex|Transform|FileHandle/.test(label)) {
    return { why: `${what}, whose data flows in this thread`, advice: 'Open it inside the function instead, or pass what it has read.' };
  }
  return { why: `${what}, whose state lives in this thread`, advice: 'Create it inside the function instead.' };
}

export function refuse(trail: Trail | null, { why, advice }: Reason): never {
  throw new NotShippableError(`Cannot ship ${subject(trail)}: it ${why}. ${isResult(trail) ? RESULT_ADVICE : advice}`);
}

const RESULT_ADVICE =
  'Return plain data made from it instead: await a promise, and of a Response return `await response.json()` or `.text()`.';

/** What a task gives back or throws was made inside it already: advice for captures would mislead. */
function isResult(trail: Trail | null): boolean {
  let top = trail;
  while (top?.up) top = top.up;
  return top !== null && /^the (result|error) of /.test(top.key);
}

export function step(up: Trail | null, key: string, holder?: object): Trail {
  return { up, key, holder };
}

function subject(trail: Trail | null): string {
  let path = '';
  let at = trail;
  for (; at; at = at.up) {
    path = at.key + path;
    if (at.owner) break;
  }
  if (!at?.owner) return path ? `\`${path}\`` : 'this value';
  const captured = `captured by \`${at.owner.name}\` at ${at.owner.place()}`;
  let outer = at.up;
  while (outer && !outer.owner) outer = outer.up;
  return `\`${path}\` (${captured}${outer?.owner ? `, itself captured as \`${outer.key}\` by \`${outer.owner.name}\`` : ''})`;
}
