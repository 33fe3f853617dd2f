import type { Pool } from '../../../dist/index.js';
import type { Remote } from '../remote.native.mjs';

export type Recipe = object;
export interface Way {
  readonly carrier: 'memory' | 'bytes';
}
export declare const ways: { readonly 'cloned to a thread': Way; readonly 'as bytes': Way };
export declare function goesThere(recipe: Recipe, way: Way): Promise<void>;
export declare function comesBack(recipe: Recipe, remote: Remote): Promise<void>;
export declare function passesDoor(recipe: Recipe, pool: Pool): Promise<void>;
export declare function fuzz(
  test: (recipe: Recipe) => Promise<void>,
  options: { readonly cases: number; readonly seed: number; readonly slow?: boolean },
): Promise<void>;
