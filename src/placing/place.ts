/** Places a call: in line where its function is proved cheap and pure, else on workers. */
import type { CallStyle } from '../backend.ts';
import type { Freight } from '../core/placing.ts';
import type { Note } from '../observer.ts';
import type { CallOptions } from '../options.ts';
import { Range } from '../range.ts';
import { checkMemory, copyOf } from '../run/array-source.ts';
import { deferred, resultsFor } from '../run/sinks.ts';
import { isTypedArray } from '../run/source.ts';
import { provenTogether } from './callees.ts';
import type { Facts } from './facts.ts';
import { isArrayOfItsOwn, isPlainList } from './items.ts';
import { stillOriginal } from './known.ts';
import {
  type Ground,
  type Loop,
  overArguments,
  overDoubles,
  overDoublesAlone,
  overItems,
  overItemsAlone,
  overRange,
  overRangeAlone,
} from './loops.ts';
import { proofOf } from './proof.ts';
import { rowCheck } from './rows.ts';
import { type SliceEnd, Slices } from './slices.ts';
import { inNextTurn, isMostlySpent } from './turns.ts';

/** What is to be placed: a call with checked options. */
export interface Placeable {
  readonly fn: unknown;
  readonly items: unknown;
  readonly style: CallStyle;
  readonly options: CallOptions;
  /** Other arguments than a function and items. */
  readonly prepare?: unknown;
}

/** What a placed call needs of its pool. */
export interface PlacingCrew {
  readonly workers: number;
  readonly hasSetup: boolean;
  readonly logs: unknown;
  /** Whether workers are up already. */
  areUp(): boolean;
  /** Throws when the pool takes no calls any more. */
  refuse(): void;
  /** Tells observers. */
  note(note: Note): void;
  /** Calls that run in line now. */
  readonly inLine: Set<InLineCall>;
}

/** A call while it runs in line, as its pool sees it. */
export interface InLineCall {
  /** Ends it with this error. */
  cancel(error: unknown): void;
  /** Resolves when it has ended, or has gone to workers. */
  readonly ended: Promise<void>;
}

export interface Ways {
  /** Whether a failure is an outcome. */
  readonly settles: boolean;
  /** Runs the call on workers, with these items. */
  readonly onWorkers: (items: unknown) => Promise<unknown>;
}

/** Options that only workers and jobs keep, or by which the caller says how it is to run there. */
const FOR_WORKERS = ['timeoutMs', 'retries', 'progress', 'onMessage', 'logs', 'chunkSize', 'concurrency', 'maxShipBytes', 'with'] as const;

/** Runs a call in line as far as that is sooner; undefined where it is for workers from the start. The first slice runs before this gives back. */
export function placed(crew: PlacingCrew, call: Placeable, ways: Ways): Promise<unknown> | undefined {
  const { fn, options } = call;
  if (typeof fn !== 'function' || call.prepare || crew.hasSetup || crew.logs !== 'inherit') return undefined;
  for (const name of FOR_WORKERS) if (options[name] !== undefined) return undefined;
  const own = proofOf(fn as Ground['fn']);
  const load = own && loadOf(call, ways.settles);
  if (!load) return undefined;
  crew.refuse();
  options.signal?.throwIfAborted();
  const proven = provenTogether(fn as Ground['fn'], own);
  if (!proven || !stillOriginal(proven.facts)) return undefined;
  const { facts } = proven;
  const { canRead = rowCheck(facts, load.size) } = load;
  const slices = new Slices({ fn: fn as Ground['fn'], settles: ways.settles, ...load, canRead });
  const end = slices.run();
  const tell = (where: 'inline' | 'workers', why: string) => crew.note({ type: 'placed', where, why });
  if (end === 'done' || end === 'failed') {
    tell('inline', 'it is short');
    return settled(end, slices);
  }
  const { workers } = crew;
  // What is captured may change while the event loop has its turn; workers get it as it is now.
  const why =
    end === 'odd'
      ? 'an item or a result is no plain value'
      : slices.isSoonerOnWorkers({ workers, areUp: crew.areUp() })
        ? 'they are sooner'
        : proven.isConstant()
          ? undefined
          : 'it captures variables that may change, and is not done in one slice';
  if (why !== undefined) {
    tell('workers', why);
    return undefined;
  }
  tell('inline', 'sending it takes longer than doing it');
  const items = ownCopy(call.items);
  slices.keep(items as ArrayLike<unknown>);
  return goOn(crew, slices, { facts, items, signal: options.signal, onWorkers: ways.onWorkers });
}

