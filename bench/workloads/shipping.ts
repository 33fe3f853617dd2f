/** Hot loops in functions that were shipped and rebuilt, beside the originals, in one process; and what packing takes. */
import { msOf, mustBe, type Workload } from '../workload.ts';

const root = new URL('../../../', import.meta.url);
const { ship } = (await import(new URL('dist/ship/ship.js', root).href)) as typeof import('../../dist/ship/ship.js');
const { learnCodes, rebuild } = (await import(new URL('dist/ship/unship.js', root).href)) as typeof import('../../dist/ship/unship.js');

/** A function that does its work `n` times and gives a number. */
type Loop = (n: number) => number;

interface HotLoop {
  readonly what: string;
  /** Made in a call, so that what it captures is its own. */
  readonly make: () => Loop;
  readonly n: number;
  readonly atMost?: number;
}

const LIMIT = 1.1;

const loops: Readonly<Record<string, HotLoop>> = {
  kernel: {
    what: 'a loop over floats',
    n: 8_000_000,
    atMost: LIMIT,
    make: () => (n) => {
      let sum = 0;
      for (let i = 1; i <= n; i++) sum += Math.sqrt(i) * 0.5 + 1 / i;
      return sum;
    },
  },
  helper: {
    what: 'a captured helper, called in the loop',
    n: 15_000_000,
    atMost: LIMIT,
    make: () => {
      const k = 3;
      const helper = (x: number) => x * k + 1;
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += helper(i);
        return sum;
      };
    },
  },
  recursion: {
    what: 'self-recursion: fib(30)',
    n: 30,
    atMost: LIMIT,
    make: () =>
      function fib(n: number): number {
        return n < 2 ? n : fib(n - 1) + fib(n - 2);
      },
  },
  mutual: {
    what: 'two functions that call each other',
    n: 300,
    make: () => {
      const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
      const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);
      return (n) => {
        let sum = 0;
        for (let i = 0; i < 10_000; i++) sum += isEven(i % n) ? 1 : 0;
        return sum;
      };
    },
  },
  property: {
    what: "a captured object's property",
    n: 20_000_000,
    make: () => {
      const settings = { scale: 3, offset: 1 };
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += i * settings.scale + settings.offset;
        return sum;
      };
    },
  },
  array: {
    what: 'a captured array',
    n: 20_000_000,
    make: () => {
      const weights = [0.5, 1.5, 2.5, 3.5];
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += weights[i & 3]!;
        return sum;
      };
    },
  },
  privates: {
    what: 'a class with private fields, made in the loop',
    n: 3_000_000,
    make: () => {
      class Point {
        readonly #x: number;
        #y = 1;
        constructor(x: number) {
          this.#x = x;
        }
        sum() {
          this.#y += 1;
          return this.#x + this.#y;
        }
      }
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += new Point(i).sum();
        return sum;
      };
    },
  },
  cell: {
    what: 'a variable that two closures share and one assigns',
    n: 10_000_000,
    make: () => {
      let count = 0;
      const up = () => {
        count += 1;
      };
      return (n) => {
        count = 0;
        for (let i = 0; i < n; i++) up();
        return count;
      };
    },
  },
  method: {
    what: 'a method of a captured instance',
    n: 15_000_000,
    make: () => {
      class Scale {
        readonly k = 3;
        of(x: number) {
          return x * this.k;
        }
      }
      const scale = new Scale();
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += scale.of(i);
        return sum;
      };
    },
  },
  closures: {
    what: 'a closure of a closure',
    n: 15_000_000,
    make: () => {
      const times = (k: number) => (x: number) => x * k;
      const plus = (k: number, f: (x: number) => number) => (x: number) => f(x) + k;
      const both = plus(1, times(3));
      return (n) => {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += both(i);
        return sum;
      };
    },
  },
};

export const shippedLoops: readonly Workload[] = Object.entries(loops).map(([name, { what, make, n, atMost }]) => ({
  name: `shipped-${name}`,
  what,
  unit: 'ms',
  baseline: 'original',
  bars: atMost === undefined ? [] : [{ contender: 'shipped', of: 'ratio', atMost }],
  turns: 20,
  quickTurns: atMost === undefined ? 0 : 7,
  async setUp() {
    const original = make();
    const { graph, codes } = ship(original);
    const sent = structuredClone({ graph, codes });
    learnCodes(sent.codes);
    const shipped = rebuild(sent.graph) as Loop;
    const expected = original(n);
    const contenders = {
      shipped: () => msOf(() => mustBe(name, shipped(n) === expected)),
      original: () => msOf(() => mustBe(name, original(n) === expected)),
    };
    for (let round = 0; round < 5; round += 1) for (const warmUp of Object.values(contenders)) await warmUp();
    return { contenders, tearDown: async () => {} };
  },
}));

const TIMES = 200;

export const pack: Workload = {
  name: 'pack',
  what: `packing a function that was packed before and has 3 captures, mean of ${TIMES}`,
  unit: 'µs',
  baseline: 'ship',
  bars: [{ contender: 'ship', of: 'figure', atMost: 150 }],
  turns: 20,
  quickTurns: 7,
  async setUp() {
    const [k, settings] = [3, { offset: 1 }];
    const helper = (x: number) => x * k;
    const fn = (x: number) => helper(x) + settings.offset + k;
    const contenders = {
      ship: async () => {
        const tookMs = await msOf(() => {
          for (let i = 0; i < TIMES; i++) ship(fn);
        });
        return (1000 * tookMs) / TIMES;
      },
    };
    for (let round = 0; round < 5; round += 1) await contenders.ship();
    return { contenders, tearDown: async () => {} };
  },
};
