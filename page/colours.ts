/** Colours and marks of the methods: told apart by colour-blind readers, in light and dark, and in print by their marks alone. */

/** Marks that differ in outline. */
export type SymbolType = 'circle' | 'triangle' | 'square' | 'diamond' | 'star';

/** What one method looks like. The colour is a variable, which the page and a saved chart define for light and for dark. */
export interface Look {
  readonly colour: string;
  readonly symbol: SymbolType;
}

/** By variable: the colour on light and on dark ground. The hues are Okabe and Ito's, which keep apart for every kind of colour blindness. */
export const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  '--loop': ['#59636e', '#a8b3bf'],
  '--method-0': ['#0069b4', '#5ab4f8'],
  '--method-1': ['#d05a00', '#ff9a57'],
  '--method-2': ['#007f5f', '#3fcea5'],
  '--method-3': ['#a5478c', '#e793cd'],
  '--method-4': ['#8a6a00', '#e3b541'],
  '--ink': ['#1f2328', '#e6edf3'],
  '--soft': ['#59636e', '#9da7b3'],
  '--grid': ['#d8dee4', '#30363d'],
  '--ground': ['#ffffff', '#0d1117'],
};

const SYMBOLS: readonly SymbolType[] = ['circle', 'triangle', 'square', 'diamond', 'star'];
const HUES = 5;
/** The package's own look the same on every page, whichever of them are there. */
const PLACES: Readonly<Record<string, number>> = { 'Pool.map': 0, Parallel: 1, 'new Pool': 2, map: 3 };

/** The loop is the baseline and has no hue. `methods` are all that stand on the page; the others share the hues that are left. */
export function lookOf(method: string, methods: readonly string[]): Look {
  if (method === 'loop') return { colour: 'var(--loop)', symbol: 'square' };
  const own = methods.filter((name) => Object.hasOwn(PLACES, name)).map((name) => PLACES[name]!);
  const left = Array.from({ length: HUES }, (_, i) => HUES - 1 - i).filter((place) => !own.includes(place));
  const others = methods.filter((name) => name !== 'loop' && !Object.hasOwn(PLACES, name));
  const nth = others.indexOf(method);
  const place = Object.hasOwn(PLACES, method) ? PLACES[method]! : left[nth % left.length]!;
  // Where a hue comes again, its mark is another.
  const round = nth < 0 ? 0 : Math.floor(nth / left.length);
  return { colour: `var(--method-${place})`, symbol: SYMBOLS[(place + round) % SYMBOLS.length]! };
}

/** The variables as CSS, for one ground. */
export function variables(ground: 'light' | 'dark'): string {
  return Object.entries(COLOURS)
    .map(([name, [light, dark]]) => `${name}:${ground === 'light' ? light : dark}`)
    .join(';');
}
