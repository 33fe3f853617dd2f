// biome-ignore-all lint: odd code is what these cases are about
// What random graphs have found to be lost on the way (fuzz.test.ts), each as the smallest case of its own.

/** A trip to another side and on from there to a third. */
const twice = (t, give) => t.rebuild(t.ship(t.rebuild(t.ship(give))))();

export const cases = [
  [
    'properties with attributes keep their places among the others',
    async (run, t) => {
      const o = { get first() {}, second: 2 };
      Object.defineProperty(o, 'third', { value: 3, configurable: true });
      o.fourth = 4;
      t.equal(await run(() => Reflect.ownKeys(o)), ['first', 'second', 'third', 'fourth']);
    },
  ],
  [
    'a frozen function stays frozen, and so do bound functions and prototypes',
    async (run, t) => {
      const f = Object.freeze(() => 1);
      const bound = Object.freeze(Math.max.bind(null, 1));
      class A {
        m() {}
      }
      Object.freeze(A.prototype);
      t.equal(await run(() => [f, bound, A.prototype].map(Object.isFrozen)), [true, true, true]);
    },
  ],
  [
    'a sealed function is not frozen, whatever V8 says',
    async (run, t) => {
      function F() {}
      Object.seal(F);
      t.equal(await run(() => Object.getOwnPropertyDescriptor(F, 'prototype').writable), true);
    },
  ],
  [
    'a frozen Map, Set and Date stay frozen',
    async (run, t) => {
      const all = [new Map(), new Set(), new Date(0)].map(Object.freeze);
      t.equal(await run(() => all.map(Object.isFrozen)), [true, true, true]);
    },
  ],
  [
    'items of a short array keep their attributes',
    async (run, t) => {
      const list = [1, 2];
      Object.defineProperty(list, 1, { enumerable: false });
      const counted = Object.defineProperty([], 0, { get: () => 'read', enumerable: true });
      t.equal(await run(() => [Object.keys(list), typeof Object.getOwnPropertyDescriptor(counted, 0).get]), [['0'], 'function']);
    },
  ],
  [
    'a class that is shipped on from a copy keeps its private members',
    async (run, t) => {
      class A {
        #x = 1;
        static #y = 2;
        get() {
          return [this.#x, A.#y];
        }
      }
      const a = new A();
      t.equal(twice(t, () => a).get(), [1, 2]);
    },
  ],
  [
    'a computed method needs nothing that only the definition of its class could read',
    async (run, t) => {
      const make = () => {
        const key = 'called';
        return class {
          [key]() {
            return 5;
          }
        };
      };
      const A = make();
      t.equal(await run(() => new A().called()), 5);
    },
  ],
  [
    'a static block that assigns a shared variable is left out whole',
    async (run, t) => {
      const make = () => {
        let made = 0;
        class A {
          static {
            made += 1;
          }
          count() {
            made += 1;
            return made;
          }
        }
        return { A, read: () => made };
      };
      const { A, read } = make();
      t.equal(await run(() => [new A().count(), read()]), [2, 2]);
    },
  ],
  [
    'two classes that share a variable which both assign',
    async (run, t) => {
      const make = () => {
        let made = 0;
        class A {
          up() {
            made += 1;
          }
        }
        class B {
          static read() {
            made += 0;
            return made;
          }
        }
        return [A, B];
      };
      const [A, B] = make();
      t.equal(
        await run(() => {
          new A().up();
          return B.read();
        }),
        1,
      );
    },
  ],
  [
    'a class that captures its own instance, and is met first',
    async (run, t) => {
      const make = () => {
        class Registry {
          #name = 'one';
          static get() {
            return registry;
          }
          name() {
            return this.#name;
          }
        }
        const registry = new Registry();
        return Registry;
      };
      const Registry = make();
      t.equal(await run(() => [Registry.get().name(), Registry.get() instanceof Registry]), ['one', true]);
    },
  ],
  [
    'a cycle through a bound function and two closures',
    async (run, t) => {
      const make = () => {
        const f = () => [typeof g, typeof bound];
        const g = () => bound();
        const bound = f.bind(null);
        return { f, g };
      };
      const { f, g } = make();
      t.equal(await run(() => [f(), g()]), [
        ['function', 'function'],
        ['function', 'function'],
      ]);
    },
  ],
  [
    'a proxy of a function or a class',
    async (run, t) => {
      const seen = new Proxy((x) => x + 1, { apply: (target, self, args) => ['seen', target(...args)] });
      class A {
        n = 1;
      }
      const P = new Proxy(A, {});
      t.equal(await run(() => [seen(1), new P().n]), [['seen', 2], 1]);
    },
  ],
  [
    'what a Date or a boxed primitive holds does not depend on its methods',
    async (run, t) => {
      const date = Object.setPrototypeOf(new Date(7), null);
      const boxed = Object.assign(new Number(3), { valueOf: () => 4 });
      t.equal(await run(() => [Date.prototype.getTime.call(date), Number.prototype.valueOf.call(boxed)]), [7, 3]);
    },
  ],
  [
    'weak collections without their prototype',
    async (run, t) => {
      const key = { n: 1 };
      const set = Object.setPrototypeOf(new WeakSet([key]), null);
      t.equal(await run(() => WeakSet.prototype.has.call(set, key)), true);
    },
  ],
  [
    'a method, an arrow and a generator stay strict when they are shipped on',
    async (run, t) => {
      const holder = {
        method() {
          return this === undefined;
        },
        *generator() {
          yield this === undefined;
        },
      };
      const { method, generator } = holder;
      const there = twice(t, () => [method, generator]);
      t.equal([(0, there[0])(), (0, there[1])().next().value], [true, true]);
    },
  ],
  [
    'a Date subclass with private members keeps both its time and them',
    async (run, t) => {
      class Stamp extends Date {
        #zone = 'UTC';
        zone() {
          return this.#zone;
        }
      }
      const stamp = new Stamp(5);
      t.equal(await run(() => [stamp.zone(), stamp.getTime(), stamp instanceof Stamp]), ['UTC', 5, true]);
    },
  ],
  [
    'an instance with private members of a class above another built-in is refused',
    async (run, t) => {
      class Pattern extends RegExp {
        #note = 1;
        note() {
          return this.#note;
        }
      }
      const pattern = new Pattern('a');
      const { message } = await t.throws(() => run(() => pattern.note()));
      t.ok(/`pattern`.*private members whose parent class is built in/.test(message), message);
    },
  ],
  [
    'a prototype that replaced the one of its function is one object with it',
    async (run, t) => {
      function Old() {
        this.n = 1;
      }
      Old.prototype = {
        get() {
          return this.n;
        },
      };
      const old = new Old();
      t.equal(await run(() => [old instanceof Old, old.get(), new Old().get(), Object.hasOwn(Old.prototype, 'constructor')]), [
        true,
        1,
        1,
        false,
      ]);
    },
  ],
  [
    'an ArrayBuffer beside cyclic data with functions',
    async (run, t) => {
      const o = { buffer: new Uint8Array([1, 2]).buffer, f: () => 1 };
      o.self = [o];
      o.list = [o, o.buffer];
      t.equal(await run(() => [o.buffer.byteLength, o.list[1] === o.buffer]), [2, true]);
    },
  ],
  [
    'a function whose parent has a getter as its constructor, which is not called',
    async (run, t) => {
      let calls = 0;
      const parent = Object.defineProperty(() => {}, 'constructor', {
        get() {
          calls++;
          return Function;
        },
      });
      const fn = Object.setPrototypeOf((x) => x + 1, parent);
      t.equal([await run((x) => fn(x), 1), calls], [2, 0]);
    },
  ],
  [
    'an own symbol is one symbol, captured and as a key of an argument, and comes home as itself',
    async (run, t) => {
      const own = Symbol('own');
      t.equal(await run((o) => o[own], { [own]: 5 }), 5);
      t.ok((await run(() => own)) === own, 'it came home as another symbol');
      const made = await run(() => ({ [own]: 1 }));
      t.equal(made[own], 1);
    },
  ],
  [
    'a class whose prototype has another parent since',
    async (run, t) => {
      class A {
        f() {
          return 'A';
        }
      }
      class B extends A {
        f() {
          return `B${super.f()}`;
        }
      }
      class C {
        f() {
          return this.extra?.() ?? 'none';
        }
      }
      Object.setPrototypeOf(B.prototype, { f: () => 'mixin' });
      Object.setPrototypeOf(C.prototype, { extra: () => 'mixed in' });
      t.equal(await run(() => [new B().f(), new C().f()]), ['Bmixin', 'mixed in']);
    },
  ],
  [
    'a native iterator is refused as a capture, an argument and a result',
    async (run, t) => {
      const iterators = [[1].values(), new Map().entries(), 'a'.matchAll(/a/g), 'a'[Symbol.iterator]()];
      for (const iterator of iterators) {
        t.ok(/running generator or iterator.*Array\.from/.test((await t.throws(async () => run(() => iterator))).message));
        t.ok(/running generator or iterator/.test((await t.throws(async () => run((x) => x, iterator))).message));
      }
      t.ok(/running generator or iterator/.test((await t.throws(() => run(() => [1].values()))).message));
    },
  ],
  [
    'a key of a WeakMap and a WeakSet that lies in plain data only',
    async (run, t) => {
      const key = { deep: { k: 1 } };
      const list = [key, { other: [key.deep] }];
      const map = new WeakMap([[key.deep, 5]]);
      const set = new WeakSet([key]);
      t.equal(await run(() => [map.get(list[1].other[0]), set.has(list[0]), set.has(list[1])]), [5, true, false]);
    },
  ],
];
