// biome-ignore-all lint: each case imports what a program would
// Installed libraries, captured and used in a worker: they travel by name, as the worker imports them.

import * as d3 from 'd3-array';
import { bisector, mean as d3mean, InternMap, rollup } from 'd3-array';
import dayjs from 'dayjs';
import { Decimal } from 'decimal.js';
import Immutable, { Map as ImmutableMap, List, Record } from 'immutable';
import lodash from 'lodash';
import debounce from 'lodash/debounce.js';
import { Matrix, solve } from 'ml-matrix';
import pLimit from 'p-limit';
import pino from 'pino';
import { firstValueFrom, from, Observable, of, map as rxMap, toArray } from 'rxjs';
import * as statistics from 'simple-statistics';
import { linearRegression, mean } from 'simple-statistics';
import * as zod from 'zod';
import { z } from 'zod';

const curried = lodash.curry((a, b, c) => a + b + c);
const memoized = lodash.memoize((x) => x * x);
const day = dayjs('2024-02-29T12:00:00Z');
const third = new Decimal(1).div(3);
const matrix = new Matrix([
  [2, 1],
  [1, 3],
]);
const settings = ImmutableMap({ k: 3, list: List([1, 2]) });
const Point = Record({ x: 0, y: 0 });
const user = z.object({ name: z.string().min(2), age: z.number().int().optional() });
const doubled = of(1, 2, 3).pipe(rxMap((x) => x * 2));
const byAge = bisector((d) => d.age);

