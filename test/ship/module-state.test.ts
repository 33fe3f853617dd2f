/** The fingerprint of what travels by name. */
import { expect, test } from 'vitest';
import { describeState, firstDifference, stateOf } from '../../src/ship/module-state.ts';

test('equal things have equal states, and each visible change makes another', () => {
  const make = () => {
    class Thing {
      static precision = 20;
      method() {}
    }
    return Object.assign(Thing, { defaults: { headers: { common: { accept: 'json' } } }, list: [1, 2] });
  };
  const state = stateOf(make());
  expect(stateOf(make())).toBe(state);
  const changes: ((thing: ReturnType<typeof make>) => unknown)[] = [
    (thing) => Object.assign(thing, { precision: 21 }),
    (thing) => Object.assign(thing, { extra: 1 }),
    (thing) => Object.assign(thing.prototype, { third() {} }),
    (thing) => Object.assign(thing.defaults.headers.common, { accept: 'xml' }),
    (thing) => thing.list.push(3),
    (thing) => Reflect.deleteProperty(thing, 'precision'),
    (thing) => Object.assign(thing, { precision: '20' }),
    (thing) => Object.assign(thing, { [Symbol('s')]: 1 }),
    (thing) => Object.assign(thing.list, { 0: -0 }),
  ];
  const states = changes.map((change) => {
    const thing = make();
    change(thing);
    return stateOf(thing);
  });
  expect(new Set([state, ...states]).size).toBe(changes.length + 1);
});

test('regular expressions count by what they are', () => {
  expect(stateOf({ at: /a/ })).not.toBe(stateOf({ at: /b/ }));
});

test('moments, processes, threads and random ids are no settings', () => {
  const loaded = (now: number, id: string, isMainThread: boolean) => ({
    k: 1,
    loadedAt: now,
    since: BigInt(now) * 1000n,
    date: new Date(now),
    id,
    isMainThread,
    pid: process.pid,
  });
  const here = stateOf(loaded(1_780_000_000_000, '3f1c9a52-7d1e-4b0a-9a57-0c2f6b1d8e44', true));
  expect(stateOf(loaded(1_780_000_000_777, '0a1b2c3d-7d1e-4b0a-9a57-0c2f6b1d8e44', false))).toBe(here);
  expect(here).not.toBe(stateOf({ ...loaded(1_780_000_000_000, 'x', true), k: 2 }));
});

test('getters are not called, cycles end, caches do not count', () => {
  const thing: Record<string, unknown> = {
    get boom(): never {
      throw new Error('called');
    },
    cache: new Map([[1, 1]]),
  };
  thing.self = thing;
  const state = stateOf(thing);
  (thing.cache as Map<number, number>).set(2, 2);
  expect(stateOf(thing)).toBe(state);
});

test('a bare function has no state', () => {
  expect(stateOf((x: number) => x)).toBeUndefined();
  expect(
    stateOf(function plain() {
      return 1;
    }),
  ).toBeUndefined();
  expect(stateOf(class {})).toBeUndefined();
});

test('a difference is told in words', () => {
  const fresh = describeState({ precision: 20, modes: { round: 'up' } });
  expect(firstDifference(describeState({ precision: 50, modes: { round: 'up' } }), fresh)).toBe('`precision` is 50, not 20');
  expect(firstDifference(describeState({ precision: 20, modes: { round: 'down' } }), fresh)).toBe('`modes.round` is "down", not "up"');
  expect(firstDifference(describeState({ precision: 20, modes: { round: 'up' }, more: 1 }), fresh)).toBe('`more` was added');
  expect(firstDifference(describeState({ modes: { round: 'up' } }), fresh)).toBe('`precision` is not here');
});
