// One worker that runs shipped functions, a thread or a process: the smallest possible receiver, bundled like the real worker.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { mapStack, packValue, ship } from '../../dist/ship/ship.js';
import { learnCodes, prepare, rebuild } from '../../dist/ship/unship.js';
import { openProcess, openThread } from './wires.native.mjs';

const dist = fileURLToPath(new URL('../../dist/ship', import.meta.url));

const entry = `
import { parentPort } from 'node:worker_threads';
import v8 from 'node:v8';
import { learnCodes, prepare, rebuild } from './unship.js';

async function open({ graph, codes }) {
  learnCodes(codes);
  await prepare(graph);
  return rebuild(graph);
}

let turn = Promise.resolve(); // calls are rebuilt in the order of their arrival, and run at the same time
async function answer({ id, fn, args }, carrier) {
  const { packValue } = await import('./ship.js');
  const pack = (value, label) => packValue(value, label, undefined, carrier);
  try {
    const opened = turn.then(async () => [await open(fn), await open(args)]);
    turn = opened.catch(() => {});
    const [task, values] = await opened;
    return { id, result: pack(await task(...values), 'the result') };
  } catch (error) {
    try {
      return { id, error: pack(error, 'the error') };
    } catch (refusal) {
      return { id, error: pack(refusal, 'the error') };
    }
  }
}

if (parentPort) parentPort.on('message', async (call) => parentPort.postMessage(await answer(call, 'memory')));
else process.on('message', async (bytes) => process.send(v8.serialize(await answer(v8.deserialize(bytes), 'bytes'))));
`;

let bundle;

/** The receiver's text. */
export async function workerText() {
  bundle ??= build({
    stdin: { contents: entry, resolveDir: dist },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });
  // In a function of its own, so that none of its variables is a global one.
  return `(() => {${(await bundle).outputFiles[0].text}})();`;
}

const carriers = { thread: 'memory', process: 'bytes' };

export class Remote {
  warnings = [];
  graph;
  place;
  /** How many code texts went along with the last call. */
  codesSent = 0;
  #carrier;
  #wire;
  #calls = new Map();
  #next = 0;
  /** Hashes of the code that the receiver has. */
  #learned = new Set();

  /** `place` is `thread` or `process`; `node` is the program that such a process runs. */
  static async start(place = process.env.PLACE ?? 'thread', node = process.execPath) {
    return new Remote(await workerText(), place, node);
  }

  constructor(text, place, node) {
    this.place = place;
    this.#carrier = carriers[place];
    const end = { onMessage: this.#settle, onFailure: this.#fail };
    this.#wire = place === 'thread' ? openThread(text, end) : openProcess(text, end, node);
  }

  #settle = async ({ id, result, error }) => {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#wire.unref();
    try {
      if (result) return call.resolve(await open(result));
      const thrown = await open(error);
      if (typeof thrown?.stack === 'string') thrown.stack = mapStack(thrown.stack);
      call.reject(thrown);
    } catch (failure) {
      call.reject(failure);
    }
  };

  #fail = (failure) => {
    for (const call of this.#calls.values()) call.reject(failure);
    this.#calls.clear();
  };

  run = (fn, ...args) => {
    const shipped = ship(fn, { carrier: this.#carrier });
    this.warnings = shipped.warnings;
    this.graph = shipped.graph;
    const values = packValue(args, 'arguments', shipped, this.#carrier);
    this.codesSent = 0;
    const message = { id: this.#next++, fn: this.#withNewCodes(shipped), args: this.#withNewCodes(values) };
    return new Promise((resolve, reject) => {
      this.#calls.set(message.id, { resolve, reject, shipped });
      this.#wire.ref();
      this.#wire.send(message);
    });
  };

  #withNewCodes({ graph, codes }) {
    const unknown = Object.entries(codes).filter(([hash]) => !this.#learned.has(hash));
    for (const [hash] of unknown) this.#learned.add(hash);
    this.codesSent += unknown.length;
    return { graph, codes: Object.fromEntries(unknown) };
  }

  close() {
    return this.#wire.close();
  }
}

async function open({ graph, codes }) {
  learnCodes(codes);
  await prepare(graph);
  return rebuild(graph);
}
