/** `transfer`: values that move to another thread instead of being copied. */
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { show } from './show.ts';

/** What moves with a value, and what its memory measured: a buffer without bytes that had some has been moved. */
interface Move {
  readonly list: readonly Movable[];
  readonly bytes: readonly (number | undefined)[];
}

/** What a message can move: memory, or the end of a channel. */
export type Movable = ArrayBuffer | import('node:worker_threads').MessagePort;

const KEY = Symbol.for('allcores.transfers/1');
const everywhere = globalThis as { [KEY]?: { moves: WeakMap<object, Move> | undefined } };
/** One per thread, also when two copies of the package are loaded in it. There is none until something is to move. */
everywhere[KEY] ??= { moves: undefined };
const here = everywhere[KEY];

/**
 * Marks an item, or in a task a result, that its thread does not need any more: its memory moves to the other thread instead of being
 * copied, and is gone here afterwards. Gives the value itself.
 *
 * An item that has moved runs once: a failure is final whatever `retries` says, and where its worker is lost before it ran, its task fails.
 * Its chunk stays with its worker, so an idle one cannot take it over. On processes and in line nothing moves: it is the value as usual.
 *
 * @param value An ArrayBuffer, a typed array, or an object or array that holds some.
 * @param list What moves. By default the memory of the value itself, and of what its properties or elements are.
 * @example const pixels = await map(files.map((file) => transfer(readImage(file))), (image) => transfer(blur(image)));
 * @throws UsageError for a value that is no object.
 */
export function transfer<T extends object>(value: T, list?: readonly Movable[]): T {
  if (typeof value !== 'object' || value === null) {
    throw new UsageError(
      'BAD_ARGUMENT',
      `transfer: the value is ${show(value)}; it must be an object that holds memory, as in transfer(new Float64Array(1000))`,
    );
  }
  const moved = list ?? memoryOf(value);
  here.moves ??= new WeakMap();
  if (moved.length > 0)
    here.moves.set(value, { list: moved, bytes: moved.map((m) => (m instanceof ArrayBuffer ? m.byteLength : undefined)) });
  return value;
}

function memoryOf(value: object): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (part: unknown) => {
    const memory = ArrayBuffer.isView(part) ? part.buffer : part;
    if (memory instanceof ArrayBuffer) found.add(memory);
  };
  look(value);
  if (!ArrayBuffer.isView(value)) Object.values(value).forEach(look);
  return [...found];
}

/** Arguments of a call, of which each may be to move. */
const FEW = 16;

function movesOf(value: unknown): Move[] {
  if (!here.moves || typeof value !== 'object' || value === null) return NONE;
  const own = here.moves.get(value);
  if (own) return [own];
  return Array.isArray(value) && value.length <= FEW
    ? value.flatMap((part: unknown) => (Array.isArray(part) ? NONE : movesOf(part)))
    : NONE;
}

const NONE: Move[] = [];

/** @internal What is to move with these values; undefined where nothing is. */
export function toMove(values: ArrayLike<unknown>): Set<Movable> | undefined {
  if (!here.moves || ArrayBuffer.isView(values)) return undefined;
  let all: Set<Movable> | undefined;
  for (let i = 0; i < values.length; i++)
    for (const { list } of movesOf(values[i]))
      for (const part of list) {
        all ??= new Set();
        all.add(part);
      }
  return all;
}

/** @internal Whether the value has moved away. */
export function hasMoved(value: unknown): boolean {
  return movesOf(value).some(({ list, bytes }) =>
    list.some((part, i) => part instanceof ArrayBuffer && part.byteLength === 0 && bytes[i] !== 0),
  );
}

ownExports({ transfer });
