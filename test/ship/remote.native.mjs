// One worker that runs shipped functions, a thread or a process: the smallest possible receiver, bundled like the real worker.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { showStacksBy } from '../../dist/ship/arriving-stacks.js';
import { makeOwnInstancesBy } from '../../dist/ship/restoring.js';
import { ownInstances, packValue, repack, ship, userStack } from '../../dist/ship/ship.js';
import { learnCodes, prepare, rebuild } from '../../dist/ship/unship.js';
import { openProcess, openThread } from './wires.native.mjs';

makeOwnInstancesBy(ownInstances);
showStacksBy(userStack);

const dist = fileURLToPath(new URL('../../dist/ship', import.meta.url));

const entry = `
import { parentPort } from 'node:worker_threads';
import v8 from 'node:v8';
import { readSettingsBy, StatesDiffer } from './check-states.js';
import { settingsOf } from './ship.js';
import { learnCodes, prepare, rebuild } from './unship.js';

readSettingsBy(settingsOf);

async function open({ graph, codes }) {
  learnCodes(codes);
  await prepare(graph);
  return rebuild(graph);
}

let turn = Promise.resolve(); // calls are rebuilt in the order of their arrival, and run at the same time
async function answer({ id, fn, args }, carrier) {
  const { packValue } = await import('./ship.js');
  const pack = (value, label) => packValue(value, label, { carrier });
  try {
    const opened = turn.then(async () => [await open(fn), await open(args)]);
    turn = opened.catch(() => {});
    const [task, values] = await opened;
    return { id, result: pack(await task(...values), 'the result') };
  } catch (error) {
    if (error instanceof StatesDiffer) return { id, differences: error.differences };
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

  #settle = async ({ id, result, error, differences }) => {
    const call = this.#calls.get(id);
    if (differences) return this.#sendAnew(id, call, differences);
    this.#calls.delete(id);
    if (this.#calls.size === 0) this.#wire.unref();
    try {
      if (result) return call.resolve(await open(result));
      const thrown = await open(error);
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
    this.warnings = shipped.warnings.map(({ text }) => text);
    this.graph = shipped.graph;
    this.codesSent = 0;
    const message = { id: this.#next++, ...this.#pack(shipped, args) };
    return new Promise((resolve, reject) => {
      this.#calls.set(message.id, { resolve, reject, shipped, args });
      this.#wire.ref();
      this.#wire.send(message);
    });
  };

  #pack(shipped, args) {
    const values = packValue(args, 'arguments', { within: shipped, carrier: this.#carrier });
    return { fn: this.#withNewCodes(shipped), args: this.#withNewCodes(values) };
  }

  /** What travelled by name is configured otherwise there. */
  #sendAnew(id, { reject, shipped, args }, differences) {
    try {
      repack(shipped, differences);
      this.#wire.send({ id, ...this.#pack(shipped, args) });
    } catch (refusal) {
      this.#calls.delete(id);
      reject(refusal);
    }
  }

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
