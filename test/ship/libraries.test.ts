/** Functions that use installed libraries, shipped to a real worker. */
import { afterAll, beforeAll, test } from 'vitest';
import { cases } from './libraries.native.mjs';
import { Remote } from './remote.native.mjs';
import { play } from './tools.native.mjs';

let remote: Remote;

beforeAll(async () => {
  remote = await Remote.start();
});
afterAll(() => remote.close());

for (const [name, body] of cases) test(name, () => play(remote, body));
