/** `transfer`: values that move to another thread instead of being copied. */
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { show } from './show.ts';

/** What moves with a value. */
type Move = readonly Movable[];

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
 * What has moved once cannot move again: marked a second time, it is refused where it is to travel, and its task fails.
 * @throws UsageError for a value that is no object, and for a list of anything but ArrayBuffers and MessagePorts.
 */
export function transfer<T extends object>(value: T, list?: readonly Movable[]): T {
  if (typeof value !== 'object' || value === null) {
    throw new UsageError(
      'BAD_ARGUMENT',
      `transfer: the value is ${show(value)}; it must be an object that holds memory, as in transfer(new Float64Array(1000))`,
    );
  }
  const moved = list === undefined ? memoryOf(value) : checked(list);
  here.moves ??= new WeakMap();
  if (moved.length > 0) here.moves.set(value, moved);
  return value;
}

/** A copy: what is added to the list later has not been looked at. */
function checked(list: readonly unknown[]): Movable[] {
  const example = 'as in transfer(image, [image.pixels.buffer])';
  if (!Array.isArray(list)) throw new UsageError('BAD_ARGUMENT', `transfer: the list is ${show(list)}; it must be an array, ${example}`);
  return Array.from(list, (part: unknown, i) => {
    if (part instanceof ArrayBuffer || isPort(part)) return part;
    const what = ArrayBuffer.isView(part) ? `${show(part)}: what moves is its .buffer` : show(part);
    throw new UsageError('BAD_ARGUMENT', `transfer: list[${i}] is ${what}. Only ArrayBuffers and MessagePorts can move, ${example}`);
  });
}

/** By what it can do: a program that asks for no channel need not load them. */
function isPort(value: unknown): value is Exclude<Movable, ArrayBuffer> {
  const port = value as Partial<Exclude<Movable, ArrayBuffer>> | null | undefined;
  return typeof value === 'object' && typeof port?.postMessage === 'function' && typeof port.start === 'function';
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
    for (const list of movesOf(values[i]))
      for (const part of list) {
        all ??= new Set();
        all.add(part);
      }
  return all;
}

/** @internal Whether the value has moved away. */
export function hasMoved(value: unknown): boolean {
  return movesOf(value).some((list) => list.some((part) => part instanceof ArrayBuffer && isDetached(part)));
}

/** @internal Whether memory has moved to another thread, and is not here any more. Node 20 does not say so by itself. */
export function isDetached(memory: ArrayBufferLike): boolean {
  if (memory.byteLength > 0) return false;
  try {
    new Uint8Array(memory);
    return false;
  } catch {
    return true;
  }
}

ownExports({ transfer });
