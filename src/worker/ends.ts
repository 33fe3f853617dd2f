/**
 * Ends of quick chunks that go to the host together: a message costs both sides more than what is in it. They wait only where nobody waits
 * for a single result, and no longer than finished work may be in hand: what is lost of them with the worker runs again.
 */
import { AT_THE_END_MS, type RunMessage } from '../protocol.ts';
import { harmlessEnd, type ShortDone } from '../shorthand.ts';
import type { Output } from './part.ts';
import { packResults } from './values.ts';

/** A chunk that takes longer goes out at once, and takes the others along. */
const QUICK_MS = 0.5;
/** With the last of them it is below the two milliseconds that execute.ts keeps in hand. */
const IN_HAND_MS = 1;
/** More in one message gain nothing, and keep the host from sending the next. */
const TOGETHER = 10;
const now = performance.now.bind(performance);

/** Whether its end may wait for that of the next: whose time is watched is safe before another task starts. */
export function mayWait({ handOverMs, lanes, timed }: RunMessage, ranMs: number): boolean {
  return handOverMs >= AT_THE_END_MS && lanes <= 1 && !timed && ranMs < QUICK_MS;
}

export class Ends {
  readonly #send: (ends: readonly ShortDone[]) => void;
  #waiting: ShortDone[] = [];
  #since = 0;
  #jobId = 0;

  constructor(send: (ends: readonly ShortDone[]) => void) {
    this.#send = send;
  }

  /** What another call does on this worker, and how long, is nothing that this one's results should wait for. */
  before({ jobId }: RunMessage): void {
    if (jobId !== this.#jobId) this.send();
    this.#jobId = jobId;
  }

  /** Gives false where it is not for waiting: large, a failure, or what somebody could change meanwhile. */
  take({ chunkId, functions }: RunMessage, output: Output, ranMs: number): boolean {
    if (output.failed.length > 0 || !Array.isArray(output.results) || !output.results.every(isPrimitive)) return false;
    const { from } = output;
    const { packed, refused } = packResults(output, functions);
    const end = refused.length > 0 ? undefined : harmlessEnd({ chunkId, from, results: packed, failed: NONE }, ranMs);
    if (!end) return false;
    const at = now();
    if (this.#waiting.length === 0) this.#since = at - ranMs;
    this.#waiting.push(end);
    if (this.#waiting.length === TOGETHER || at - this.#since > IN_HAND_MS) this.send();
    return true;
  }

  get areWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  send(): void {
    const ends = this.#waiting;
    if (ends.length === 0) return;
    this.#waiting = [];
    this.#send(ends);
  }
}

/** To pack anything else may run code of the user's, which may end the worker, and somebody has to watch that. */
const isPrimitive = (value: unknown): boolean => (typeof value !== 'object' && typeof value !== 'function') || value === null;
const NONE: readonly never[] = [];
