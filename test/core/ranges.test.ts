import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Range, RangeQueue } from '../../src/core/ranges.ts';

const range = (from: number, to: number, attempt = 1): Range => ({ from, to, attempt });

function queueOf(...ranges: readonly Range[]): RangeQueue {
  const queue = new RangeQueue();
  for (const r of ranges) queue.append(r);
  return queue;
}

test('neighbours become one range', () => {
  expect(queueOf(range(0, 4), range(4, 8)).list()).toEqual([range(0, 8)]);
});

test('neighbours of different attempts stay apart', () => {
  expect(queueOf(range(0, 4), range(4, 8, 2)).list()).toHaveLength(2);
});

test('takes no more than asked, and no further than the first range', () => {
  const queue = queueOf(range(0, 4), range(10, 20));
  expect([queue.take(3), queue.take(3), queue.take(99), queue.take(1)]).toEqual([range(0, 3), range(3, 4), range(10, 20), undefined]);
  expect(queue.count).toBe(0);
});

test('what comes back goes first', () => {
  const queue = queueOf(range(10, 20));
  queue.take(5);
  queue.prepend(range(3, 4));
  expect(queue.take(99)).toEqual(range(3, 4));
  expect(queue.take(99)).toEqual(range(15, 20));
});

test('empty ranges leave no trace', () => {
  const queue = queueOf(range(3, 3));
  queue.prepend(range(5, 5));
  expect([queue.list(), queue.count]).toEqual([[], 0]);
});

test('can be used again after it was cleared', () => {
  const queue = queueOf(range(0, 8));
  queue.prepend(range(20, 21));
  queue.clear();
  queue.append(range(8, 9));
  expect([queue.list(), queue.count]).toEqual([[range(8, 9)], 1]);
});

test('keeps every task once and in order, whatever is added and taken', () => {
  const operation = fc.record({ kind: fc.constantFrom('append', 'prepend', 'take'), size: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const queue = new RangeQueue();
      let model: number[] = [];
      let next = 0;
      for (const { kind, size } of operations) {
        const added = range(next, next + size);
        const items = Array.from({ length: size }, (_, i) => next + i);
        if (kind === 'take') {
          const taken = queue.take(size + 1);
          const count = taken ? taken.to - taken.from : 0;
          expect(model.slice(0, count)).toEqual(Array.from({ length: count }, (_, i) => taken!.from + i));
          expect(count > 0 || model.length === 0).toBe(true);
          model = model.slice(count);
          continue;
        }
        next += size + (size % 2);
        queue[kind](added);
        model = kind === 'append' ? [...model, ...items] : [...items, ...model];
      }
      expect(queue.count).toBe(model.length);
      expect(queue.list().flatMap((r) => Array.from({ length: r.to - r.from }, (_, i) => r.from + i))).toEqual(model);
    }),
    { numRuns: 500 },
  );
});

test('stays exact over thousands of ranges that were put in and taken out', () => {
  const queue = new RangeQueue();
  for (let i = 0; i < 5_000; i++) queue.append(range(2 * i, 2 * i + 1));
  let sum = 0;
  for (let r = queue.take(5); r; r = queue.take(5)) sum += r.from;
  expect([sum, queue.count, queue.list()]).toEqual([5_000 * 4_999, 0, []]);
});
