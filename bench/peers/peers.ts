/** The pools that JavaScript has, each with two workers, as their own pages start them. */
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { FixedThreadPool } from 'poolifier';
import Tinypool from 'tinypool';
import workerpool from 'workerpool';
import { msOf, mustBe } from '../workload.ts';
import type { TaskName, Work } from './tasks.ts';

export const WORKERS = 2;
const MOST_TO_CLOSE_MS = 3000;

export interface Peer {
  /** One message to a worker and its answer. What is listed in `moved` is not copied. */
  send(work: Work, moved?: readonly ArrayBuffer[]): Promise<unknown>;
  close(): Promise<unknown>;
}

const START = {
  piscina(): Peer {
    const pool = new Piscina({ filename: file('piscina'), minThreads: WORKERS, maxThreads: WORKERS });
    return { send: (work, moved) => pool.run(work, moved && { transferList: [...moved] }), close: () => pool.destroy() };
  },
  tinypool(): Peer {
    const pool = new Tinypool({ filename: file('tinypool'), minThreads: WORKERS, maxThreads: WORKERS });
    return { send: (work, moved) => pool.run(work, moved && { transferList: [...moved] }), close: () => pool.destroy() };
  },
  workerpool(): Peer {
    const pool = workerpool.pool(file('workerpool'), { minWorkers: WORKERS, maxWorkers: WORKERS, workerType: 'thread' });
    return {
      // Its promises are its own.
      send: async (work, moved) => await pool.exec('done', [work], moved && { transfer: [...moved] }),
      close: async () => await pool.terminate(),
    };
  },
  poolifier(): Peer {
    const pool = new FixedThreadPool<Work, unknown>(WORKERS, file('poolifier'));
    return { send: (work, moved) => pool.execute(work, undefined, undefined, moved), close: () => pool.destroy() };
  },
} satisfies Readonly<Record<string, () => Peer>>;

export type PeerName = keyof typeof START;
export const PEERS = Object.keys(START) as PeerName[];

/** Names of contenders, for bars. */
export const byHand = (peer: string): string => `${peer}, by hand`;
export const BEST_BY_HAND = PEERS.map(byHand);

export class Peers {
  readonly #peers: Readonly<Record<string, Peer>>;

  constructor(names: readonly PeerName[] = PEERS) {
    this.#peers = Object.fromEntries(names.map((name) => [name, START[name]()]));
  }

  /** Cut by hand, `perWorker` messages for each worker, joined again. */
  byHand(task: TaskName, items: readonly unknown[], check: (results: readonly unknown[]) => void, perWorker = 4) {
    const cut = shares(items, WORKERS * perWorker);
    return this.#contenders(byHand, async ({ send }) => {
      const results = await Promise.all(cut().map((share) => send({ task, items: share })));
      check(([] as unknown[]).concat(...(results as unknown[][])));
    });
  }

  /** The same with numbers in typed arrays, which are moved there and back. */
  moved(task: TaskName, items: Float64Array, check: (results: Float64Array) => void, perWorker = 4) {
    const cut = shares(items, WORKERS * perWorker);
    return this.#contenders(byHand, async ({ send }) => {
      const all = new Float64Array(items.length);
      let at = 0;
      const parts = await Promise.all(cut().map((share) => send({ task, items: share }, [share.buffer as ArrayBuffer])));
      for (const part of parts as Float64Array[]) {
        all.set(part, at);
        at += part.length;
      }
      check(all);
    });
  }

  /** One message for each item, all at once. */
  perItem(task: TaskName, items: readonly unknown[], check: (results: readonly unknown[]) => void) {
    return this.#contenders(
      (name) => `${name}, per item`,
      async ({ send }) => check(await Promise.all(items.map((item) => send({ task, item })))),
    );
  }

  /** Lone calls, one after the other; `measure` says what comes of them. */
  trips(measure: (trip: (x: number) => Promise<unknown>) => Promise<number>): Record<string, () => Promise<number>> {
    return Object.fromEntries(
      Object.entries(this.#peers).map(([name, { send }]) => [name, () => measure((x) => send({ task: 'next', item: x }))]),
    );
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#peers).map((peer) => Promise.race([peer.close(), closedByNow()])));
  }

  #contenders(nameOf: (peer: string) => string, run: (peer: Peer) => Promise<void>): Record<string, () => Promise<number>> {
    return Object.fromEntries(Object.entries(this.#peers).map(([name, peer]) => [nameOf(name), () => msOf(() => run(peer))]));
  }
}

/** Contiguous shares, cut when they are wanted: cutting is part of the work. */
function shares<T extends readonly unknown[] | Float64Array>(items: T, count: number): () => T[] {
  const size = Math.max(1, Math.ceil(items.length / count));
  return () => Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size) as T);
}

function file(peer: string): string {
  return fileURLToPath(new URL(`./${peer}-worker.js`, import.meta.url));
}

/** Results are those of the loop: so many, the first and the last. */
export function like(name: string, expected: ArrayLike<unknown>): (results: ArrayLike<unknown>) => void {
  const { length } = expected;
  return (results) =>
    mustBe(name, results.length === length && Object.is(results[0], expected[0]) && Object.is(results[length - 1], expected[length - 1]));
}

/** Poolifier's promise of its end does not always settle, seen with 5.3.2: a bench that waits for it never ends. */
function closedByNow(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, MOST_TO_CLOSE_MS));
}
