/** Where work is done sooner: in line, or on workers. The rule of the break-even, from what the first slice has shown. */

/** What the items are, for what it costs to send them. */
export type Freight = 'number' | 'text' | 'row';

export interface PlacingFacts {
  /** Items that are left in line. */
  readonly left: number;
  /** Items that workers would run: all of them, because they begin anew. */
  readonly all: number;
  /** What an item took in line, in milliseconds. */
  readonly itemMs: number;
  readonly freight: Freight;
  readonly workers: number;
  /** Whether workers are up already. */
  readonly areUp: boolean;
}

/** There and back, in milliseconds for each item, of which the host has its part: what `npm run bench` measures for automatic chunks. */
const FREIGHT_MS: Readonly<Record<Freight, number>> = { number: 0.00002, text: 0.0003, row: 0.0008 };
/** What a call on workers costs beside its items. */
const CALL_MS = 1;
/** Until the first worker that starts has an answer. */
const START_MS = 50;
/** Whose gain is less than this part of the time stays where it is: the estimate is no better. */
const GAIN_AT_LEAST = 0.1;

/** Whether workers would be done so much sooner that it is worth the way. */
export function isSoonerOnWorkers({ left, all, itemMs, freight, workers, areUp }: PlacingFacts): boolean {
  const inLineMs = left * itemMs;
  const perItemMs = Math.max(itemMs / workers, FREIGHT_MS[freight]);
  const onWorkersMs = (areUp ? CALL_MS : CALL_MS + START_MS) + all * perItemMs;
  return onWorkersMs < inLineMs * (1 - GAIN_AT_LEAST);
}