/**
 * At once; but where most of this turn is spent, in the next. Else a program that awaits one call after another would never have its timers run,
 * and its next call would find no time left.
 */
function settled(end: 'done' | 'failed', { results, error }: Slices): Promise<unknown> {
  const isDone = end === 'done';
  if (!isMostlySpent()) return isDone ? Promise.resolve(results) : Promise.reject(error);
  const next = deferred<unknown>();
  inNextTurn({ isOver: () => true, goOn: () => (isDone ? next.resolve(results) : next.reject(error)) });
  return next.promise;
}

interface Rest {
  readonly facts: Facts;
  readonly items: unknown;
  readonly signal: AbortSignal | undefined;
  readonly onWorkers: Ways['onWorkers'];
}

/** Slice after slice, until it is done or for workers after all. They begin anew: nobody can see that a pure function ran twice. */
function goOn(crew: PlacingCrew, slices: Slices, { facts, items, signal, onWorkers }: Rest): Promise<unknown> {
  const done = deferred<unknown>();
  const left = deferred<void>();
  let isOpen = true;
  const leave = (settle: () => void) => {
    isOpen = false;
    crew.inLine.delete(inLine);
    settle();
    left.resolve();
  };
  const inLine: InLineCall = { cancel: (error) => leave(() => done.reject(error)), ended: left.promise };
  crew.inLine.add(inLine);
  const toWorkers = () => leave(() => done.resolve(onWorkers(items)));
  const isClosed = () => {
    try {
      crew.refuse();
      return false;
    } catch {
      return true;
    }
  };
  const goOnHere = () => {
    if (!isOpen) return;
    if (signal?.aborted) return leave(() => done.reject(signal.reason));
    if (!stillOriginal(facts)) return toWorkers();
    const end: SliceEnd = slices.run();
    if (end === 'done') leave(() => done.resolve(slices.results));
    else if (end === 'failed') leave(() => done.reject(slices.error));
    else if (end === 'odd') toWorkers();
    // A pool that is being closed waits for what is in progress, and starts nothing.
    else if (!isClosed() && slices.isSoonerOnWorkers({ workers: crew.workers, areUp: crew.areUp() })) toWorkers();
    else inNextTurn(turn);
  };
  const { AsyncResource } = process.getBuiltinModule('node:async_hooks');
  const turn = {
    isOver: () => !isOpen || signal?.aborted === true,
    // In the context of the call: the turn is everybody's.
    goOn: AsyncResource.bind(() => {
      try {
        goOnHere();
      } catch (error) {
        leave(() => done.reject(error));
      }
    }) as () => void,
  };
  inNextTurn(turn);
  return done.promise;
}

interface Load {
  readonly items: ArrayLike<unknown>;
  readonly size: number;
  readonly loop: Loop;
  /** Absent where it takes the facts of the function to say. */
  readonly canRead?: Ground['canRead'];
  readonly out: Ground['out'] | undefined;
  readonly freight: Freight;
}

/** The items, and the loop for them; undefined for what only a job reads. */
function loadOf({ items, style }: Placeable, settles: boolean): Load | undefined {
  const alone = style === 'item';
  if (items instanceof Range) {
    if (style === 'spread') return undefined;
    const read = { items: items as unknown as ArrayLike<unknown>, size: items.length, canRead: never, out: undefined };
    return { ...read, loop: alone ? overRangeAlone : overRange, freight: 'number' };
  }
  if (isTypedArray(items)) {
    checkMemory(items);
    if (style === 'spread' || items instanceof BigInt64Array || items instanceof BigUint64Array) return undefined;
    const read = { items, size: items.length, canRead: never, freight: 'number' } as const;
    if (settles) return { ...read, out: undefined, loop: alone ? overItemsAlone : overItems };
    return { ...read, out: resultsFor(items) as Ground['out'], loop: alone ? overDoublesAlone : overDoubles };
  }
  if (!isArrayOfItsOwn(items)) return undefined;
  const [first] = items;
  const freight = typeof first === 'number' ? 'number' : typeof first === 'object' ? 'row' : 'text';
  const read = { items, size: items.length, out: undefined, freight } as const;
  if (style === 'spread') return { ...read, canRead: isPlainList, loop: overArguments };
  return { ...read, loop: alone ? overItemsAlone : overItems };
}

const never = () => false;

function ownCopy(items: unknown): unknown {
  if (items instanceof Range) return items;
  return isTypedArray(items) ? copyOf(items) : (items as unknown[]).slice();
}
