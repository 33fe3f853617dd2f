/** The native cases, each in every mode of the host and in every place that functions are shipped to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { themes } from './cases.native.mjs';
import { exceptionFor, exceptions } from './exceptions.ts';
import { type Mode, modes, Playing } from './modes.ts';

for (const mode of Object.keys(modes) as Mode[]) {
  describe(mode, () => {
    let playing: Playing;
    beforeAll(() => {
      playing = new Playing(mode);
    });
    afterAll(() => playing.end());

    for (const place of ['thread', 'process'] as const) {
      describe(`to a ${place}`, () => {
        for (const [theme, cases] of Object.entries(themes)) {
          for (const [name] of cases) {
            const exception = exceptionFor(mode, place, theme, name);
            test(`${theme}: ${name}${exception ? ` (does not pass: ${exception.reason})` : ''}`, async () => {
              const error = await playing.outcome(place, theme, name);
              if (exception) expect(error, 'passes, and is listed as an exception').not.toBeNull();
              else if (error !== null) expect.fail(error);
            });
          }
        }
      });
    }
  });
}

test('no two cases have one name, and every exception is of a case', () => {
  const names = Object.entries(themes).flatMap(([theme, cases]) => cases.map(([name]) => `${theme}: ${name}`));
  expect(new Set(names).size).toBe(names.length);
  for (const { case: one } of exceptions) expect(names).toContain(one.join(': '));
});