export const cases = [
  [
    'simple-statistics: named and namespace imports, by name',
    async (run, t) => {
      const task = (xs) => [
        mean(xs),
        statistics.median(xs),
        linearRegression([
          [0, 1],
          [1, 3],
        ]),
      ];
      t.equal(await run(task, [1, 2, 6]), [3, 2, { m: 2, b: 1 }]);
      t.named(task, 'simple-statistics');
    },
  ],
  [
    'lodash: the default import and a deep import, by name',
    async (run, t) => {
      const task = (xs) => [lodash.chunk(xs, 2), lodash.sumBy(xs, (x) => x), typeof debounce];
      t.equal(await run(task, [1, 2, 3]), [[[1, 2], [3]], 6, 'function']);
      t.named(task, 'lodash');
    },
  ],
  [
    'lodash: a curried and a memoized function, by value',
    async (run, t) => t.equal(await run(() => [curried(1)(2)(3), memoized(4)]), [6, 16]),
  ],
  [
    'lodash: a global of the program is no export of the module that exports globalThis',
    async (run, t) => {
      globalThis.addedByTheProgram = () => 5;
      try {
        t.equal(await run(() => addedByTheProgram()), 5);
      } finally {
        delete globalThis.addedByTheProgram;
      }
    },
  ],
  [
    'lodash: a chain wrapper',
    async (run, t) => {
      const chain = lodash([3, 1, 2]).sortBy();
      t.equal(await run(() => chain.value()), [1, 2, 3]);
    },
  ],
  [
    'dayjs: the function, by name',
    async (run, t) => {
      const task = (text) => dayjs(text).add(1, 'day').format('YYYY-MM-DD');
      t.equal(await run(task, '2024-02-28'), '2024-02-29');
      t.named(task, 'dayjs');
    },
  ],
  [
    'dayjs: an instance as capture, argument and result',
    async (run, t) => {
      t.equal(await run((other) => [day.isSame(other), day.valueOf()], day), [true, day.valueOf()]);
      const next = await run(() => day.add(1, 'month'));
      t.ok(next instanceof dayjs && dayjs.isDayjs(next), 'it is no dayjs of the caller');
      t.equal(next.toISOString(), day.add(1, 'month').toISOString());
    },
  ],
  [
    'decimal.js: the class, by name',
    async (run, t) => {
      const task = (text) => new Decimal(text).plus('0.2').toString();
      t.equal(await run(task, '0.1'), '0.3');
      t.named(task, 'decimal.js');
    },
  ],
  [
    'decimal.js: an instance as capture, argument and result',
    async (run, t) => {
      t.equal(await run((x) => third.times(x).toString(), new Decimal(3)), third.times(3).toString());
      const result = await run(() => third.plus(1));
      t.ok(result instanceof Decimal, 'it is no Decimal of the caller');
      t.equal(result.toString(), third.plus(1).toString());
      t.ok(result.eq(third.plus(1)));
    },
  ],
  [
    'ml-matrix: class and function, by name',
    async (run, t) => {
      const task = (rows) =>
        solve(new Matrix(rows), Matrix.columnVector([3, 4]))
          .to1DArray()
          .map(Math.round);
      t.equal(
        await run(task, [
          [2, 1],
          [1, 3],
        ]),
        [1, 1],
      );
      t.named(task, 'ml-matrix');
    },
  ],
  [
    'ml-matrix: an instance as capture, argument and result',
    async (run, t) => {
      t.equal(await run((other) => matrix.mmul(other).to2DArray(), Matrix.eye(2)), matrix.to2DArray());
      // Its class has a private method.
      const result = await run((other) => matrix.mmul(other), Matrix.eye(2));
      t.ok(result instanceof Matrix, 'it is no Matrix of the caller');
      t.equal(result.add(matrix).to2DArray(), matrix.clone().mul(2).to2DArray());
    },
  ],
  [
    'immutable: default and named imports, by name',
    async (run, t) => {
      const task = () => Immutable.is(List([1]), Immutable.List([1]));
      t.equal(await run(task), true);
      t.named(task, 'immutable');
    },
  ],
  [
    'immutable: a Map and a List as capture, argument and result',
    async (run, t) => {
      t.equal(await run((list) => settings.getIn(['list', 1]) + list.size, List([1, 2, 3])), 5);
      const result = await run(() => settings.set('k', 4));
      t.ok(ImmutableMap.isMap(result) && result instanceof ImmutableMap, 'it is no Map of the caller');
      t.ok(Immutable.is(result, settings.set('k', 4)));
      t.equal(result.setIn(['list', 0], 9).toJS(), { k: 4, list: [9, 2] });
    },
  ],
  [
    'immutable: a record',
    async (run, t) => {
      const result = await run((p) => new Point({ x: p.x + 1, y: 2 }), new Point({ x: 1 }));
      t.equal([result.x, result.y, result instanceof Point], [2, 2, true]);
    },
  ],
  [
    'zod: named and namespace imports, by name',
    async (run, t) => {
      const task = (value) => [z.string().safeParse(value).success, zod.number().safeParse(value).success];
      t.equal(await run(task, 'x'), [true, false]);
      t.named(task, 'zod');
    },
  ],
  [
    'zod: a schema made outside the function',
    async (run, t) => {
      t.equal(await run((value) => user.parse(value), { name: 'Ann', age: 3 }), { name: 'Ann', age: 3 });
      t.equal(await run((value) => user.safeParse(value).error.issues.map(({ path }) => path.join('.')), { name: 'A', age: 1.5 }), [
        'name',
        'age',
      ]);
      t.equal(await run((value) => user.extend({ id: z.string() }).partial().parse(value), {}), {});
    },
  ],
  [
    'zod: an error that a task throws is the caller’s ZodError',
    async (run, t) => {
      const error = await t.throws(() => run((value) => user.parse(value), { name: 'A' }));
      t.ok(error instanceof z.ZodError, `it is a ${error?.constructor?.name}: ${error?.message}`);
      t.equal(error.issues.length, 1);
    },
  ],
  [
    'rxjs: operators, by name, and an observable made outside',
    async (run, t) => {
      const task = (xs) =>
        firstValueFrom(
          from(xs).pipe(
            rxMap((x) => x + 1),
            toArray(),
          ),
        );
      t.equal(await run(task, [1, 2]), [2, 3]);
      t.named(task, 'rxjs');
      t.equal(await run(async () => [doubled instanceof Observable, await firstValueFrom(doubled.pipe(toArray()))]), [true, [2, 4, 6]]);
    },
  ],
  [
    'pino: made inside the function, by name',
    async (run, t) => {
      const task = (level) => pino({ level, enabled: false }).isLevelEnabled('error');
      t.equal(await run(task, 'info'), false);
      t.named(task, 'pino');
    },
  ],
  [
    'pino: a logger that writes to an object of one’s own',
    async (run, t) => {
      const lines = [];
      const logger = pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) });
      t.equal(
        await run(() => {
          logger.child({ task: 1 }).info('hello');
          return lines.map(JSON.parse);
        }),
        [{ level: 30, task: 1, msg: 'hello' }],
      );
    },
  ],
  [
    'p-limit: by name, and a limit made outside',
    async (run, t) => {
      const task = () => Promise.all([1, 2].map((x) => pLimit(1)(async () => x)));
      t.equal(await run(task), [1, 2]);
      t.named(task, 'p-limit');
      const limit = pLimit(2);
      t.equal(await run(() => Promise.all([1, 2, 3].map((x) => limit(async () => x * 2)))), [2, 4, 6]);
    },
  ],
  [
    'd3-array: named and namespace imports, by name',
    async (run, t) => {
      const task = (xs) => [
        d3mean(xs),
        d3.extent(xs),
        [
          ...rollup(
            xs,
            (v) => v.length,
            (x) => x % 2,
          ),
        ],
      ];
      t.equal(await run(task, [1, 2, 3]), [
        2,
        [1, 3],
        [
          [1, 2],
          [0, 1],
        ],
      ]);
      t.named(task, 'd3-array');
    },
  ],
  [
    'd3-array: a bisector and an InternMap made outside',
    async (run, t) => {
      const people = [{ age: 1 }, { age: 5 }];
      t.equal(await run(() => byAge.left(people, 3)), 1);
      const result = await run((keys) => new InternMap(keys, (date) => date.getTime()), [[new Date(0), 'epoch']]);
      t.equal([result instanceof InternMap, result.get(new Date(0))], [true, 'epoch']);
    },
  ],
];
