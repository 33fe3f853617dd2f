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

const GIVE_DATA = 'Return the data that came out of it instead.';
const TAKE_DATA = 'Pass what it is made from instead, such as a path or a URL, and open it in the function.';

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
    why: 'is a running generator, whose position cannot be copied',
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
    advice: 'Pass the signal as the option `signal` of the call; it does not reach into the function.',
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

/** `label` and all that can be said of this kind of class. The first that matches counts. */
const KINDS: readonly (readonly [labels: RegExp, reason: Reason])[] = [
  [/^(AbortSignal|AbortController)$/, reasons.abort],
  [
    /(IncomingMessage|ServerRequest)$/,
    {
      why: 'whose connection lives in this thread',
      advice: (variable) => `Copy what the function needs of it first, as in \`const { url, headers } = ${variable};\`, and use that.`,
      forItem: 'Pass what the function needs of it, as in `{ url: req.url, body: req.body }`.',
      forResult: 'Return what has been read of it, such as its status and its text.',
    },
  ],
  [
    /(ServerResponse|OutgoingMessage)$/,
    {
      why: 'whose connection lives in this thread',
      advice: (variable) => `Return the answer from the function and send it here, as in \`${variable}.end(await run(answer, [data]))\`.`,
      forItem: 'Return the answer from the function and send it on this thread.',
      forResult: 'Return the answer as data, and send it on the other side.',
    },
  ],
  [
    /^(Response|Request)$/,
    {
      why: 'whose body is read in one thread only',
      advice: (variable) => `Read it first, as in \`const data = await ${variable}.json();\`, and capture that.`,
      forItem: 'Pass its URL and fetch in the function, or read it first and pass what it holds.',
      forResult: 'Return `await response.json()` or `.text()` of it.',
    },
  ],
  [
    /Server$/,
    {
      why: 'which listens in this thread',
      advice: (variable) =>
        `Keep it here, and give the function the data of a request; or, to listen in each worker, write \`const ${variable} = perWorker(() => createServer());\` and \`${variable}.get()\` in the function.`,
      forItem: 'Keep it here, and pass the data of a request.',
      forResult: 'Return what is to be known of it, such as its port.',
    },
  ],
  [
    /(Agent|Dispatcher|Client|Pool)$/,
    {
      why: 'whose connections live in this thread',
      advice: (variable) => inEachWorker(variable, 'new Agent()'),
      forItem: TAKE_DATA,
      forResult: GIVE_DATA,
      isState: true,
    },
  ],
  [
    /(Socket|ClientRequest|Session|Http2Stream|EventSource|Interface|DatabaseSync|StatementSync|Resolver)$/,
    {
      why: 'whose connection lives in this thread',
      advice: (variable) => inEachWorker(variable, 'connect()', `(await ${variable}.get())`),
      forItem: TAKE_DATA,
      forResult: GIVE_DATA,
      isState: true,
    },
  ],
  [
    /(FileHandle|Dir|FSWatcher|StatWatcher)$/,
    {
      why: 'which is open in this thread',
      advice: (variable) => inEachWorker(variable, 'open(path)', `(await ${variable}.get())`),
      forItem: 'Pass its path, and open it in the function.',
      forResult: 'Return what has been read of it, or its path.',
      isState: true,
    },
  ],
  [
    /(Stream|Readable|Writable|Duplex|Transform|Reader|Writer)$/,
    {
      why: 'whose data flows in this thread',
      advice: (variable) => `Capture what it has read, or its path. ${inEachWorker(variable, 'openStream(path)')}`,
      forItem: 'Pass its path, or what it has read.',
      forResult: 'Return what it has read, as in `await text(stream)` of node:stream/consumers.',
      isState: true,
    },
  ],
  [
    /(MessagePort|MessageChannel|Worker|ChildProcess|BroadcastChannel)$/,
    {
      why: 'whose other end talks to this thread',
      advice: 'To tell this thread something while a task runs, call `context.emit(value)` and give the call an `onMessage`.',
      forResult: GIVE_DATA,
      isState: true,
    },
  ],
  [
    /^(Timeout|Immediate)$/,
    { why: 'whose timer runs in this thread', advice: 'Start it inside the function.', forResult: GIVE_DATA, isState: true },
  ],
];

/** Classes that many others extend: what they are called themselves says more. */
const GENERAL = /^(EventTarget|JSTransferable)$/;

/** What structured clone carries from thread to thread, and no bytes can hold. */
export function onlyToThreads(kind: string): Reason {
  const article = /^[aeiou]|^X/i.test(kind) ? 'an' : 'a';
  return {
    why: `is ${article} ${kind}, which can go to another thread, but not to another process`,
    advice: 'Pass the data that it is made from and make it inside the function, or use worker threads.',
    forResult: 'Return the data that it is made from, and make it where it is used.',
  };
}

/** An instance of a built-in class, whose state lives outside JavaScript. `label` is `net.Socket`, `AbortSignal`, … */
export function builtinInstance(label: string, object?: object): Reason {
  if (/AsyncLocalStorage/.test(label)) return reasons.asyncLocalStorage;
  const name = (GENERAL.test(label) && object ? classNameOf(object) : undefined) ?? label;
  const what = `is ${/^([aeiou]|http)/i.test(name) && !/^(uti|URL)/.test(name) ? 'an' : 'a'} ${name}`;
  if (object && isOutput(object)) {
    const advice = 'Call console.log inside the function: what a task prints arrives here, in whole lines.';
    return { why: `${what}, this thread's own output`, advice, forResult: GIVE_DATA, isState: true };
  }
  const kind = KINDS.find(([labels]) => labels.test(name))?.[1];
  if (kind) return { ...kind, why: `${what}, ${kind.why === reasons.abort.why ? 'which ' : ''}${kind.why}` };
  const make = `new ${name.split('.').at(-1)}()`;
  return {
    why: `${what}, whose state lives in this thread`,
    advice: (variable) => `Make it inside the function. ${inEachWorker(variable, make)}`.replace('Make one', 'Or make one'),
    forItem: 'Pass what it is made from instead, and make it in the function.',
    forResult: GIVE_DATA,
    isState: true,
  };
}

/** `process.stdout` and `process.stderr`, by their file descriptors, or, in a worker, by their class: asking for them would open them. */
function isOutput(object: object): boolean {
  const { fd, constructor } = object as { fd?: unknown; constructor?: { name?: unknown } };
  return (
    (fd === 1 || fd === 2 || constructor?.name === 'WritableWorkerStdio') && typeof (object as { write?: unknown }).write === 'function'
  );
}

/** The name of the class that has made an object; undefined for a plain one, and where the language's own classes have made it. */
export function classNameOf(object: object): string | undefined {
  const prototype: unknown = typeof object === 'function' ? null : Object.getPrototypeOf(object);
  if (typeof prototype !== 'object' || prototype === null || Object.hasOwn(object, 'constructor')) return undefined;
  const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof made !== 'function' || /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(made))) return undefined;
  const name: unknown = Object.getOwnPropertyDescriptor(made, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
