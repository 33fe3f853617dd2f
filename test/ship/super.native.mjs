// biome-ignore-all lint: odd code is what these cases are about
// Methods that use `super`, away from their object: bound, extracted, static, accessors.

import { Shape } from './fixtures/shapes.native.mjs';

const K = 3;
class Base {
  constructor(n) {
    this.n = n;
  }
  hi() {
    return 'base' + this.n;
  }
  get label() {
    return 'label' + this.n;
  }
  static make(n) {
    return new this(n);
  }
}
class Sub extends Base {
  hi() {
    return super.hi() + K;
  }
  get label() {
    return super.label + '!';
  }
  static make(n) {
    return super.make(n + 1);
  }
  async later() {
    return super.hi() + 'later';
  }
  ['comp' + 'uted']() {
    return super.hi() + 'computed';
  }
}
class Deep extends Sub {
  hi() {
    return super.hi() + '/';
  }
}
const greeter = {
  __proto__: {
    greet() {
      return 'hello ' + this.who;
    },
  },
  greet() {
    return super.greet() + '.';
  },
};

export const cases = [
  [
    'a bound method that uses super',
    async (run, t) => {
      const sub = new Sub(1);
      t.equal(await run(sub.hi.bind(sub)), 'base13');
      const deep = new Deep(2),
        hi = deep.hi.bind(deep);
      t.equal(await run(() => hi()), 'base23/');
    },
  ],
  [
    'a method bound in the constructor',
    async (run, t) => {
      class Handler extends Base {
        constructor(n) {
          super(n);
          this.hi = this.hi.bind(this);
        }
        hi() {
          return super.hi() + '*';
        }
      }
      const { hi } = new Handler(4);
      t.equal(await run(() => hi()), 'base4*');
    },
  ],
  [
    'a method that is inherited and bound to an instance of a class below',
    async (run, t) => {
      class Below extends Sub {}
      const below = new Below(5);
      t.equal(await run(below.hi.bind(below)), 'base53');
    },
  ],
  [
    'a method of a class that is extracted from its prototype',
    async (run, t) => {
      const { hi, later } = Sub.prototype;
      t.equal(await run(() => hi.call({ n: 7 })), 'base73');
      t.equal(await run(async () => later.call({ n: 7 })), 'base7later');
    },
  ],
  [
    'a method with a computed name',
    async (run, t) => {
      const { computed } = Sub.prototype;
      t.equal(await run(() => computed.call({ n: 1 })), 'base1computed');
    },
  ],
  [
    'an accessor that is extracted',
    async (run, t) => {
      const { get } = Object.getOwnPropertyDescriptor(Sub.prototype, 'label');
      t.equal(await run(() => get.call({ n: 8 })), 'label8!');
    },
  ],
  [
    'a static method, extracted and bound',
    async (run, t) => {
      const { make } = Sub,
        bound = make.bind(Sub);
      t.equal(await run(() => make.call(Base, 1).n), 2);
      const made = await run(() => bound(4));
      t.equal([made.n, made instanceof Sub], [5, true]);
    },
  ],
  [
    'a method of an object that is extracted',
    async (run, t) => {
      const { greet } = greeter;
      t.equal(await run(() => greet.call({ who: 'you' })), 'hello you.');
      const o = Object.create(greeter, { who: { value: 'me' } });
      t.equal(await run(o.greet.bind(o)), 'hello me.');
    },
  ],
  [
    'a method put on another class keeps the super of its own',
    async (run, t) => {
      class Other {
        hi() {
          return 'other';
        }
      }
      class Borrower extends Other {}
      Borrower.prototype.hi = Sub.prototype.hi;
      const b = Object.assign(new Borrower(), { n: 6 });
      t.equal([b.hi(), await run(() => b.hi())], ['base63', 'base63']);
    },
  ],
  [
    'a class of another module, whose method is bound to an instance',
    async (run, t) => {
      const shape = new Shape(2),
        area = shape.area.bind(shape);
      t.equal(await run(() => area()), 'area 4');
    },
  ],
  [
    'refused: a method whose object is nowhere to be found',
    async (run, t) => {
      const hidden = (() =>
        ({
          __proto__: { hi: () => 1 },
          hi() {
            return super.hi() + 1;
          },
        }).hi)();
      const e = await t.throws(async () => run(hidden));
      t.ok(
        /^Cannot ship `hi` at `super\.native\.mjs:\d+:\d+`: it uses super, and the object or class it was defined in is nowhere .* Capture that object, and call the method on it\.$/.test(
          e.message,
        ),
        e.message,
      );
    },
  ],
  [
    'refused: a method read from a copy of its object, which inherits from another',
    async (run, t) => {
      const copy = { ...greeter, greet: greeter.greet };
      const hello = greeter.greet;
      t.equal(await run(() => hello.call({ who: 'you' })), 'hello you.');
      const alone = (() => {
        const first = {
          __proto__: { hi: () => 1 },
          hi() {
            return super.hi() + 1;
          },
        };
        return { ...first };
      })();
      const e = await t.throws(async () => run(() => alone.hi()));
      t.ok(/^Cannot ship `alone\.hi` \(captured by .* uses super, and the object .* nowhere/.test(e.message), e.message);
      t.equal(await run(() => copy.greet.call({ who: 'them' })), 'hello them.');
    },
  ],
  [
    'refused: a method of two objects that inherit from different ones',
    async (run, t) => {
      const first = {
          __proto__: { hi: () => 1 },
          hi() {
            return super.hi() + 1;
          },
        },
        second = { __proto__: { hi: () => 2 }, hi: first.hi },
        third = {
          first,
          second,
        };
      const both = () => [first.hi(), second.hi(), third];
      t.equal(both()[1], 2);
      const e = await t.throws(async () => run(() => both()));
      t.ok(/uses super, and is a method of several objects/.test(e.message), e.message);
    },
  ],
];
