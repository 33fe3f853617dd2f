/** An error names the same functions, lines and columns whether its task ran here or in a worker, whatever the task looks like. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { programOf } from './shapes.ts';

const folder = mkdtempSync(join(tmpdir(), 'allcores-stacks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tsx = ['--import', fileURLToPath(import.meta.resolve('tsx'))];
const api = new URL('../../dist/index.js', import.meta.url).href;

function compared(name: string, text: string, flags: readonly string[] = []): unknown {
  const file = join(folder, name);
  writeFileSync(file, text);
  const env = { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1', VITEST: undefined };
  return JSON.parse(execFileSync(process.execPath, [...flags, file], { encoding: 'utf8', env }));
}
const alike = { compared: 144, different: [] };

test('JavaScript that Node loads', () => {
  expect(compared('plain.mjs', programOf(api, true))).toEqual(alike);
});

test('TypeScript under tsx', () => {
  const typed = programOf(api, false)
    .replace('(x, y) =>', '(x: number, y: number): void =>')
    .replace('const tasks = [];', 'const tasks: [string, any][] = [];');
  expect(compared('typed.mts', `interface Unused {\n  readonly x: number;\n}\n${typed}`, tsx)).toEqual(alike);
});

for (const minify of [false, true]) {
  test(`a bundle of esbuild with an inline map${minify ? ', minified, its names kept' : ''}`, async () => {
    const { outputFiles } = await build({
      stdin: { contents: programOf(api, false), sourcefile: 'source.ts', loader: 'ts', resolveDir: folder },
      bundle: true,
      external: ['file:*'],
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      minify,
      keepNames: minify,
      outfile: join(folder, 'bundle.mjs'),
    });
    expect(compared(`bundle-${minify}.mjs`, outputFiles[0]!.text, ['--enable-source-maps'])).toEqual(alike);
  });
}
