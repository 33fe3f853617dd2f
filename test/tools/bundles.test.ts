/** Programs bundled by esbuild: with the package beside the bundle, and with the package in it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installBuilt, Project } from '../users/project.ts';
import { lateModule, ownModule, placeOfThrow, printedBy, program, worksEverywhere } from './program.ts';

const source = program({ module: 'esm', typed: true, own: './own.mts' });

let project: Project;
beforeAll(() => {
  project = new Project('commonjs', installBuilt);
  project.link('log-update');
  project.write('program.mts', source);
  project.write('own.mts', ownModule({ module: 'esm', typed: true }));
  project.write('late.mjs', lateModule);
  project.write('doors.mjs', doors);
});
afterAll(() => project.remove());

type Format = 'esm' | 'cjs';

async function bundle(entry: string, format: Format, options: BuildOptions, folder = project.folder): Promise<string> {
  const outfile = join(folder, format === 'esm' ? 'bundle.mjs' : 'bundle.cjs');
  const external = ['./late.mjs', ...(options.external ?? [])];
  // As CommonJS has no import.meta, a bundler's user defines it.
  const banner = format === 'cjs' ? { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" } : {};
  const define: Record<string, string> = format === 'cjs' ? { 'import.meta.url': 'importMetaUrl' } : {};
  const common: BuildOptions = { bundle: true, platform: 'node', target: 'node20', logLevel: 'silent', absWorkingDir: project.folder };
  await build({ ...common, ...options, entryPoints: [join(project.folder, entry)], format, outfile, external, banner, define });
  return outfile;
}

const ways: readonly [name: string, options: BuildOptions][] = [
  ['plain', {}],
  ['minified', { minify: true }],
  ['minified, with names', { minify: true, keepNames: true }],
];

for (const format of ['esm', 'cjs'] as const) {
  describe(`a program bundled as ${format}`, () => {
    for (const [name, options] of ways) {
      test(`${name}, with the package beside it`, async () => {
        const file = await bundle('program.mts', format, { ...options, external: ['allcores'] });
        const printed = printedBy(project.run([file]));
        expect(printed).toEqual(worksEverywhere);
        // Without a source map the place is that in the bundle.
        const [, line, column] = /bundle\.[cm]js:(\d+):(\d+)/.exec(printed.error.stack) ?? [];
        const thrown = readFileSync(file, 'utf8')
          .split('\n')
          [Number(line) - 1]!.slice(Number(column) - 1);
        expect(thrown).toMatch(/^new \w+\(`\$\{\w+\} is too large`\)/);
      });

      test(`${name}, with the package in it and nothing installed`, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'allcores-bundle-'));
        try {
          const file = await bundle('doors.mjs', format, options, folder);
          expect(JSON.parse(project.run([file]).stdout)).toEqual(expectedOfDoors);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    }

    test('a source map in the bundle gives stacks the place in the source', async () => {
      const file = await bundle('program.mts', format, { minify: true, sourcemap: 'inline', external: ['allcores'] });
      expect(printedBy(project.run([file])).error.stack).toContain(`program.mts:${placeOfThrow(source)}`);
    });

    test('a source map beside the bundle does so with --enable-source-maps, as it does for errors on the main thread', async () => {
      const file = await bundle('program.mts', format, { minify: true, sourcemap: true, external: ['allcores'] });
      expect(printedBy(project.run(['--enable-source-maps', file])).error.stack).toContain(`program.mts:${placeOfThrow(source)}`);
      expect(printedBy(project.run([file])).error.stack).toMatch(/bundle\.[cm]js:\d+:\d+/);
    });
  });
}

/** What a task may do with the package, which it cannot import. */
const doors = `
import { context, delayed, map, mapReduce, NotShippableError, Parallel, perWorker, Pool, range, run, shutdown, UsageError, whereFailed } from 'allcores';
const k = 3;
class Point { constructor(x) { this.x = x; } }
const made = perWorker(() => ({ made: 1 }));
async function main() {
  const messages = [];
  await map([1], (x) => context.emit(x), { onMessage: (message) => messages.push(message) });
  const misused = await run(async () => { await map(1, 2); }).catch((error) => error);
  const refused = await run(async () => { const p = Promise.resolve(); await map([1], () => p); }).catch((error) => error);
  const pool = new Pool(1);
  console.log(JSON.stringify({
    messages,
    misused: [misused instanceof UsageError, misused.code],
    refused: refused instanceof NotShippableError,
    pool: await pool.map((x) => x * k, [1, 2]),
    nested: await map([1, 2], async (x) => (await map([x], (y) => y * k))[0]),
    deeper: await run(async () => (await map([1], async (x) => (await map(range(2), (z) => z + x + k)).join()))[0]),
    parallel: await Parallel()([delayed(Math.sqrt)(4), delayed((x) => x * k)(2)]),
    parallelInside: await run(async () => (await Parallel()([1, 2].map((x) => delayed((y) => y * k)(x)))).join()),
    perWorker: await map([1, 2], () => made.get().made),
    context: await map([5, 6], () => [context.index, context.isWorker]),
    reduce: await run(() => mapReduce([1, 2, 3], (x) => x * k, (a, b) => a + b)),
    caught: await run(async () => { try { await map(1, 2); } catch (error) { return error instanceof UsageError; } }),
    threads: await run(async () => { const own = new Pool({ workers: 2, backend: 'threads' }); const found = await own.map((x) => x * k, [1, 2]); await own.close(); return found; }),
    deepest: await run(async () => (await map([1], async (x) => (await map([x], (y) => y + k))[0], { backend: 'threads' }))[0]),
    instance: (await run(async () => (await map([1], (x) => new Point(x)))[0])) instanceof Point,
    failed: await run(async () => { try { await map([7], () => { throw new RangeError('no'); }); } catch (error) { return whereFailed(error)?.index; } }),
  }));
  await pool.close();
  await shutdown();
}
main();
`;
const expectedOfDoors = {
  messages: [1],
  misused: [true, 'BAD_ARGUMENT'],
  refused: true,
  pool: [3, 6],
  nested: [3, 6],
  deeper: '4,5',
  parallel: [2, 6],
  parallelInside: '3,6',
  perWorker: [1, 1],
  context: [
    [0, true],
    [1, true],
  ],
  reduce: 18,
  caught: true,
  threads: [3, 6],
  deepest: 4,
  instance: true,
  failed: 0,
};
