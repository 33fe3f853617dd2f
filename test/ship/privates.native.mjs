// biome-ignore-all lint: odd code is what these cases are about
// Results with private members: each is an instance of the caller's very class, made without its constructor's body.

import { EventEmitter } from 'node:events';
import { Vault } from './fixtures/vault.native.mjs';

let constructed = 0;
class Account {
  #balance;
  #history = [];
  owner = 'nobody';
  constructor(balance) {
    constructed++;
    this.#balance = balance;
    this.#history.push(balance);
  }
  get balance() {
    return this.#balance;
  }
  deposit(x) {
    this.#balance += x;
    this.#history.push(x);
    return this;
  }
  history() {
    return this.#history;
  }
}
class Savings extends Account {
  #balance = 'of savings';
  #rate;
  constructor(balance, rate) {
    super(balance);
    constructed++;
    this.#rate = rate;
  }
  get interest() {
    return this.balance * this.#rate;
  }
  get label() {
    return this.#balance;
  }
}
class Plain extends Savings {}
class Implicit {
  #a = 1;
  #b;
  set(b) {
    this.#b = b;
    return this;
  }
  sum() {
    return this.#a + this.#b;
  }
}
class OnlyArrows {
  #value = { n: 0 };
  read = () => this.#value;
}
class StaticReader {
  #value;
  static of(value) {
    const reader = new StaticReader();
    reader.#value = value;
    return reader;
  }
  static read(reader) {
    return reader.#value;
  }
}
let methodsConstructed = 0;
class Methods {
  #n;
  constructor({ n } = { n: 1 }, extra = methodsConstructed++) {
    methodsConstructed++;
    this.#n = n;
    if (extra === 'never') return;
  }
  #twice() {
    return this.#n * 2;
  }
  get #thrice() {
    return this.#n * 3;
  }
  set #thrice(v) {
    this.#n = v / 3;
  }
  both() {
    return [this.#twice(), this.#thrice];
  }
  setThrice(v) {
    this.#thrice = v;
    return this.#n;
  }
}
class MethodsBelow extends Methods {
  #below = 0;
  constructor(n) {
    super({ n });
    methodsConstructed++;
    this.#below = n + 1;
  }
  #secret() {
    return this.#below;
  }
  secret() {
    return this.#secret();
  }
}
class OnlyMethods {
  #hidden() {
    return this.shown;
  }
  get() {
    return this.#hidden();
  }
}
class Registry extends Map {
  #reads = 0;
  constructor(entries) {
    super(entries);
  }
  get(key) {
    this.#reads++;
    return super.get(key);
  }
  get reads() {
    return this.#reads;
  }
}
class Coded extends RangeError {
  #code;
  constructor(message, code, options) {
    super(message, options);
    this.#code = code;
    this.name = 'Coded';
  }
  get code() {
    return this.#code;
  }
}
class Emitter extends EventEmitter {
  #heard;
  constructor(heard) {
    super();
    this.#heard = heard;
  }
  get heard() {
    return this.#heard;
  }
}
class Node {
  #next = null;
  #self;
  constructor(value) {
    this.value = value;
    this.#self = this;
  }
  link(next) {
    this.#next = next;
    return this;
  }
  get next() {
    return this.#next;
  }
  get self() {
    return this.#self;
  }
}
const fields = (make) =>
  class {
    #made = make;
    constructor(v) {
      this.#made = v;
    }
    get made() {
      return this.#made;
    }
  };
const One = fields(1);
const Two = fields(2);
class Holder {
  #inner = new Methods({ n: 4 });
  constructor() {
    constructed++;
  }
  #check() {
    return this.#inner;
  }
  get inner() {
    return this.#check();
  }
}

/** How often user code ran here while a result arrived. */
async function withoutConstructing(t, act) {
  const before = [constructed, methodsConstructed];
  const result = await act();
  t.equal([constructed, methodsConstructed], before);
  return result;
}

