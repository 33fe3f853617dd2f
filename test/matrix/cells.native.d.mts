import type { WorkerBackend } from '../backends.native.mjs';

export interface Cell {
  readonly backend: WorkerBackend;
  readonly fault: string;
  readonly place: string;
  readonly outcome: 'item' | 'call' | 'fine' | 'host' | 'none';
  /** Of the error. */
  readonly name?: string;
  readonly code?: string;
  /** What its message must hold. */
  readonly says?: readonly RegExp[];
  /** The code of the warning that tells. */
  readonly warning?: string;
  /** What ends the host. */
  readonly signal?: NodeJS.Signals;
  /** How the host may end instead, and what it says on stderr then. */
  readonly mayEndHost?: { readonly signal: NodeJS.Signals; readonly words: RegExp };
  /** Why there is nothing to promise. */
  readonly reason?: string;
}
export const GUILTY: number;
export const cells: readonly Cell[];
