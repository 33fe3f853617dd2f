/** Cases of the backend contract: what runs now, what comes back of it, and how slots go. */
import { expect } from 'vitest';
import { perWorker } from '../../src/per-worker.ts';
import { registerType } from '../../src/register-type.ts';
import { newNotes, note, noted, untilNoted, whenNoted } from '../doors/notes.native.mjs';
import type { Start } from './work.ts';

export function casesOfLife(started: Start): Record<string, () => Promise<void>> {
  return {
    'what a chunk runs now is told by its index, and nothing before and after it': async () => {
      const task = async ([begun, gate]: [string, string]) => {
        note(begun);
        await whenNoted(gate);
      };
      const { backend, ear, slot, chunk } = await started(task);
      const items = [0, 1].map(() => [newNotes(), newNotes()]);
      const [c, waiting] = [chunk(items, { from: 30 }), chunk([items[0]])];
      expect(backend.taskNow(slot, c.chunkId)).toBeUndefined();
      backend.run(slot, c);
      backend.run(slot, waiting);
      for (const [position, [begun, gate]] of items.entries()) {
        await whenNoted(begun!);
        expect(backend.taskNow(slot, c.chunkId)).toMatchObject({ index: 30 + position });
        expect(backend.taskNow(slot, waiting.chunkId)).toBeUndefined();
        note(gate!);
      }
      await ear.results(c.chunkId);
      expect(backend.taskNow(slot, c.chunkId)).toBeUndefined();
    },
    'a slot that is killed before it has done anything is replaced, however often': async () => {
      const { backend, ear, slot } = await started((x: number) => x);
      if (!backend.can.kill) return;
      const seen = new Set<string>();
      for (let next = slot; seen.size < 5; next = (await ear.heard('slotUp', (t) => !seen.has(t.slot))).slot) {
        seen.add(next);
        backend.kill(next);
      }
      expect(ear.told.filter((t) => t.type === 'fewer' || t.type === 'broken')).toEqual([]);
    },
    'a worker that computes gives back what it has not started, at once': async () => {
      const task = ([begun, gate]: [string, string]) => {
        note(begun);
        untilNoted(gate);
        return 'done';
      };
      const { backend, ear, slot, chunk } = await started(task);
      const [begun, gate] = [newNotes(), newNotes()];
      const item = [begun, gate];
      const [running, waiting] = [chunk([item, item, item], { from: 50 }), chunk([item, item])];
      backend.run(slot, running);
      backend.run(slot, waiting);
      await whenNoted(begun);
      backend.takeBack(slot, running.chunkId, 51);
      backend.takeBack(slot, waiting.chunkId, 0);
      expect((await ear.heard('shortened', (t) => t.chunkId === running.chunkId)).to).toBe(51);
      expect((await ear.heard('shortened', (t) => t.chunkId === waiting.chunkId)).to).toBe(0);
      expect(ear.told.some((t) => t.type === 'done')).toBe(false);
      note(gate);
      expect(await ear.results(running.chunkId)).toEqual(['done']);
      expect(noted(begun)).toHaveLength(1);
    },
    'a retired slot goes as planned, lets go of what its tasks have made, and another takes its place': async () => {
      const log = newNotes();
      const own = perWorker(() => 'made', { dispose: (value: string) => note(log, value) });
      const { backend, ear, slot, chunk } = await started(() => own.get());
      const c = chunk([1]);
      backend.run(slot, c);
      expect(await ear.results(c.chunkId)).toEqual(['made']);
      backend.retire(slot);
      expect(await ear.heard('slotDown')).toMatchObject({ slot, progress: [], planned: true });
      const next = await ear.heard('slotUp', (t) => t.slot !== slot);
      const again = chunk([1]);
      backend.run(next.slot, again);
      expect(await ear.results(again.chunkId)).toEqual(['made']);
      await whenNoted(log);
      expect(noted(log)).toEqual(['made']);
    },
    'a slot with nothing to do goes after its time, as planned, and comes back when there is work': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => x, { idleTimeoutMs: 1 });
      const c = chunk([1]);
      backend.run(slot, c);
      const down = await ear.heard('slotDown');
      expect(down).toMatchObject({ slot, planned: true, asleep: true });
      expect(ear.told.filter((t) => t.type === 'slotUp')).toHaveLength(1);
      backend.wake(1);
      const next = await ear.heard('slotUp', (t) => t.slot !== slot);
      const again = chunk([2]);
      backend.run(next.slot, again);
      expect(await ear.results(again.chunkId)).toEqual([2]);
    },
    'a worker that is killed from outside tells what was delivered and what had started': async () => {
      const { backend, ear, slot, chunk } = await started((x: number) => (x === 2 ? process.kill(process.pid, 'SIGKILL') : x));
      const [running, waiting] = [chunk([1, 2, 3], { from: 60, handOverMs: 0 }), chunk([1])];
      backend.run(slot, running);
      backend.run(slot, waiting);
      const down = await ear.heard('slotDown');
      expect(down).toMatchObject({ message: expect.stringMatching(/ended by SIGKILL/), signal: 'SIGKILL' });
      expect(down.progress).toEqual([{ chunkId: running.chunkId, finishedTo: 61, startedTo: 62 }]);
      expect(ear.told.flatMap((t) => (t.type === 'part' ? t.results : []))).toEqual([1]);
    },
    'a worker that dies of what it rebuilds blames no item': async () => {
      class Bomb {}
      const fromPlain = () => process.exit(3);
      const unregister = registerType({ tag: 'contract bomb', type: Bomb, toPlain: () => 0, fromPlain });
      try {
        const { backend, ear, slot, chunk, shipped } = await started((x: unknown) => x);
        const { packed } = backend.transport.pack([1, new Bomb()], (i) => `items[${i}]`, shipped);
        const c = chunk([1, 2], { from: 70, items: packed });
        backend.run(slot, c);
        const down = await ear.heard('slotDown');
        expect(down.progress).toEqual([{ chunkId: c.chunkId, finishedTo: 70, startedTo: undefined }]);
      } finally {
        unregister();
      }
    },
  };
}
