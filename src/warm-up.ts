/**
 * A first call, made at import and thrown away: V8 compiles a function when it is called first, and to compile all those of a call in line
 * takes longer than the call. It starts nothing, and nobody can see it.
 */
import { type Call, type Crew, collect } from './calls.ts';
import { crewOf, Pool } from './pool.ts';
import { WORKER_MARKER } from './protocol.ts';

/** @param prepared How a door makes a call of its arguments. */
export function warmUp(prepared: (items: number[], fn: (x: number) => number, options: { readonly pool: Pool }) => Call): void {
  // In a worker calls run in line, in another way.
  if (WORKER_MARKER in globalThis) return;
  try {
    // Everything is said, so that nothing is asked of the environment or the machine.
    const pool = new Pool({ workers: 1, backend: 'threads', placing: 'auto' });
    const crew: Crew = { ...crewOf(pool), conductor: never, late: never, hostCrew: never };
    const call = prepared([1, 2, 3], (x) => x ** 2, { pool });
    collect(crew, call).catch(notForNow);
  } catch {
    notForNow();
  }
}

function never(): never {
  throw new Error('this is no call of the program');
}

/** What is amiss in this program is said to its own calls. */
function notForNow(): void {}
