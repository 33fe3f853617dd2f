// One worker thread that runs shipped functions: the smallest possible receiver, bundled like the real worker.

import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { showStacksBy } from '../../dist/ship/arriving-stacks.js';
import { makeOwnInstancesBy } from '../../dist/ship/restoring.js';
import { ownInstances, packValue, ship, userStack } from '../../dist/ship/ship.js';
import { learnCodes, prepare, rebuild } from '../../dist/ship/unship.js';

makeOwnInstancesBy(ownInstances);
showStacksBy(userStack);

const dist = fileURLToPath(new URL('../../dist/ship', import.meta.url));

const entry = `
import { parentPort } from 'node:worker_threads';
import { learnCodes, prepare, rebuild } from './unship.js';

async function open({ graph, codes }) {
  learnCodes(codes);
  await prepare(graph);
  return rebuild(graph);
}

let turn = Promise.resolve(); // calls are rebuilt in the order of their arrival, and run at the same time
parentPort.on('message', async ({ id, fn, args }) => {
  const { packValue } = await import('./ship.js');
  let message;
  try {
    const opened = turn.then(async () => [await open(fn), await open(args)]);
    turn = opened.catch(() => {});
    const [task, values] = await opened;
    message = { id, result: packValue(await task(...values), 'the result') };
  } catch (error) {
    try {
      message = { id, error: packValue(error, 'the error') };
    } catch (refusal) {
      message = { id, error: packValue(refusal, 'the error') };
    }
  }
  parentPort.postMessage(message);
});
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
  return (await bundle).outputFiles[0].text;
}

export class Remote {
  warnings = [];
  graph;
  #worker;
  #calls = new Map();
  #next = 0;

  static async start() {
    return new Remote(await workerText());
  }

  constructor(text) {
    this.#worker = new Worker(text, { eval: true, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', async ({ id, result, error }) => {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (this.#calls.size === 0) this.#worker.unref();
      try {
        if (result) return call.resolve(await open(result));
        const thrown = await open(error);
        call.reject(thrown);
      } catch (failure) {
        call.reject(failure);
      }
    });
    this.#worker.on('error', (failure) => {
      for (const call of this.#calls.values()) call.reject(failure);
    });
  }

  run = (fn, ...args) => {
    const shipped = ship(fn);
    this.warnings = shipped.warnings.map(({ text }) => text);
    this.graph = shipped.graph;
    const message = {
      id: this.#next++,
      fn: { graph: shipped.graph, codes: shipped.codes },
      args: packValue(args, 'arguments', { within: shipped }),
    };
    return new Promise((resolve, reject) => {
      this.#calls.set(message.id, { resolve, reject, shipped });
      this.#worker.ref();
      this.#worker.postMessage(message);
    });
  };

  close() {
    return this.#worker.terminate();
  }
}

async function open({ graph, codes }) {
  learnCodes(codes);
  await prepare(graph);
  return rebuild(graph);
}
