/** What the text of a function says of it. */
import type { Reliance } from './known.ts';

/** What was found out about a function. */
export interface Facts extends Reliance {
  /** Names that are neither its own nor known globals, and are used as values. */
  readonly captures: ReadonlySet<string>;
  /** Such names that are called, and in how many places. */
  readonly calls: ReadonlyMap<string, number>;
  /** Of those, the ones that are given an item as it is: they read what they read of it. */
  readonly takers: ReadonlySet<string>;
  /** Whether a parameter is used as a whole, not only by its properties. */
  readonly usesWhole: boolean;
  /** Whether it computes the names of properties or takes lists apart: then what it is given must be plain data all through. */
  readonly looksInside: boolean;
}
