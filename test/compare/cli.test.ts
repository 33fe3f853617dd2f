/** The command `allcores compare`, run as users run it: from the folder where the package is installed. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf } from '../docs/pages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

/** Two projects: one has tsx, one has not. */
const folders: string[] = [];
function project(tools: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-cli-'));
  folders.push(folder);
  const installed = join(folder, 'node_modules', 'allcores');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  for (const name of ['acorn', 'cac', ...tools]) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "version": "1.0.0", "type": "commonjs" }\n');
  writeFileSync(
    join(folder, 'work.mjs'),
    `export const square = (x) => x ** 2;
export const numbers = [4, 5, 6];
export const letters = new Set(['a']);
export const text = 'no function';
export const chance = () => Math.random();
export const fail = (x) => { throw new RangeError('no ' + x); };
`,
  );
  writeFileSync(
    join(folder, 'work.ts'),
    `enum Power { two = 2 }\ntype Item = number;\nexport const square = (x: Item): number => x ** Power.two;\nexport default square;\n`,
  );
  writeFileSync(join(folder, 'work.cjs'), 'module.exports = { square: (x) => x ** 2 };\n');
  return folder;
}
let withTsx = '';
let withoutTsx = '';
beforeAll(() => {
  withTsx = project(['tsx']);
  withoutTsx = project([]);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function allcores(args: string, folder = withTsx): { status: number | null; stdout: string; stderr: string } {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (/^(NODE_OPTIONS|VITEST.*|ALLCORES_.*|FORCE_COLOR)$/.test(name)) delete env[name];
  const main = join(folder, 'node_modules/allcores/dist/cli/main.js');
  const list = args === '' ? [] : args.split(' ');
  return spawnSync(process.execPath, [main, ...list], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
}
const QUICK = '--repetitions 1 --workers 1';

describe('allcores compare', () => {
  test('prints the table and writes the page and the numbers', () => {
    const { status, stdout, stderr } = allcores(
      'compare work.mjs#square --sizes 1,20,1e2 --methods loop,Pool.map,map --repetitions 2 --workers 2 --unit numbers --page p.html --json n.json',
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^\nwork\.mjs#square\nNode v[\d.]+, \d+ cores? \(.*\), 2 workers\n\n {2}numbers +loop +Pool\.map +map +faster\n/,
    );
    expect(stdout).toMatch(/\n {8}1 [^\n]*\n {7}20 [^\n]*\n {6}100 /);
    expect(stdout).toMatch(/wrote p\.html\n {2}wrote n\.json\n$/);
    const numbers = JSON.parse(readFileSync(join(withTsx, 'n.json'), 'utf8'));
    expect(numbers).toMatchObject({
      title: 'work.mjs#square',
      unit: 'numbers',
      workers: 2,
      repetitions: 2,
      methods: ['loop', 'Pool.map', 'map'],
    });
    expect(numbers.rows).toHaveLength(9);
    expect(readFileSync(join(withTsx, 'p.html'), 'utf8')).toMatch('<title>work.mjs#square</title>');
  });

  test('runs over items of a file, over a number of them, and over all sizes up to there', () => {
    const { stdout } = allcores(`compare work.mjs#square --items work.mjs#numbers --json items.json ${QUICK}`);
    expect(stdout).toMatch('wrote items.json');
    const sizesIn = (file: string) => JSON.parse(readFileSync(join(withTsx, file), 'utf8')).rows.map((row: { size: number }) => row.size);
    expect(sizesIn('items.json')).toEqual([1, 1, 1, 3, 3, 3]);
    allcores(`compare work.mjs#square --items 2e1 --json range.json ${QUICK}`);
    expect(sizesIn('range.json')).toEqual([1, 1, 1, 10, 10, 10, 20, 20, 20]);
  });

  test('takes TypeScript that needs tsx, by name and as default export, and CommonJS', () => {
    for (const place of ['work.ts#square', 'work.ts', 'work.cjs#square']) {
      const { status, stdout, stderr } = allcores(`compare ${place} --sizes 3 ${QUICK}`);
      expect([place, status, stdout.split('\n')[1]], stderr).toEqual([place, 0, place]);
    }
  });

  test('says what to install where tsx is missing', () => {
    const { status, stderr } = allcores('compare work.ts#square --sizes 3', withoutTsx);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /allcores: Node v[\d.]+ cannot run work\.ts by itself: .*\nTypeScript is run by tsx, .*: npm install --save-dev tsx\n$/,
    );
  });

  test.each([
    ['', 'allcores: which command?\nallcores --help shows what there is\n'],
    ['compair x.mjs', 'allcores: there is no command "compair"\nallcores --help shows what there is\n'],
    ['compare', 'allcores: missing required args for command `compare <file#function>`\n'],
    [
      'compare work.mjs#square',
      'allcores: over how many items?\nSay --sizes 10,1000,1e6 to run over 0, 1, 2, …, or --items file.ts#list\n',
    ],
    [
      'compare work.mjs#square --sizes 10,ten',
      'allcores: --sizes has "ten"; every size must be a whole number from 1, as in --sizes 10,1000,1e6\n',
    ],
    ['compare work.mjs#square --sizes 10 --sizes 20', 'allcores: --sizes is there twice\n'],
    [
      'compare work.mjs#cube --sizes 3',
      'allcores: work.mjs does not export "cube"\nIt exports: chance, fail, letters, numbers, square, text\n',
    ],
    ['compare work.mjs --sizes 3', /work\.mjs has no default export; which one\? .*\nIt exports: chance, /],
    ['compare none.mjs#x --sizes 3', /allcores: there is no file none\.mjs\nLooked for \/.*none\.mjs\n$/],
    ['compare #x --sizes 3', 'allcores: "#x" names no file; write both, as in file.ts#square\n'],
    ['compare work.mjs#text --sizes 3', 'allcores: work.mjs#text is no function, but a string\n'],
    ['compare work.mjs#square --items work.mjs#letters', /allcores: the items are a Set; they must be an array/],
    ['compare work.mjs#square --sizes 5 --items 3', 'allcores: --sizes asks for 5 items at sizes[0], but there are only 3\n'],
    ['compare work.mjs#square --sizes 3 --workers 0', 'allcores: --workers is 0; it must be a whole number from 1 to 1024\n'],
    ['compare work.mjs#square --sizes 3 --max-seconds x', 'allcores: --max-seconds is "x"; it must be a number of seconds above 0\n'],
    ['compare work.mjs#square --sizes 3 --methods joblib', /allcores: --methods is "joblib"; it must be one of 'loop', /],
    ['compare work.mjs#square --sizes 3 --colour red', 'allcores: Unknown option `--colour`\n'],
    ['compare work.mjs#square --sizes 3 --page', 'allcores: option `--page <file>` value is missing\n'],
  ])('%s', (args, message) => {
    const { status, stdout, stderr } = allcores(args);
    expect(stderr).toMatch(message);
    if (typeof message === 'string') expect(stderr).toBe(message);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('ends with 1 when results differ, without a stack, and when the function fails, with its own', () => {
    const differ = allcores(`compare work.mjs#chance --sizes 3 ${QUICK}`);
    expect([differ.status, differ.stderr.trimEnd().split('\n')]).toEqual([
      1,
      [expect.stringMatching(/^allcores: "Pool\.map" over 3 items gave another result than "loop" at index 0/)],
    ]);
    const fail = allcores(`compare work.mjs#fail --sizes 3 ${QUICK}`);
    expect(fail.status).toBe(1);
    expect(fail.stderr).toMatch(/^RangeError: no 0\n {4}at fail \(.*work\.mjs:6:/);
  });
});

describe('the commands in docs/compare.md', () => {
  const blocks = blocksOf('docs/compare.md');
  const commands = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.startsWith('npx allcores '));
  test('are there', () => expect(commands.length).toBeGreaterThan(1));
  test.each(commands)('%s', (command) => {
    for (const { mark, text } of blocks) if (mark.startsWith('file=')) writeFileSync(join(withTsx, mark.slice('file='.length)), text);
    const { status, stdout, stderr } = allcores(command.slice('npx allcores '.length));
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ faster\n/);
  });
});

test('allcores --version and --help', () => {
  expect(allcores('--version').stdout).toMatch(`allcores/${version}`);
  expect(allcores('--help')).toMatchObject({ status: 0, stdout: expect.stringMatching('compare <file#function>') });
  expect(allcores('compare --help').stdout).toMatch('--max-seconds <s>');
});

test('the command is installed as allcores', () => {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  expect(existsSync(join(root, bin.allcores!))).toBe(true);
  expect(readFileSync(join(root, bin.allcores!), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
