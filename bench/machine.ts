/** Whether the machine is ours: a fixed spin on every core at once, before and after each contender, and a look at what others take. */
import { availableParallelism, cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { calibrate, spin } from './spin.ts';

const SPIN_MS = 3;
/** V8 sweeps on threads of its own after a collection; measured, the spin is undisturbed again after this long. */
const SETTLE_MS = 15;
/** Threads that have slept may wake on the same core and take twice as long until they are moved: one slow spin is no disturbance. */
const MOST_SPINS = 5;
const LOOK_AGAIN_MS = 100;
/** A spin this much longer than the quick ones of the same run means that somebody else had a core. */
const DISTURBED = 1.3;
/** The share of spins that count as quick: on a busy machine most are not. */
const QUICK_SHARE = 0.1;

const SPINNER = `
const { workerData: { cells, iterations } } = require('node:worker_threads');
const spin = ${spin.toString()};
// The number of rounds asked for is in cell 0, the number done in cell 1. Between them the thread sleeps.
for (let round = 0; ; round++) {
  Atomics.wait(cells, 0, round);
  spin(iterations);
  Atomics.store(cells, 1, round + 1);
  Atomics.notify(cells, 1);
}`;

export class Machine {
  readonly #iterations = calibrate(SPIN_MS);
  readonly #helpers: { worker: Worker; cells: Int32Array }[] = [];
  readonly #spinsMs: number[] = [];
  readonly #collectGarbage: () => void;

  constructor() {
    for (let core = 1; core < availableParallelism(); core++) {
      const cells = new Int32Array(new SharedArrayBuffer(8));
      const worker = new Worker(SPINNER, { eval: true, execArgv: [], workerData: { cells, iterations: this.#iterations } });
      worker.unref();
      this.#helpers.push({ worker, cells });
    }
    // At run time and not as a flag of the process, which workers would inherit.
    setFlagsFromString('--expose-gc');
    this.#collectGarbage = runInNewContext('gc') as () => void;
  }

  /** One contender's garbage is not the next one's pause; and what our own threads have still to finish is not taken for somebody else. */
  async settle(): Promise<void> {
    this.#collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /**
   * A spin after a pause. Where it is disturbed, another after a longer one: workers and children that have just ended are still being taken apart,
   * and that is nobody else. Whoever has a core of ours for long still has it then.
   */
  async probeSettled(): Promise<number> {
    await this.settle();
    const spinMs = this.probe();
    if (spinMs <= this.limitMs) return spinMs;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    return this.probe();
  }

  /** Returns when a spin is undisturbed, or after `atMostMs`; gives how long it waited. */
  async waitForQuiet(atMostMs: number): Promise<number> {
    const startedAt = performance.now();
    while (this.probe() > this.limitMs && performance.now() - startedAt < atMostMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    return performance.now() - startedAt;
  }

  /** Spins on all cores at once until one spin is undisturbed, a few times at most; gives how long the slowest core took the best time. */
  probe(): number {
    let bestMs = this.#spinOnce();
    for (let again = 1; again < MOST_SPINS && !(bestMs <= this.limitMs); again++) bestMs = Math.min(bestMs, this.#spinOnce());
    this.#spinsMs.push(bestMs);
    return bestMs;
  }

  #spinOnce(): number {
    const startedAt = performance.now();
    for (const { cells } of this.#helpers) {
      Atomics.add(cells, 0, 1);
      Atomics.notify(cells, 0);
    }
    spin(this.#iterations);
    for (const { cells } of this.#helpers) {
      const asked = Atomics.load(cells, 0);
      for (let done = Atomics.load(cells, 1); done < asked; done = Atomics.load(cells, 1)) Atomics.wait(cells, 1, done);
    }
    return performance.now() - startedAt;
  }

  /** Above this a spin was disturbed. Moves as quicker spins are seen. */
  get limitMs(): number {
    const sorted = this.#spinsMs.toSorted((a, b) => a - b);
    return (sorted[Math.floor(sorted.length * QUICK_SHARE)] ?? 0) * DISTURBED;
  }

  async close(): Promise<void> {
    await Promise.all(this.#helpers.map(({ worker }) => worker.terminate()));
  }
}

/** Cores that others kept busy since the call, on average; children of this process count as others while they run. */
export function watchCores(): () => number {
  const idleMs = () => cpus().reduce((sum, { times }) => sum + times.idle, 0);
  const startedAt = performance.now();
  const idleAtStartMs = idleMs();
  const oursAtStart = process.cpuUsage();
  return () => {
    const tookMs = performance.now() - startedAt;
    const ours = process.cpuUsage(oursAtStart);
    const busyCores = cpus().length - (idleMs() - idleAtStartMs) / tookMs;
    return Math.max(0, busyCores - (ours.user + ours.system) / 1000 / tookMs);
  };
}
