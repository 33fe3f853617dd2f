/** The chunks that a worker holds, and how far it was with each when it has ended. */
import type { ChunkId, ChunkProgress } from '../core/events.ts';
import type { ChunkWatch } from './line.ts';

export interface Held {
  readonly from: number;
  /** Earlier, once its tail was taken back. */
  to: number;
  readonly cell: number;
  readonly watch: ChunkWatch;
  /** Nothing runs beside it. */
  readonly isAlone: boolean;
  /** Items before this index have been delivered. */
  deliveredTo: number;
  /** It has lost its end since it was sent. */
  shortened: boolean;
  /** Taken back whole: its worker will still answer, and nobody waits for it. */
  returned: boolean;
}

/** In the order in which they were sent. Chunks with nothing started are not listed: they run elsewhere with no attempt counted. */
export function howFarWas(held: ReadonlyMap<ChunkId, Held>): { readonly hasStarted: boolean; readonly progress: readonly ChunkProgress[] } {
  const all = [...held].map(([chunkId, one]) => ({ chunkId, started: one.watch.started, ...one }));
  const last = all.findLast(({ returned, started }) => !returned && started !== 0);
  const progress: ChunkProgress[] = [];
  for (const one of all) {
    const { chunkId, started, from, deliveredTo, shortened, returned, isAlone } = one;
    if (returned || started === 0) continue;
    // Another has started behind it: it had finished, and its end was in hand (see worker/ends.ts). It runs again like what has not started.
    if (isAlone && one !== last) continue;
    // The worker has died of reading items some of which are elsewhere by now: who is to blame shows when the others are read alone.
    if (started === -1 && shortened) continue;
    progress.push({ chunkId, finishedTo: deliveredTo, ...howFar(from, started) });
  }
  return { hasStarted: all.some(({ started }) => started !== 0), progress };
}

/** It may have died of what it was rebuilding, which is all of the chunk, or packing: nobody knows which item it was. */
function howFar(from: number, started: number): Pick<ChunkProgress, 'startedTo' | 'inDoubt'> {
  if (started === -1) return { startedTo: undefined };
  return started < 0 ? { startedTo: from - started - 1, inDoubt: true } : { startedTo: from + started };
}
