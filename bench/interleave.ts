/** Contenders in turn, A B C, B C A, C A B …, so that what changes on the machine meanwhile hits all alike. */
import { type Machine, watchCores } from './machine.ts';
import type { Contender } from './workload.ts';

/** Below six figures there is no interval of 95 %. */
export const LEAST_TURNS = 6;

export interface Patience {
  /** Undisturbed turns wanted. */
  readonly turns: number;
  /** A busy machine may never be quiet: after this many turns we take what there is. */
  readonly mostTurns: number;
  /** How long, over all turns, to wait for a quiet moment to begin one. */
  readonly waitMs: number;
}

export interface Turns {
  /** By contender: its figure in each turn that counts, the same turn at the same place. */
  readonly figures: Readonly<Record<string, readonly number[]>>;
  readonly taken: number;
  readonly disturbed: number;
  /** Whether the disturbed turns were left out; they count when too few would be left. */
  readonly dropped: boolean;
  readonly coresTaken: number;
}

interface Turn {
  readonly figures: Readonly<Record<string, number>>;
  readonly slowestSpinMs: number;
}

export async function interleave(contenders: Readonly<Record<string, Contender>>, patience: Patience, machine: Machine): Promise<Turns> {
  const names = Object.keys(contenders);
  const turns: Turn[] = [];
  const coresTaken = watchCores();
  const quiet = () => turns.filter(({ slowestSpinMs }) => slowestSpinMs <= machine.limitMs);
  let waitMs = patience.waitMs;
  while (quiet().length < patience.turns && turns.length < patience.mostTurns) {
    waitMs -= await machine.waitForQuiet(waitMs);
    const first = turns.length % names.length;
    turns.push(await takeTurn([...names.slice(first), ...names.slice(0, first)], contenders, machine));
  }
  const clean = quiet();
  const dropped = clean.length >= Math.min(patience.turns, LEAST_TURNS);
  const counted = dropped ? clean : turns;
  return {
    figures: Object.fromEntries(names.map((name) => [name, counted.map(({ figures }) => figures[name]!)])),
    taken: turns.length,
    disturbed: turns.length - clean.length,
    dropped,
    coresTaken: coresTaken(),
  };
}

async function takeTurn(order: readonly string[], contenders: Readonly<Record<string, Contender>>, machine: Machine): Promise<Turn> {
  const figures: Record<string, number> = {};
  let slowestSpinMs = await machine.probeSettled();
  for (const name of order) {
    figures[name] = await contenders[name]!();
    slowestSpinMs = Math.max(slowestSpinMs, await machine.probeSettled());
  }
  return { figures, slowestSpinMs };
}
