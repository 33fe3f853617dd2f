/** What all calls in line may take of one turn of the event loop together: with many calls there is still only one event loop. */
import { now } from '../run/clock.ts';

/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;
/** How long timers and sockets of the program wait for the loop. Beside it stand the copy of the items, and the room for the results. */
export const SLICE_MS = 4;
/** What a call may take where nothing is left: most are done in less, and to wait costs more. */
const AT_LEAST_MS = 0.1;
/** Less is not worth asking for the next turn: what is spent is then kept for longer than it was spent. */
const ASKS_FROM_MS = 1;

/** A call that goes on in the next turn. */
export interface Waiting {
  /** Whether it does not go on, such as by a signal: that is no matter of time. */
  readonly isOver: () => boolean;
  readonly goOn: () => void;
}

let spentMs = 0;
let isAsked = false;
let waiting: Waiting[] = [];

/** Milliseconds that a call may take now. */
export function leftMs(): number {
  return Math.max(AT_LEAST_MS, SLICE_MS - spentMs);
}

/** Whether so much of this turn is spent that the program should have its own before anybody goes on. */
export const isMostlySpent = (): boolean => spentMs > SLICE_MS / 2;

/** Some of this turn was spent from here on. */
export function spentSince(startedAt: number): void {
  spentMs += now() - startedAt;
  if (spentMs > ASKS_FROM_MS) ask();
}

/** Goes on when the event loop has had its turn, behind those that wait already. */
export function inNextTurn(turn: Waiting): void {
  waiting.push(turn);
  ask();
}

function ask(): void {
  if (isAsked) return;
  isAsked = true;
  later(newTurn);
}

/** Who gets no time stays before those who did; who is over is told at once. */
function newTurn(): void {
  isAsked = false;
  spentMs = 0;
  const turns = waiting;
  waiting = [];
  const kept: Waiting[] = [];
  for (const turn of turns) {
    if (spentMs < SLICE_MS || turn.isOver()) turn.goOn();
    else kept.push(turn);
  }
  if (kept.length === 0) return;
  waiting = [...kept, ...waiting];
  ask();
}
