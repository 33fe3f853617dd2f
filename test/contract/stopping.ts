/** Cases of the backend contract: tasks that are told to stop, and errors that nobody catches. */
import { expect } from 'vitest';
import { context } from '../../src/context.ts';
import type { Ear } from './ear.ts';
import type { Start } from './work.ts';

/** What of a chunk has failed, with whether its time was up. */
const failedOf = (ear: Ear) => ear.told.flatMap((t) => (t.type === 'part' || t.type === 'done' ? t.failed : []));

export function casesOfStopping(started: Start): Record<string, () => Promise<void>> {
  return {
    'a task that is told to stop sees its signal abort with the reason, and fails as timed out': async () => {
      const { backend, ear, slot, chunk } = await started(async (x: number) => {
        if (x !== 2) return x;
        const { signal } = context;
        context.emit('waits');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        context.emit(String(signal.reason));
        throw new RangeError('of its own');
      });
      const c = chunk([1, 2, 3], { from: 10, heard: true, timed: true });
      backend.run(slot, c);
      await ear.heard('message');
      expect(backend.taskNow(slot, c.chunkId)).toEqual({ index: 11, ranMs: expect.any(Number) });
      backend.stop(slot, c.chunkId, { index: 11, reason: new Error('time is up'), graceMs: 60_000 });
      expect(await ear.results(c.chunkId)).toEqual([1, undefined, 3]);
      expect(ear.told.flatMap((t) => (t.type === 'message' ? [t.value] : []))).toEqual(['waits', 'Error: time is up']);
      expect(failedOf(ear).map(({ index, timedOut, error }) => [index, timedOut, String(error)])).toEqual([
        [11, true, 'RangeError: of its own'],
      ]);
    },
    'what a task gives after it was told to stop does not count, and its reason is no error of its own': async () => {
      const { backend, ear, slot, chunk } = await started(async (throws: boolean) => {
        const { signal } = context;
        context.emit('waits');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        if (throws) signal.throwIfAborted();
        return 'late';
      });
      for (const throws of [true, false]) {
        const c = chunk([throws], { heard: true, timed: true });
        backend.run(slot, c);
        await ear.heard('message', ({ task }) => task.chunkId === c.chunkId);
        backend.stop(slot, c.chunkId, { index: 0, reason: new Error('time is up'), graceMs: 60_000 });
        expect(await ear.results(c.chunkId)).toEqual([undefined]);
      }
      expect(failedOf(ear).map(({ timedOut, error }) => [timedOut, error])).toEqual([
        [true, undefined],
        [true, undefined],
      ]);
    },
    'a task that does not end within its grace time is given up, and the next ones run': async () => {
      const { backend, ear, slot, chunk } = await started(async (x: number) => {
        context.emit(x);
        if (x === 1) await new Promise(() => {});
        return x;
      });
      const c = chunk([1, 2], { heard: true, timed: true });
      backend.run(slot, c);
      await ear.heard('message');
      backend.stop(slot, c.chunkId, { index: 0, reason: undefined, graceMs: 5 });
      expect(await ear.results(c.chunkId)).toEqual([undefined, 2]);
      expect(failedOf(ear).map(({ index, timedOut }) => [index, timedOut])).toEqual([[0, true]]);
      if (backend.can.kill) await ear.heard('tired');
    },
    'of a chunk that is told to stop as a whole nothing more starts': async () => {
      const { backend, ear, slot, chunk } = await started(async (x: number) => {
        context.emit(x);
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        return x;
      });
      const c = chunk([1, 2, 3], { heard: true });
      backend.run(slot, c);
      await ear.heard('message');
      backend.stop(slot, c.chunkId, { index: undefined, reason: undefined, graceMs: Number.POSITIVE_INFINITY });
      expect((await ear.results(c.chunkId)).length).toBeLessThan(3);
      expect(ear.told.flatMap((t) => (t.type === 'message' ? [t.value] : []))).toEqual([1]);
      expect(backend.taskNow(slot, c.chunkId)).toBeUndefined();
    },
    'a stop that comes too late, or for a chunk that is not there, means nothing': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => x);
      backend.stop(slot, 1234, { index: undefined, reason: undefined, graceMs: 0 });
      expect(backend.taskNow(slot, 1234)).toBeUndefined();
      const c = chunk([1, 2]);
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([1, 2]);
      backend.stop(slot, c.chunkId, { index: 1, reason: undefined, graceMs: 0 });
      const after = chunk([3]);
      backend.run(slot, after);
      expect(await ear.results(after.chunkId)).toEqual([3]);
    },
    'an error that nobody catches fails the task it came from, and is told as late where that has ended': async () => {
      const { backend, ear, slot, chunk } = await started(async (x: number) => {
        setImmediate(() => {
          throw new RangeError(`of ${x}`);
        });
        if (x === 1) await new Promise(() => {});
        return x;
      });
      const running = chunk([1], { from: 4 });
      backend.run(slot, running);
      expect(await ear.results(running.chunkId)).toEqual([undefined]);
      expect(failedOf(ear).map(({ index, error }) => [index, String(error)])).toEqual([[4, 'RangeError: of 1']]);
      const ended = chunk([2], { from: 7 });
      backend.run(slot, ended);
      const late = await ear.heard('lateError');
      expect([late.index, String(late.error)]).toEqual([7, 'RangeError: of 2']);
      expect(await ear.results(ended.chunkId)).toEqual([2]);
      expect(ear.told.some((t) => t.type === 'slotDown')).toBe(false);
    },
  };
}
