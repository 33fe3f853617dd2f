import { expect } from 'vitest';

/** One small program in every dialect, with what people use in tasks: the same in every row of docs/tools.md. */

export interface Dialect {
  /** `import` and `import.meta.url`, or `require` and `__filename`. */
  readonly module: 'esm' | 'cjs';
  /** CommonJS may be written with `import`, for a tool that compiles it. */
  readonly syntax?: 'import' | 'require';
  readonly typed: boolean;
  /** How the own module beside it is named. */
  readonly own: string;
}

/** What the program prints as JSON. */
export interface Printed {
  readonly constant: readonly number[];
  readonly own: readonly number[];
  readonly instance: readonly number[];
  readonly returned: boolean;
  readonly nested: readonly number[];
  readonly here: boolean;
  readonly dynamic: number;
  readonly thisOfArrow: number | string;
  readonly error: { readonly isOwnClass: boolean; readonly message: string; readonly stack: string };
}

/** Everything but the stack, which has names of files in it. */
export const worksEverywhere = {
  constant: [3, 6],
  own: [11, 12],
  instance: [10],
  returned: true,
  nested: [3, 6],
  here: true,
  dynamic: 7,
  thisOfArrow: 8,
  error: { isOwnClass: true, message: '2 is too large', stack: expect.any(String) },
};

export function ownModule({ module, typed, syntax = module === 'esm' ? 'import' : 'require' }: Omit<Dialect, 'own'>): string {
  const added = `(x${typed ? ': number' : ''})${typed ? ': number' : ''} => x + TEN`;
  return syntax === 'import' ? `const TEN = 10;\nexport const added = ${added};\n` : `const TEN = 10;\nexports.added = ${added};\n`;
}

/** What a run has printed; what else it says is an error. */
export function printedBy({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Printed {
  try {
    return JSON.parse(stdout) as Printed;
  } catch {
    throw new Error(`it printed ${JSON.stringify(stdout)}, and on stderr: ${stderr}`);
  }
}

/** What the program imports while it runs. */
export const lateModule = 'export const seven = 7;\n';

export function program({ module, typed, own, syntax = module === 'esm' ? 'import' : 'require' }: Dialect): string {
  const t = (type: string) => (typed ? `: ${type}` : '');
  const here = module === 'esm' ? 'import.meta.url' : '__filename';
  const [imports, ownImport] =
    syntax === 'import'
      ? [`import { map, run } from 'allcores';`, `import { added } from '${own}';`]
      : [`const { map, run } = require('allcores');`, `const { added } = require('${own}');`];
  return `${imports}
${ownImport}

const k${t('number')} = 3;

class Point {
  x${t('number')};
  constructor(x${t('number')}) {
    this.x = x;
  }
  double()${t('number')} {
    return this.x * 2;
  }
  times()${t('(y: number) => number')} {
    return (y${t('number')}) => this.x * y;
  }
}

class TooLarge extends Error {}

const check = (x${t('number')})${t('number')} => {
  if (x > 1) throw new TooLarge(\`\${x} is too large\`);
  return x;
};

async function main() {
  const point = new Point(5);
  const error = await map([1, 2], (x) => check(x)).catch((e) => e);
  const [back] = await map([1], (x) => new Point(x));
  const thisOfArrow = await map([2], new Point(4).times()).then(([y]) => y, (e) => e.message);
  console.log(JSON.stringify({
    constant: await map([1, 2], (x) => x * k),
    own: await map([1, 2], (x) => added(x)),
    instance: await map([1], () => point.double()),
    returned: back instanceof Point,
    nested: await map([1, 2], async (x) => (await map([x], (y) => y * k))[0]),
    here: (await run(() => ${here})) === ${here},
    dynamic: await run(async () => (await import('./late.mjs')).seven),
    thisOfArrow,
    error: { isOwnClass: error instanceof TooLarge, message: error.message, stack: error.stack },
  }));
}

main();
`;
}

/** Where the program throws, as \`line:column\` from 1, in the text that the user wrote. */
export function placeOfThrow(text: string): string {
  const lines = text.split('\n');
  const line = lines.findIndex((one) => one.includes('throw new TooLarge'));
  return `${line + 1}:${lines[line]!.indexOf('new TooLarge') + 1}`;
}
