/** Functions as Node itself loads them, shipped to a real worker. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { cases } from './cases.native.mjs';
import { cases as edges } from './edges.native.mjs';
import { Remote } from './remote.native.mjs';
import { play } from './tools.native.mjs';

let remote: Remote;

beforeAll(async () => {
  remote = await Remote.start();
});
afterAll(() => remote.close());

describe('what a function captures travels', () => {
  for (const [name, body] of cases) test(name, () => play(remote, body));
});

describe('less common cases, and refusals', () => {
  for (const [name, body] of edges) test(name, () => play(remote, body));
});
