/** What travels by name must be what the caller has. Each case is a process of its own, because it configures packages for good. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('./fixtures/state/cases.mjs', import.meta.url));

async function play(name: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, name], { env: { ...process.env, NODE_OPTIONS: '' } });
  return JSON.parse(stdout);
}

const THIRD_20 = `0.${'3'.repeat(20)}`;
const THIRD_50 = `0.${'3'.repeat(50)}`;

const expected: Readonly<Record<string, unknown>> = {
  'a package as it is imported travels by name': [[THIRD_20], ['function', 'module']],
  'the precision of Decimal': [[THIRD_50], [`0.${'6'.repeat(49)}7`]],
  'instances as items and results are of the configured class': [true, THIRD_50, true],
  'a plugin of dayjs': ['1970-01-01T00:00:00Z'],
  'the locale of dayjs, which it keeps in a variable': ['Mo'],
  'the places of BigNumber, which it keeps in a variable': [`0.${'3'.repeat(40)}`],
  'the settings of lodash, for a function of its own export': [['1', '1']],
  'a patched prototype': ['2'],
  'the defaults of axios, configured in each worker': [new Array(3).fill('http://127.0.0.1:1/'), []],
  'an object of a module of its own': [15],
  'a thing that travels by value follows the program': [[['a', ['a']]], [['b', ['b']]]],
  'what is different at every import is no setting': [['none'], ['function', 'module']],
  'a setter of a module of its own': [false, true, true],
  'what a setup configures counts': [['0.33333'], [THIRD_50], ['0.33333']],
  'what tasks change in their worker is no difference': [['0.33333'], ['function', 'module']],
  'other captured values are those of the call': [
    [1, THIRD_50],
    [1, `0.${'6'.repeat(49)}7`],
  ],
  'every worker, Parallel and mapReduce': [
    [`0.${'3'.repeat(30)}`],
    [`0.${'3'.repeat(30)}`, `0.${'6'.repeat(29)}7`],
    `0.${'6'.repeat(30)}`,
    true,
  ],
};

for (const [name, result] of Object.entries(expected)) test(name, async () => expect(await play(name)).toEqual(result));

test('the defaults of axios, which cannot travel by value', async () => {
  const refusals = (await play('the defaults of axios, which cannot travel by value')) as { code: string; message: string }[];
  expect(refusals).toHaveLength(2);
  for (const { code, message } of refusals) {
    expect(code).toBe('NOT_SHIPPABLE');
    expect(message).toMatch(/axios.*configured in this thread \(`defaults\.baseURL` was added\).*setup.*A copy of it cannot travel/);
  }
});

test('a setup that has nothing to do with it is told of', async () => {
  const [values, warnings] = (await play('a setup that has nothing to do with it')) as [string[], string[]];
  expect(values).toEqual([THIRD_20]);
  expect(warnings.join()).toMatch(/decimal\.js.*`precision` is 50, not 20.*The setup of this pool is taken/);
});

test('what is configured once more after the call is refused', async () => {
  const { code, message } = (await play('what is configured once more after the call is refused')) as { code: string; message: string };
  expect(code).toBe('NOT_SHIPPABLE');
  expect(message).toMatch(/configured once more/);
});
