/** Why instances of built-in classes stay, and what to do instead, by kind. */
import { GIVE_DATA, inEachWorker, type Reason, reasons, TAKE_DATA } from './reasons.ts';

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
  const { fd, constructor: made } = object as { fd?: unknown; constructor?: { name?: unknown } };
  return (fd === 1 || fd === 2 || made?.name === 'WritableWorkerStdio') && typeof (object as { write?: unknown }).write === 'function';
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
