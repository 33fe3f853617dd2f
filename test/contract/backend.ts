/** One suite for every backend: what the conductor relies on, driven through the contract alone. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Backend, PackedChunk } from '../../src/backend.ts';
import { ship } from '../../src/ship/ship.ts';
import type { ShippedFunction } from '../../src/shipped.ts';
import { Ear } from './ear.ts';
import { casesOfLife } from './life.ts';
import { casesOfWork, type Started, type StartOptions } from './work.ts';

export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

export function describeBackend(name: string, make: (options: StartOptions) => Backend, skips: readonly Skip[] = []): void {
  let nextChunk = 1;
  const open: Backend[] = [];
  afterEach(async () => {
    for (const backend of open.splice(0)) await backend.close({ force: true });
  });

  async function started(fn: (...args: never[]) => unknown, options: StartOptions = {}): Promise<Started> {
    const backend = make(options);
    open.push(backend);
    const ear = new Ear(backend);
    backend.open(ear);
    const { slot, depth } = await ear.heard('slotUp');
    const shipped = ship(fn);
    backend.define(shipped);
    const alsoDefine = (other: ShippedFunction) => {
      backend.define(other);
      return other.id;
    };
    const chunk = (items: unknown[], more: Partial<PackedChunk> = {}): PackedChunk => {
      const from = more.from ?? 0;
      const { packed } = backend.transport.pack(items, (i) => `items[${from + i}]`);
      return {
        chunkId: nextChunk++,
        jobId: 1,
        functions: [shipped.id],
        attempt: 1,
        depth: 1,
        heard: false,
        from,
        to: from + items.length,
        items: packed,
        skip: [],
        call: 'item',
        timed: false,
        handOverMs: 20,
        lanes: 1,
        ...more,
      };
    };
    return { backend, ear, slot, depth, shipped, chunk, alsoDefine };
  }

  const cases: Record<string, () => Promise<void>> = {
    ...casesOfWork(started),
    ...casesOfLife(started),
    'announces a slot with room for at least one chunk': async () => {
      const { depth } = await started(() => 0);
      expect(depth).toBeGreaterThanOrEqual(1);
    },
    'runs a chunk and answers with its results in order': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => x * 2);
      const c = chunk([1, 2, 3], { from: 10 });
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([2, 4, 6]);
    },
    'calls with the item, the item and its index, or the item spread': async () => {
      const { backend, ear, slot, chunk } = await started((...args: unknown[]) => args);
      const item = chunk([['a', 'b']], { call: 'item' });
      const indexed = chunk([['a', 'b']], { call: 'itemAndIndex', from: 7 });
      const spread = chunk([['a', 'b']], { call: 'spread' });
      for (const c of [item, indexed, spread]) backend.run(slot, c);
      expect(await ear.results(item.chunkId)).toEqual([[['a', 'b']]]);
      expect(await ear.results(indexed.chunkId)).toEqual([[['a', 'b'], 7]]);
      expect(await ear.results(spread.chunkId)).toEqual([['a', 'b']]);
    },
    'a task that throws fails alone, with its index in the job': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => {
        if (x === 2) throw new RangeError('no twos');
        return x;
      });
      const c = chunk([1, 2, 3], { from: 5 });
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([1, undefined, 3]);
      const failed = ear.told.flatMap((t) => (t.type === 'part' || t.type === 'done' ? t.failed : []));
      expect(failed.map((f) => f.index)).toEqual([6]);
      expect(failed[0]!.error).toBeInstanceOf(RangeError);
    },
    'skipped items are not called': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => x);
      const c = chunk([1, 2, 3], { skip: [1] });
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([1, undefined, 3]);
    },
    'chunks wait for each other, unless they have lanes': async () => {
      const { backend, ear, slot, depth, chunk } = await started(async (ms: number) => {
        const from = performance.now();
        await new Promise((resolve) => setTimeout(resolve, ms));
        return [from, performance.now()];
      });
      if (depth < 2) return;
      const overlaps = async (lanes: number) => {
        const [a, b] = [chunk([30], { lanes }), chunk([30], { lanes })];
        backend.run(slot, a);
        backend.run(slot, b);
        const [first] = (await ear.results(a.chunkId)) as [number, number][];
        const [second] = (await ear.results(b.chunkId)) as [number, number][];
        return second![0] < first![1];
      };
      expect(await overlaps(1)).toBe(false);
      expect(await overlaps(2)).toBe(true);
    },
    'a chunk that waits can be taken back whole, and is never answered': async () => {
      const { backend, ear, slot, chunk } = await started(async (ms: number) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return ms;
      });
      const [running, waiting] = [chunk([30]), chunk([1, 2, 3])];
      backend.run(slot, running);
      backend.run(slot, waiting);
      backend.takeBack(slot, waiting.chunkId, 0);
      expect((await ear.heard('shortened')).to).toBe(0);
      const after = chunk([1]);
      backend.run(slot, after);
      await ear.results(after.chunkId);
      expect(ear.told.filter((t) => (t.type === 'done' || t.type === 'part') && t.chunkId === waiting.chunkId)).toEqual([]);
    },
    'the unstarted tail of a running chunk can be taken back': async () => {
      const { backend, ear, slot, chunk } = await started(async (ms: number) => {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return ms;
      });
      const c = chunk([20, 21, 22, 23, 24, 25], { from: 100 });
      backend.run(slot, c);
      backend.takeBack(slot, c.chunkId, 103);
      const { to } = await ear.heard('shortened');
      expect(to).toBeGreaterThanOrEqual(100);
      expect(to).toBeLessThanOrEqual(103);
      if (to > 100) expect(await ear.results(c.chunkId)).toHaveLength(to - 100);
    },
    'a long chunk hands results over before it ends': async () => {
      const { backend, ear, slot, chunk } = await started((ms: number) => {
        const end = performance.now() + ms;
        while (performance.now() < end);
        return ms;
      });
      const c = chunk(Array.from({ length: 20 }, () => 5));
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toHaveLength(20);
      expect(ear.told.some((t) => t.type === 'part' && t.chunkId === c.chunkId)).toBe(true);
    },
    'what a task prints arrives in whole lines before its result': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => {
        process.stdout.write(`half ${x} `);
        console.log('line', x);
        console.error('oops');
        process.stdout.write('no newline');
      });
      const c = chunk([1]);
      backend.run(slot, c);
      await ear.heard('done');
      const end = ear.told.findIndex((t) => t.type === 'done');
      const before = ear.told.slice(0, end).filter((t) => t.type === 'output');
      expect(
        before
          .filter((t) => t.stream === 'stdout')
          .map((t) => t.text)
          .join(''),
      ).toBe('half 1 line 1\nno newline');
      expect(
        before
          .filter((t) => t.stream === 'stderr')
          .map((t) => t.text)
          .join(''),
      ).toBe('oops\n');
    },
    'a killed slot goes down, tells how far it was, and is replaced': async () => {
      const { backend, ear, slot, chunk } = await started(async (x: number) => {
        if (x === 2) {
          console.log('at two');
          await new Promise(() => {});
        }
        return x;
      });
      const [running, waiting] = [chunk([1, 2, 3], { handOverMs: 0 }), chunk([1])];
      backend.run(slot, running);
      backend.run(slot, waiting);
      await ear.heard('part');
      backend.kill(slot);
      const down = await ear.heard('slotDown');
      expect(down.slot).toBe(slot);
      // The first item is delivered, the second has been started, the waiting chunk has not.
      expect(down.progress).toEqual([
        expect.objectContaining({ chunkId: running.chunkId, finishedTo: 1, startedTo: expect.toBeOneOf([1, 2]) }),
      ]);
      const next = await ear.heard('slotUp', (t) => t.slot !== slot);
      const again = chunk([1, 3]);
      backend.run(next.slot, again);
      expect(await ear.results(again.chunkId)).toEqual([1, 3]);
    },
    'a worker that exits under a task goes down and names the code': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => (x === 2 ? process.exit(3) : x));
      const c = chunk([1, 2, 3]);
      backend.run(slot, c);
      const down = await ear.heard('slotDown');
      expect(down.message).toMatch(/code 3/);
      expect(down.progress).toEqual([{ chunkId: c.chunkId, finishedTo: 1, startedTo: 2 }]);
      expect(ear.told.flatMap((t) => (t.type === 'part' ? t.results : []))).toEqual([1]);
    },
    'closes without waiting for an idle worker, and starts none in its place': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => x);
      const c = chunk([1]);
      backend.run(slot, c);
      await ear.results(c.chunkId);
      const before = ear.told.filter((t) => t.type === 'slotUp').length;
      await backend.close({ force: false });
      await new Promise((resolve) => setImmediate(resolve));
      expect(ear.told.filter((t) => t.type === 'slotUp' || t.type === 'broken')).toHaveLength(before);
    },
  };

  describe(`backend ${name}`, () => {
    for (const [title, body] of Object.entries(cases)) {
      const skip = skips.find((s) => s.tests.includes(title));
      if (skip) test.skip(`${title} (skipped: ${skip.reason})`, () => {});
      else test(title, body);
    }
  });
}
