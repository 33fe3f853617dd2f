/** Errors on every way from a task to the caller name the user's own TypeScript line. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';

const file = fileURLToPath(new URL('fixtures/arriving.mts', import.meta.url));
const tsx = ['--import', fileURLToPath(import.meta.resolve('tsx'))];
const lines = readFileSync(file, 'utf8').split('\n');
const line = lines.findIndex((text) => text.endsWith('// made here')) + 1;
const column = lines[line - 1]!.indexOf('new RangeError') + 1;
let stacks: Record<string, string>;

beforeAll(() => {
  const env = { ...process.env, NODE_OPTIONS: '', VITEST: undefined };
  stacks = JSON.parse(execFileSync(process.execPath, [...tsx, file], { encoding: 'utf8', env }));
});

for (const way of ['returned', 'in data', 'settled', 'cause', 'aggregate', 'emitted', 'logged', 'uncaught']) {
  test(`an error that is ${way}`, () => {
    expect(stacks[way]).toMatch(new RegExp(`RangeError: row 1\\n +at error \\(file://.*/arriving\\.mts:${line}:${column}\\)\\n`));
    expect(stacks[way]).not.toMatch(/shipped:/);
    if (way !== 'logged') expect(stacks[way]).not.toMatch(/worker eval/);
  });
}

test('a text of the task that only looks like a position stays as it is', () => {
  expect(stacks['text of the user']).toMatch(/^Trace: 1 shipped:mine:1:2$/);
});
