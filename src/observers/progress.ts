/** Stand-in until the branch lands. */
import type { Observer } from '../observer.ts';
export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly failed: number;
  readonly total: number | undefined;
  readonly elapsedMs: number;
  readonly perSecond: number;
  readonly remainingMs: number | undefined;
  readonly ended: boolean;
}
export interface ProgressSettings {
  readonly label?: string;
  readonly total?: number;
}
export type ProgressOption = boolean | ProgressSettings | ((progress: Progress) => void);
export function isProgressOption(value: unknown): boolean {
  return typeof value !== 'symbol';
}
export function progressObserver(_o: unknown, _l: { now(): number; fail(error: unknown): void }): Observer {
  return {};
}