export const cases = [
  [
    'a result with private members is an instance of the own class of the caller, made without its constructor',
    async (run, t) => {
      const account = await withoutConstructing(t, () => run((x) => new Account(x).deposit(2), 5));
      t.ok(account instanceof Account && Object.getPrototypeOf(account) === Account.prototype);
      t.equal([account.balance, account.history(), account.owner, Object.keys(account)], [7, [5, 2], 'nobody', ['owner']]);
      t.equal(account.deposit(3).balance, 10);
      t.ok(new Account(1).balance === 1);
    },
  ],
  [
    'a chain of classes, with equal private names in two of them',
    async (run, t) => {
      for (const Class of [Savings, Plain]) {
        const savings = await withoutConstructing(t, () => run((x) => new Class(x, 0.5), 8));
        t.ok(Object.getPrototypeOf(savings) === Class.prototype);
        t.equal([savings.balance, savings.interest, savings.label], [8, 4, 'of savings']);
      }
    },
  ],
  [
    'classes without a constructor, without methods, and with static readers only',
    async (run, t) => {
      t.equal((await run(() => new Implicit().set(4))).sum(), 5);
      const arrows = await run(() => {
        const made = new OnlyArrows();
        made.read().n = 3;
        delete made.read;
        return made;
      });
      t.ok(arrows instanceof OnlyArrows);
      t.equal(StaticReader.read(await run(() => StaticReader.of(6))), 6);
    },
  ],
  [
    'private methods and accessors work',
    async (run, t) => {
      const methods = await withoutConstructing(t, () => run((n) => new Methods({ n }), 2));
      t.equal([methods.both(), methods.setThrice(9)], [[4, 6], 3]);
      const below = await run((n) => new MethodsBelow(n), 5);
      t.equal([below.both(), below.secret()], [[10, 15], 6]);
      t.equal(
        (
          await run(() => {
            const o = new OnlyMethods();
            o.shown = 8;
            return o;
          })
        ).get(),
        8,
      );
      const holder = await run(() => new Holder());
      t.equal(holder.inner.both(), [8, 12]);
    },
  ],
  [
    'subclasses of Map, Error and EventEmitter',
    async (run, t) => {
      const registry = await run(() => {
        const made = new Registry([['a', 1]]);
        made.get('a');
        return made;
      });
      t.equal([registry instanceof Registry, registry.size, registry.reads, registry.get('a'), registry.reads], [true, 1, 1, 1, 2]);
      const emitter = await run((x) => new Emitter(x), 'this');
      t.equal([emitter.heard, emitter.listenerCount('x'), emitter instanceof EventEmitter], ['this', 0, true]);
      emitter.on('x', (v) => t.equal(v, 1));
      t.ok(emitter.emit('x', 1));
    },
  ],
  [
    'errors, thrown and returned, keep their private members',
    async (run, t) => {
      const thrown = await t.throws(() =>
        run(() => {
          throw new Coded('bad', 7, { cause: new Coded('inner', 8) });
        }),
      );
      t.equal([thrown instanceof Coded, thrown.code, thrown.message, thrown.cause.code, thrown.name], [true, 7, 'bad', 8, 'Coded']);
      t.ok(/privates\.native\.mjs:\d+:\d+/.test(thrown.stack));
      const returned = await run(() => [new Coded('here', 9)]);
      t.equal([returned[0].code, returned[0] instanceof RangeError], [9, true]);
    },
  ],
  [
    'objects that hold themselves and each other, in arrays and Maps, and frozen',
    async (run, t) => {
      const [a, map] = await run(() => {
        const one = new Node(1);
        const two = new Node(2).link(one);
        one.link(two);
        return [one, new Map([['two', Object.freeze(two)]])];
      });
      t.ok(a.next === map.get('two') && a.next.next === a && a.self === a && Object.isFrozen(a.next));
      t.equal([a.value, a.next.value], [1, 2]);
    },
  ],
  [
    'two classes made by the same text stay apart',
    async (run, t) => {
      const [one, two] = await run(() => [new One(3), new Two(4)]);
      t.ok(one instanceof One && two instanceof Two && !(one instanceof Two));
      t.equal([one.made, two.made], [3, 4]);
    },
  ],
  [
    'classes that a module gives, also when they come by name',
    async (run, t) => {
      const vault = await run((x) => new Vault(x), 5);
      t.ok(vault instanceof Vault);
      t.equal(vault.open(), 5);
      const given = new Vault(6);
      const back = await run(() => given);
      t.equal([back instanceof Vault, back.open()], [true, 6]);
      t.equal((await run((v) => v, back)).open(), 6);
    },
  ],
  [
    'an instance that came back goes out again',
    async (run, t) => {
      const first = await run(() => new Savings(4, 2));
      const second = await run((s) => s.deposit(1), first);
      t.equal([second.balance, second.interest, second instanceof Savings, first.balance], [5, 10, true, 4]);
    },
  ],
  [
    'many at once',
    async (run, t) => {
      const accounts = await withoutConstructing(t, () => run((n) => Array.from({ length: n }, (_, i) => new Account(i)), 1000));
      t.ok(accounts.length === 1000 && accounts.every((account, i) => account.balance === i));
    },
  ],
  [
    'the debugger is used once for a class, for each instance only if it has private methods, and no session is left',
    async (run, t) => {
      class Once {
        #a;
        constructor(a) {
          this.#a = a;
        }
        get a() {
          return this.#a;
        }
      }
      const plain = (x) => ({ x });
      const make = (x) => [new Once(x), new Once(x + 1)];
      for (const [task, needsDebugger] of [
        [plain, false],
        [make, true],
        [make, false],
      ]) {
        // The task itself is read before: of its result only the arrival is watched.
        const running = run(task, 1);
        const watched = t.watchInspector();
        try {
          const result = await running;
          if (task === make) t.equal([result[0].a, result[1].a], [1, 2]);
          t.equal([watched.methods.includes('Debugger.enable'), watched.open], [needsDebugger, 0]);
        } finally {
          watched.end();
        }
      }
    },
  ],
  [
    'a field initialiser that throws here fails the result with its reason',
    async (run, t) => {
      let worker = true;
      class Picky {
        #a = worker ? 1 : missing();
        constructor() {
          this.b = 1;
        }
        get a() {
          return this.#a;
        }
      }
      const missing = () => {
        throw new RangeError('not here');
      };
      const running = run(() => new Picky());
      worker = false;
      const error = await t.throws(() => running);
      t.ok(/not here/.test(error.message) || /not here/.test(error.cause?.message), String(error));
    },
  ],
];
