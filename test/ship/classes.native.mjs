// biome-ignore-all lint: odd code is what these cases are about
// Classes: private members, statics, inheritance, prototypes.

import { EventEmitter } from 'node:events';

const K = 3;
class Animal {
  #name;
  static made = 0;
  static #secret = 40;
  static {
    globalThis.animalDefined = (globalThis.animalDefined ?? 0) + 1;
  }
  legs = 4;
  constructor(name) {
    this.#name = name;
    Animal.made++;
  }
  get name() {
    return this.#name;
  }
  #shout() {
    return this.#name.toUpperCase();
  }
  speak() {
    return this.#shout() + K;
  }
  static secret() {
    return Animal.#secret + 2;
  }
  static is(o) {
    return #name in o;
  }
}
class Dog extends Animal {
  #tricks = [];
  constructor(name, ...tricks) {
    super(name);
    this.#tricks.push(...tricks);
  }
  get tricks() {
    return this.#tricks.join();
  }
  speak() {
    return super.speak() + '!';
  }
}
class Plain {
  constructor(a) {
    this.a = a;
  }
  get double() {
    return this.a * 2;
  }
  static create(a) {
    return new this(a);
  }
  [Symbol.iterator]() {
    return [this.a, K][Symbol.iterator]();
  }
}
class Emitter extends EventEmitter {
  hello() {
    return 'hi';
  }
}
class MyMap extends Map {
  sum() {
    let s = 0;
    for (const v of this.values()) s += v;
    return s;
  }
}
function OldStyle(a) {
  this.a = a;
}
OldStyle.prototype.get = function () {
  return this.a + K;
};
const mixin = (B) =>
  class extends B {
    mixed() {
      return 'm' + this.a;
    }
  };
class Mixed extends mixin(Plain) {}

export const cases = [
  ['class as the function', async (run, t) => t.equal(await run((C) => new C(4).double, Plain), 8)],
  [
    'class with private fields, methods, statics',
    async (run, t) =>
      t.equal(
        await run(() => {
          const a = new Animal('rex');
          return [a.speak(), a.legs, Animal.secret(), Animal.is(a), Animal.is({})];
        }),
        ['REX3', 4, 42, true, false],
      ),
  ],
  [
    'static state travels, static blocks do not run again',
    async (run, t) => {
      new Animal('x');
      const n = Animal.made;
      t.equal(await run(() => [Animal.made, globalThis.animalDefined]), [n, undefined]);
    },
  ],
  [
    'class inheritance with super and privates',
    async (run, t) =>
      t.equal(
        await run(() => {
          const d = new Dog('fido', 'sit', 'roll');
          return [d.speak(), d.tricks, d instanceof Animal];
        }),
        ['FIDO3!', 'sit,roll', true],
      ),
  ],
  [
    'instance with private fields, constructor not run',
    async (run, t) => {
      const d = new Dog('ace', 'spin');
      const made = Animal.made;
      t.equal(await run(() => [d.speak(), d.tricks, d.legs, Animal.made]), ['ACE3!', 'spin', 4, made]);
    },
  ],
  [
    'mixin class and class expression heritage',
    async (run, t) =>
      t.equal(
        await run(() => {
          const m = new Mixed(2);
          return [m.mixed(), m.double, m instanceof Plain];
        }),
        ['m2', 4, true],
      ),
  ],
  [
    'old-style constructor with prototype methods',
    async (run, t) => {
      const o = new OldStyle(2);
      t.equal(await run(() => [o.get(), new OldStyle(5).get(), o instanceof OldStyle]), [5, 8, true]);
    },
  ],
  [
    'patched prototype',
    async (run, t) => {
      class P {
        a() {
          return 1;
        }
      }
      P.prototype.b = function () {
        return this.a() + K;
      };
      P.prototype.a = () => 10;
      t.equal(await run(() => new P().b()), 13);
    },
  ],
  [
    'class extends a built-in (Map)',
    async (run, t) => {
      const m = new MyMap([
        ['a', 1],
        ['b', 2],
      ]);
      t.equal(await run(() => [m.sum(), m instanceof MyMap, m.size]), [3, true, 2]);
    },
  ],
  [
    'class extends EventEmitter',
    async (run, t) => {
      const e = new Emitter();
      let got = 0;
      e.on('x', (v) => {
        got += v;
      });
      t.equal(
        await run(() => {
          e.emit('x', 5);
          return [e.hello(), got];
        }),
        ['hi', 5],
      );
    },
  ],
  [
    'computed member names in a class',
    async (run, t) => {
      const key = 'dyn',
        sym = Symbol('s');
      class C {
        [key]() {
          return key + K;
        }
        [sym] = 5;
        static [key + 'S']() {
          return 1;
        }
        get [`g${K}`]() {
          return 2;
        }
        peek() {
          return [key, sym, K];
        }
      }
      t.equal(
        await run(() => {
          const c = new C();
          return [c.dyn(), c[sym], C.dynS(), c.g3, c.peek().length];
        }),
        ['dyn3', 5, 1, 2, 3],
      );
    },
  ],
  [
    'instance of a class with equal private names in two classes',
    async (run, t) => {
      class A {
        #p = 1;
        setA(v) {
          this.#p = v;
          return this;
        }
        a() {
          return this.#p;
        }
      }
      class B extends A {
        #p = 2;
        setB(v) {
          this.#p = v;
          return this;
        }
        b() {
          return this.#p;
        }
      }
      const o = new B().setA(10).setB(20);
      t.equal(await run(() => [o.a(), o.b()]), [10, 20]);
    },
  ],
  [
    'a method with private access, extracted and bound, comes with its class',
    async (run, t) => {
      const { speak } = Animal.prototype,
        dog = new Dog('rex'),
        tricks = Object.getOwnPropertyDescriptor(Dog.prototype, 'tricks').get;
      t.equal(await run(() => [speak.call(dog), speak === Animal.prototype.speak, tricks.call(new Dog('x', 'sit'))]), [
        'REX3',
        true,
        'sit',
      ]);
      t.equal(await run(speak.bind(dog)), 'REX3');
    },
  ],
  [
    'a class that captures its own prototype object, or a method of its own',
    async (run, t) => {
      class C {
        #n = 2;
        isMine() {
          return Object.getPrototypeOf(this) === proto;
        }
        get() {
          return this.#n;
        }
        again() {
          return get.call(this);
        }
      }
      const proto = C.prototype,
        { get } = proto;
      t.equal(await run(() => [new C().isMine(), new C().again()]), [true, 2]);
      t.equal(await run(() => [get.call(new C()), new proto.constructor().again()]), [2, 2]);
    },
  ],
  [
    'error: a method with private access whose class is out of reach',
    async (run, t) => {
      const hidden = (() => {
        class C {
          #n = 1;
          get() {
            return this.#n;
          }
        }
        return C.prototype.get;
      })();
      t.ok(/private member/.test((await t.throws(() => run(hidden))).message));
    },
  ],
];
