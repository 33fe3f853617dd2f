/** Native cases that do not pass in some mode or place, each with its reason. One that passes nevertheless fails its test. */
import type { Mode } from './modes.ts';
import type { Place } from './remote.native.mjs';

export interface Exception {
  /** Theme and name. */
  readonly case: readonly [theme: string, name: string];
  readonly reason: string;
  /** Where it does not pass; everywhere when not given. */
  readonly mode?: Mode;
  readonly place?: Place;
  /** The Node versions on which it does not pass. */
  readonly nodes?: (major: number) => boolean;
}

export const exceptions: readonly Exception[] = [];

const major = Number(process.versions.node.split('.')[0]);

export function exceptionFor(mode: Mode, place: Place, theme: string, name: string): Exception | undefined {
  return exceptions.find(
    (one) =>
      one.case[0] === theme &&
      one.case[1] === name &&
      (one.mode ?? mode) === mode &&
      (one.place ?? place) === place &&
      (one.nodes?.(major) ?? true),
  );
}
