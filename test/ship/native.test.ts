/** Functions as Node itself loads them, shipped to a real worker. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { themes } from './cases.native.mjs';
import { Remote } from './remote.native.mjs';
import { play } from './tools.native.mjs';

let remote: Remote;

beforeAll(async () => {
  remote = await Remote.start();
});
afterAll(() => remote.close());

for (const [theme, cases] of Object.entries(themes)) {
  describe(theme, () => {
    for (const [name, body] of cases) test(name, () => play(remote, body));
  });
}
