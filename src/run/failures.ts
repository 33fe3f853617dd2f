/** Where a task failed: kept beside the error, not in it, so that the error stays the user's own. */
import { ownExports } from '../own-exports.ts';

/** Where and when a task failed. */
export interface FailurePlace {
  /** Index of its item. */
  readonly index: number;
  /** The item, shortened to one line. */
  readonly preview: string;
  /** The worker it ran on, such as `t2`; undefined when it never reached one. */
  readonly worker: string | undefined;
  /** 1 for the first try. */
  readonly attempt: number;
}

const places = new WeakMap<object, FailurePlace>();

/** Remembers where an error came from. A primitive that was thrown has no identity to remember. */
export function rememberPlace(error: unknown, place: FailurePlace): void {
  if ((typeof error === 'object' && error !== null) || typeof error === 'function') places.set(error, place);
}

/**
 * Tells which item an error of `map`, `Pool` and the others came from.
 *
 * @example catch (e) { console.error(whereFailed(e)?.index) }
 * @returns undefined for an error that no task threw.
 */
export function whereFailed(error: unknown): FailurePlace | undefined {
  return (typeof error === 'object' && error !== null) || typeof error === 'function' ? places.get(error) : undefined;
}

const PREVIEW_LENGTH = 100;

/** An item in one short line. */
export function preview(item: unknown): string {
  let text: string;
  try {
    text = inspected(item);
  } catch {
    return 'an item that cannot be shown';
  }
  return text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH - 1)}…` : text;
}

/** Without the item's own inspection: it would run the user's code in the middle of ours. */
function inspected(item: unknown): string {
  return process.getBuiltinModule('node:util').inspect(item, {
    customInspect: false,
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
    maxArrayLength: 5,
    maxStringLength: 60,
  });
}

ownExports({ whereFailed });
