// registerType: values that cross in a form of their own, wherever they are met.
import assert from 'node:assert/strict';
import { newNotes, note, noted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

/** Copied as it is, it would lose what only its constructor fills. */
class Money {
  #cents;
  static ZERO = new Money(0);
  constructor(cents) {
    this.#cents = cents;
  }
  get cents() {
    return this.#cents;
  }
  plus(other) {
    return new Money(this.#cents + other.#cents);
  }
}
const money = { tag: 'money', type: Money, toPlain: (m) => m.cents, fromPlain: (cents) => new Money(cents) };

/** Holds other registered values, and is told by a test. */
class Basket {
  constructor(prices) {
    this.prices = prices;
    this.handle = Promise.resolve();
  }
  total() {
    return this.prices.reduce((a, b) => a.plus(b), Money.ZERO);
  }
}
const basket = {
  tag: 'basket',
  test: (value) => value instanceof Basket,
  toPlain: ({ prices }) => ({ prices }),
  fromPlain: ({ prices }) => new Basket(prices),
};

/** Runs a case while these types are registered. */
const withTypes = async ({ registerType }, types, body) => {
  const unregister = types.map(registerType);
  try {
    await body();
  } finally {
    for (const undo of unregister) undo();
  }
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a value of a registered type crosses when captured, inside captured data, in items and in results',
    (api, o) =>
      withTypes(api, [money], async () => {
        const fee = new Money(50);
        const data = { list: [new Money(7)] };
        const task = (price) => {
          if (!(price instanceof Money)) throw new Error('an item lost its class');
          return { total: price.plus(fee).plus(data.list[0]), was: [price] };
        };
        const results = await api.map([new Money(1), new Money(2)], task, o);
        assert.ok(results.every(({ total, was }) => total instanceof Money && was[0] instanceof Money));
        assert.deepEqual(
          results.map(({ total, was }) => [total.cents, was[0].cents]),
          [
            [58, 1],
            [59, 2],
          ],
        );
      }),
  ],
  [
    'registered types hold registered types, with the identity of what is the same',
    (api, o) =>
      withTypes(api, [basket, money], async () => {
        const one = new Money(3);
        const item = new Basket([one, one, new Money(4)]);
        const task = (b) => [b.total().cents, b.prices[0] === b.prices[1], b.prices[1] === b.prices[2], b];
        const [[cents, same, other, back]] = await api.map([item], task, o);
        assert.deepEqual([cents, same, other], [10, true, false]);
        assert.ok(back instanceof Basket && back.prices[0] instanceof Money && back.prices[0] === back.prices[1]);
        assert.equal(await api.run((a, b) => a === b, [one, one], o), true);
      }),
  ],
  [
    'a static member of the registered class is such a value itself',
    (api, o) =>
      withTypes(api, [money], async () => {
        assert.deepEqual(await api.map([1], (x) => [Money.ZERO instanceof Money, Money.ZERO.cents + x], o), [[true, 1]]);
      }),
  ],
  [
    'messages and the properties of errors hold registered types',
    (api, o) =>
      withTypes(api, [money], async () => {
        const { context } = api;
        const heard = [];
        const task = (x) => {
          context.emit([new Money(x)]);
          throw Object.assign(new Error('too dear'), { price: new Money(x) });
        };
        const error = await rejects(api.map([5], task, { ...o, onMessage: ([m]) => heard.push(m) }));
        assert.equal(error.message, 'too dear');
        assert.ok(error.price instanceof Money);
        assert.deepEqual([error.price.cents, heard[0] instanceof Money, heard[0].cents], [5, true, 5]);
      }),
  ],
  [
    'every door knows registered types',
    (api, o) =>
      withTypes(api, [money], async () => {
        const prices = [1, 2, 3].map((cents) => new Money(cents));
        const cents = (m) => m.cents;
        const twice = (m) => m.plus(m);
        assert.deepEqual(
          (await api.mapSettled(prices, twice, o)).map(({ value }) => value.cents),
          [2, 4, 6],
        );
        assert.deepEqual((await api.mapBatches(prices, 2, (batch) => batch.map(twice), o)).flat().map(cents), [2, 4, 6]);
        assert.equal((await api.mapReduce(prices, twice, (a, b) => a.plus(b), o)).cents, 12);
        const streamed = [];
        for await (const m of api.mapStream(prices, twice, o)) streamed.push(m.cents);
        assert.deepEqual(streamed, [2, 4, 6]);
        const calls = prices.flatMap((m) => [api.delayed(twice)(m), api.delayed((x) => x.plus(m))(m)]);
        assert.deepEqual((await api.Parallel({ backend: o.backend })(calls)).map(cents), [2, 2, 4, 4, 6, 6]);
        const pool = new api.Pool({ ...o, workers: 1, initializer: (m) => m.cents.toFixed(), initargs: [new Money(1)] });
        assert.deepEqual((await pool.starmap((a, b) => a.plus(b), [prices.slice(0, 2)])).map(cents), [3]);
        await pool.close();
      }),
  ],
  [
    'a type registered after the workers have started reaches them, until it is unregistered',
    async ({ Pool, registerType }, o) => {
      const pool = await new Pool({ ...o, workers: 1 }).ready();
      class Handle {
        constructor(name) {
          this.name = name;
          this.socket = Promise.resolve();
        }
      }
      const refused = o.backend === 'inline' ? undefined : 'NOT_SHIPPABLE';
      const attempt = () => pool.map((h) => h instanceof Handle && h.name, [new Handle('a')]).then(String, (e) => e.code);
      assert.equal(await attempt(), refused ?? 'a');
      const unregister = registerType({ tag: 'handle', type: Handle, toPlain: (h) => h.name, fromPlain: (name) => new Handle(name) });
      assert.equal(await attempt(), 'a');
      unregister();
      assert.equal(await attempt(), refused ?? 'a');
      await pool.close();
    },
  ],
  [
    'the first registered type that says yes has the value: a subclass goes before its base class',
    (api, o) => {
      class Base {
        kind = 'base';
      }
      class Sub extends Base {
        kind = 'sub';
      }
      const types = [
        { tag: 'sub', type: Sub, toPlain: () => 'sub', fromPlain: () => new Sub() },
        { tag: 'base', type: Base, toPlain: () => 'base', fromPlain: () => new Base() },
      ];
      return withTypes(api, types, async () => {
        const seen = await api.map([new Sub(), new Base()], (x) => [x.kind, x instanceof Sub, x instanceof Base], o);
        assert.deepEqual(seen, [
          ['sub', true, true],
          ['base', false, true],
        ]);
        assert.equal(await api.run(() => new Sub().kind, [], o), 'sub');
      });
    },
  ],
  [
    'what toPlain throws fails that item alone, with its index and the tag',
    (api, o) => {
      class Picky {
        constructor(x) {
          this.x = x;
        }
      }
      const toPlain = ({ x }) => {
        if (x === 2) throw new RangeError('not this one');
        return x;
      };
      return withTypes(api, [{ tag: 'picky', type: Picky, toPlain, fromPlain: (x) => new Picky(x) }], async () => {
        const outcomes = await api.mapSettled(
          [1, 2, 3].map((x) => new Picky(x)),
          (p) => p.x,
          o,
        );
        assert.deepEqual(
          outcomes.map(({ value }) => value),
          [1, undefined, 3],
        );
        const { reason } = outcomes[1];
        assert.equal(reason.code, 'NOT_SHIPPABLE');
        assert.equal(reason.message, 'Cannot ship `items[1]`: toPlain of the registered type "picky" threw RangeError: not this one');
        assert.ok(reason.cause instanceof RangeError);
        const results = await api.mapSettled([1, 2, 3], (x) => [new Picky(x)], o);
        assert.deepEqual(
          results.map(({ value }) => value?.[0].x),
          [1, undefined, 3],
        );
        assert.match(
          results[1].reason.message,
          /^Cannot ship `the result of items\[1\]\[0\]` \(returned by `[^`]+` at [^)]+\): toPlain of the registered type "picky" threw/,
        );
      });
    },
    { inline: 'nothing is copied' },
  ],
  [
    'what fromPlain throws fails that item alone, with its index and the tag',
    (api, o) => {
      class Fussy {
        constructor(x) {
          this.x = x;
        }
      }
      const fromPlain = (x) => {
        if (x === 2) throw new RangeError('not this one');
        return new Fussy(x);
      };
      return withTypes(api, [{ tag: 'fussy', type: Fussy, toPlain: ({ x }) => x, fromPlain }], async () => {
        const shared = { fussy: new Fussy(2) };
        const items = [{ a: new Fussy(1) }, { a: shared }, { a: new Fussy(3) }, { b: [shared] }];
        const outcomes = await api.mapSettled(items, ({ a }) => a.x, { ...o, chunkSize: 4 });
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
        );
        const { reason } = outcomes[1];
        assert.equal(reason.code, 'NOT_SHIPPABLE');
        assert.equal(reason.message, 'Cannot rebuild items[1]: fromPlain of the registered type "fussy" threw RangeError: not this one');
        assert.ok(reason.cause instanceof RangeError);
        assert.equal(api.whereFailed(reason).index, 1);
        const results = await api.mapSettled([1, 2, 3], (x) => new Fussy(x), { ...o, chunkSize: 3 });
        assert.deepEqual(
          results.map(({ value }) => value?.x),
          [1, undefined, 3],
        );
        assert.match(results[1].reason.message, /^Cannot rebuild the result of items\[1\]: fromPlain of the registered type "fussy" threw/);
        const add = (a, b) => a + b;
        const many = Array.from({ length: 9 }, (_, i) => new Fussy(i === 7 ? 2 : i + 10));
        const error = await rejects(api.mapReduce(many, ({ x }) => x, add, o));
        assert.match(error.message, /^Cannot rebuild items\[7\]:/);
        assert.equal(api.whereFailed(error).index, 7);
      });
    },
    { inline: 'nothing is copied' },
  ],
  [
    'an error whose property cannot be rebuilt loses no other result',
    (api, o) => {
      class Bad {}
      const fromPlain = () => {
        throw new Error('never again');
      };
      return withTypes(api, [{ tag: 'bad', type: Bad, toPlain: () => 0, fromPlain }], async () => {
        const task = (x) => {
          if (x === 2) throw Object.assign(new Error('mine'), { bad: new Bad() });
          return x;
        };
        const outcomes = await api.mapSettled([1, 2, 3], task, { ...o, chunkSize: 3 });
        assert.deepEqual(
          outcomes.map(({ value }) => value),
          [1, undefined, 3],
        );
        assert.match(outcomes[1].reason.message, /fromPlain of the registered type "bad" threw Error: never again/);
      });
    },
    { inline: 'nothing is copied' },
  ],
  [
    'a value that its own plain form leads back to is refused',
    (api, o) => {
      class Tree {
        constructor(parent) {
          this.parent = parent;
          this.children = [];
          parent?.children.push(this);
        }
      }
      const type = { tag: 'tree', type: Tree, toPlain: (t) => ({ ...t }), fromPlain: (t) => Object.assign(new Tree(), t) };
      return withTypes(api, [type], async () => {
        const root = new Tree();
        new Tree(root);
        const error = await rejects(api.map([1], () => root.children.length, o));
        assert.equal(error.code, 'NOT_SHIPPABLE');
        assert.match(
          error.message,
          /^Cannot ship `root.*` \(captured by .*\): it is of a registered type, and what its toPlain gives leads back/,
        );
        // A list that is captured beside its members is no circle.
        const leaf = new Tree();
        const both = { all: [leaf], leaf };
        assert.equal(await api.run(() => both.all[0] === both.leaf && leaf instanceof Tree, [], o), true);
      });
    },
  ],
  [
    'what toPlain gives is checked as shipping is, also in line',
    (api, o) => {
      class Late {}
      const type = { tag: 'late', type: Late, toPlain: () => ({ when: Promise.resolve() }), fromPlain: () => new Late() };
      return withTypes(api, [type], async () => {
        const late = new Late();
        const error = await rejects(api.map([1], () => late, o));
        assert.match(error.message, /^Cannot ship `late\.toPlain\(\)\.when` \(captured by .*\): it is a Promise/);
      });
    },
  ],
  [
    "what a type's own functions capture is checked with each call, and named",
    (api, o) => {
      class Thing {}
      const socket = Promise.resolve();
      const type = { tag: 'thing', type: Thing, toPlain: () => 0, fromPlain: () => socket && new Thing() };
      return withTypes(api, [type], async () => {
        const error = await rejects(api.map([1], (x) => x, o));
        assert.match(error.message, /^Cannot ship `socket` \(captured by `fromPlain` at types\.native\.mjs:\d+:\d+\): it is a Promise/);
      });
    },
  ],
  [
    'plain data is never asked about, and a type that nothing is of changes nothing',
    (api, o) => {
      const asked = newNotes();
      const test = () => note(asked) === null;
      return withTypes(api, [{ tag: 'none', test, toPlain: (x) => x, fromPlain: (x) => x }], async () => {
        const data = [{ a: [1] }, new Map([[1, new Set([2])]]), new Date(0), /x/g, new Float32Array(2), new Uint8Array(2).buffer];
        assert.deepEqual(await api.map(data, (x) => x, o), data);
        assert.deepEqual(noted(asked), []);
        await api.run((x) => data.length + x.size, [{ size: 1, fn: (x) => x }], o);
        assert.deepEqual(noted(asked), []);
      });
    },
  ],
  [
    'a tag is taken once: the same functions again change nothing, others are refused',
    async ({ registerType, UsageError }) => {
      const unregister = registerType(money);
      registerType({ ...money });
      const other = { ...money, toPlain: (m) => `${m.cents}` };
      assert.throws(
        () => registerType(other),
        (error) => error instanceof UsageError && /the tag "money" is taken by a type with other functions/.test(error.message),
      );
      unregister();
      const undo = registerType(other);
      unregister();
      assert.throws(() => registerType(money), /is taken/);
      undo();
    },
  ],
  [
    'wrong arguments of registerType are refused by name',
    async ({ registerType, UsageError }) => {
      const wrong = [
        [undefined, /the type is undefined; it must be an object/],
        [{ ...money, tag: '' }, /"tag" is ""; it must be a text that is not empty/],
        [{ ...money, test: () => true }, /"type" and "test" say the same/],
        [{ ...money, type: undefined }, /"type" is missing; it must be a class, or "test" a function/],
        [{ ...money, type: 'Money' }, /"type" is "Money"; it must be a class/],
        [{ ...money, type: (x) => x }, /it must be a class/],
        [{ ...money, type: undefined, test: true }, /"test" is true; it must be a function/],
        [{ ...money, toPlain: 1 }, /"toPlain" is 1; it must be a function/],
        [{ ...money, fromPlain: undefined }, /"fromPlain" is undefined; it must be a function/],
        [{ ...money, encode: 1 }, /unknown member "encode"; there are tag, type, test, toPlain, fromPlain/],
      ];
      for (const [type, message] of wrong) {
        assert.throws(
          () => registerType(type),
          (error) => error instanceof UsageError && error.code === 'BAD_ARGUMENT' && message.test(error.message),
        );
      }
    },
  ],
];
