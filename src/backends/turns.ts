/**
 * How long this thread hears what workers send before timers, sockets and the rest of the program have their turn. All lines share one turn:
 * with many workers there is still only one event loop.
 */

/** Long enough that turning costs nothing beside it. */
const TURN_MS = 2;
/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;
const now = performance.now.bind(performance);

let endsAt = Number.NEGATIVE_INFINITY;
let next: (() => void)[] = [];

/** Whether those who hear should go on in the next turn. */
export function turnIsOver(): boolean {
  const at = now();
  if (endsAt === Number.NEGATIVE_INFINITY) {
    endsAt = at + TURN_MS;
    later(newTurn);
  }
  return at > endsAt;
}

/** Goes on in the next turn, behind those that have waited longer. */
export function inNextTurn(goOn: () => void): void {
  next.push(goOn);
}

function newTurn(): void {
  endsAt = Number.NEGATIVE_INFINITY;
  const waiting = next;
  next = [];
  for (const goOn of waiting) goOn();
}
