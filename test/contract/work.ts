/** Cases of the backend contract: what may be sent beside one plain function, and what comes back beside its results. */
import { expect } from 'vitest';
import type { Backend, PackedChunk } from '../../src/backend.ts';
import { blockStart } from '../../src/blocks.ts';
import { context } from '../../src/context.ts';
import { ship, shipParts } from '../../src/ship/ship.ts';
import type { ShippedFunction, WorkerSetup } from '../../src/shipped.ts';
import { newNotes, note, noted } from '../doors/notes.native.mjs';
import type { Ear } from './ear.ts';

/** A backend that has started, and what a case needs of it. */
export interface Started {
  readonly backend: Backend;
  readonly ear: Ear;
  readonly slot: string;
  readonly depth: number;
  readonly shipped: ShippedFunction;
  chunk(items: unknown[], more?: Partial<PackedChunk>): PackedChunk;
  /** Defines another function; gives its id. */
  alsoDefine(other: ShippedFunction): string;
}

export interface StartOptions {
  readonly setup?: WorkerSetup;
  readonly idleTimeoutMs?: number;
}

export type Start = (fn: (...args: never[]) => unknown, options?: StartOptions) => Promise<Started>;

export function casesOfWork(started: Start): Record<string, () => Promise<void>> {
  return {
    'what a task prints and emits names its chunk and its index, before its result': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => {
        if (x === 2) console.log('from two');
        context.emit({ x });
        return x;
      });
      const c = chunk([1, 2], { from: 40, heard: true });
      backend.run(slot, c);
      await ear.heard('done');
      const before = ear.told.slice(
        0,
        ear.told.findIndex((t) => t.type === 'done'),
      );
      expect(before.filter((t) => t.type === 'message')).toEqual([
        { type: 'message', task: { chunkId: c.chunkId, index: 40 }, value: { x: 1 } },
        { type: 'message', task: { chunkId: c.chunkId, index: 41 }, value: { x: 2 } },
      ]);
      const printed = before.filter((t) => t.type === 'output');
      for (const output of printed)
        expect(output).toMatchObject({ stream: 'stdout', text: 'from two\n', task: { chunkId: c.chunkId, index: 41 } });
    },
    'what a task emits is not sent where nobody hears it': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => {
        context.emit(x);
        return x;
      });
      const c = chunk([1, 2]);
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([1, 2]);
      expect(ear.told.some((t) => t.type === 'message')).toBe(false);
    },
    'a task knows its index in the job, its attempt and its depth': async () => {
      const { backend, ear, slot, chunk } = await started(async () => {
        await null;
        return [context.index, context.attempt];
      });
      const c = chunk([0, 0], { from: 7, attempt: 3, depth: 2 });
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([
        [7, 3],
        [8, 3],
      ]);
    },
    'a chunk calls several functions, each for the tasks that say so': async () => {
      const { backend, ear, slot, chunk, shipped, alsoDefine } = await started((x: number) => x * 2);
      const negate = alsoDefine(ship((x: number) => -x));
      const fails = alsoDefine(
        ship((x: number) => {
          throw new RangeError(`no ${x}`);
        }),
      );
      const c = chunk([1, 2, 3, 4, 5], { from: 10, functions: [shipped.id, negate, fails], which: [0, 1, 0, 2, 1], skip: [12] });
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([2, -2, undefined, undefined, -5]);
      const failed = ear.told.flatMap((t) => (t.type === 'part' || t.type === 'done' ? t.failed : []));
      expect(failed.map(({ index, error }) => [index, (error as Error).message])).toEqual([[13, 'no 4']]);
      const again = chunk([6], { functions: [negate] });
      backend.run(slot, again);
      expect(await ear.results(again.chunkId)).toEqual([-6]);
    },
    'a forgotten function is gone, and one defined again is there': async () => {
      const { backend, ear, slot, chunk, alsoDefine } = await started((x: number) => x);
      const other = ship((x: number) => x + 1);
      alsoDefine(other);
      const first = chunk([1], { functions: [other.id] });
      backend.run(slot, first);
      expect(await ear.results(first.chunkId)).toEqual([2]);
      backend.forget(other.id);
      expect(() => backend.run(slot, chunk([1], { functions: [other.id] }))).toThrow(/was not defined/);
      alsoDefine(other);
      const again = chunk([2], { functions: [other.id] });
      backend.run(slot, again);
      expect(await ear.results(again.chunkId)).toEqual([3]);
    },
    'a reduction folds block by block and tells which item failed': async () => {
      const { backend, ear, slot, chunk, alsoDefine } = await started((x: number) => x);
      const sum = { fn: (x: number, index: number) => `${x}@${index}`, combine: (a: string, b: string) => `${a} ${b}` };
      const mapped = alsoDefine(shipParts(sum, 'fn'));
      const step = async (total: number[], x: number) => {
        await null;
        if (x === 3) throw new RangeError('no threes');
        total.push(x);
        return total;
      };
      const folded = alsoDefine(shipParts({ initial: [], step }, 'step'));
      // The 129th block is the first with two items: a 64th of the 128 before it.
      expect([blockStart(128), blockStart(129), blockStart(130)]).toEqual([128, 130, 132]);
      const tasks = { from: 127, to: 130, call: 'fold' } as const;
      const one = chunk([1, 2, 3, 4, 5], { ...tasks, functions: [mapped] });
      backend.run(slot, one);
      expect(await ear.results(one.chunkId)).toEqual(['1@127', '2@128 3@129', '4@130 5@131']);
      const two = chunk([1, 2, 3, 4, 5], { ...tasks, functions: [folded] });
      backend.run(slot, two);
      expect(await ear.results(two.chunkId)).toEqual([[1], undefined, [4, 5]]);
      const failed = ear.told.flatMap((t) => (t.type === 'part' || t.type === 'done' ? t.failed : []));
      expect(failed.map(({ index, item, error }) => [index, item, (error as Error).name])).toEqual([[128, 129, 'RangeError']]);
    },
    'a setup runs once before the first task, and the slot is ready after it': async () => {
      const calls = newNotes();
      const fn = async (path: string, text: string) => {
        await new Promise((resolve) => setImmediate(resolve));
        note(path, text);
      };
      const setup: WorkerSetup = { type: 'function', fn: ship(fn), args: [calls, 'set up'] };
      const { backend, ear, slot, chunk } = await started((path: string) => noted(path), { setup });
      // Before it has been set up.
      const c = chunk([calls, calls]);
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([['set up'], ['set up']]);
      const readyAt = ear.told.findIndex((t) => t.type === 'slotReady');
      expect(readyAt).toBeGreaterThanOrEqual(0);
      expect(readyAt).toBeLessThan(ear.told.findIndex((t) => t.type === 'done' || t.type === 'part'));
      const again = chunk([calls]);
      backend.run(slot, again);
      expect(await ear.results(again.chunkId)).toEqual([['set up']]);
    },
    'a setup that fails ends in broken with its cause, and no chunk is run': async () => {
      const fn = () => {
        throw new RangeError('no database');
      };
      const { backend, ear, slot, chunk } = await started((x: number) => x, { setup: { type: 'function', fn: ship(fn), args: [] } });
      backend.run(slot, chunk([1]));
      const { reason } = await ear.heard('broken');
      expect(reason.message).toMatch(/its setup failed with RangeError: no database/);
      expect(reason.cause).toBeInstanceOf(RangeError);
      expect(ear.told.filter((t) => t.type === 'done' || t.type === 'part' || t.type === 'slotReady')).toEqual([]);
    },
    'a setup module is imported and its default function called': async () => {
      const url = new URL('../doors/fixtures/setup-default.mjs', import.meta.url).href;
      const { backend, ear, slot, chunk } = await started(async (u: string) => ((await import(u)) as { runs: number }).runs, {
        setup: { type: 'module', url },
      });
      const c = chunk([url]);
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual([1]);
    },
  };
}
