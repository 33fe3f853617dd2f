// What cannot travel: captured, as an item, as a result.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a result that cannot travel is refused by index and name',
    async ({ map }, o) => {
      const error = await rejects(map([1, 2], (x) => (x === 2 ? { open: Promise.resolve(1) } : x), o));
      assert.match(error.message, /the result of items\[1\].*Promise/);
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'what cannot travel is refused before anything runs: variable, function, file and line, why, what to do',
    async ({ map }, o) => {
      const pending = Promise.resolve(1);
      const helper = () => pending;
      const error = await rejects(map([1], (x) => helper(x), o));
      assert.equal(error.name, 'NotShippableError');
      assert.match(error.message, /`pending`.*`helper`.*refusals\.native\.mjs:\d+:\d+.*Promise/s);
      assert.match(error.message, /await/i);
    },
  ],
  [
    'an item or a result that looks plain and cannot be sent fails alone, with its index',
    async ({ mapSettled }, o) => {
      const detached = new ArrayBuffer(8);
      structuredClone(detached, { transfer: [detached] });
      const out = await mapSettled([1, detached, 3], (x) => x, { ...o, chunkSize: 3 });
      assert.deepEqual(
        out.map((r) => r.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      const back = await mapSettled(
        [1, 2, 3],
        (x) => {
          const buffer = new ArrayBuffer(8);
          if (x === 2) structuredClone(buffer, { transfer: [buffer] });
          return buffer;
        },
        { ...o, chunkSize: 3 },
      );
      assert.deepEqual(
        back.map((r) => r.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'items and results with getters and proxies that throw settle the call',
    async ({ mapSettled }, o) => {
      const odd = () => [
        {
          get x() {
            throw new Error('no x');
          },
        },
        new Proxy(
          {},
          {
            get() {
              throw new Error('no get');
            },
            getPrototypeOf() {
              throw new Error('no proto');
            },
          },
        ),
      ];
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      const sent = await mapSettled([1, ...odd(), proxy, 5], (x) => typeof x, o);
      assert.deepEqual([sent[0].value, sent[4].value], ['number', 'number']);
      const got = await mapSettled(
        [0, 1, 2],
        (i) =>
          i === 2
            ? i
            : [
                {
                  get x() {
                    throw new Error('no x');
                  },
                },
                new Proxy(
                  {},
                  {
                    getPrototypeOf() {
                      throw new Error('no proto');
                    },
                  },
                ),
              ][i],
        o,
      );
      assert.equal(got[2].value, 2);
    },
    { inline: 'nothing is copied inline' },
  ],
];
