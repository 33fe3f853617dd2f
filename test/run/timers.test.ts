/** Timers of the core: what they say when they fire, and what an attached debugger does to them. */
import inspector from 'node:inspector';
import { afterEach, expect, test } from 'vitest';
import type { TaskNow } from '../../src/backend.ts';
import { Timers } from '../../src/run/timers.ts';

const watches = { slot: 't1', chunkId: 7 };
type Fired = [timer: number, running: TaskNow | undefined];

/** Timers over a backend that always runs the same task; `next` resolves with what fires. */
function started() {
  const fired: Fired[] = [];
  let tell: (() => void) | undefined;
  const running = { index: 3, ranMs: 40 };
  const timers = new Timers({ taskNow: (slot, chunkId) => (slot === 't1' && chunkId === 7 ? running : undefined) }, (timer, now) => {
    fired.push([timer, now]);
    tell?.();
  });
  const next = async (): Promise<Fired> => {
    if (fired.length === 0)
      await new Promise<void>((resolve) => {
        tell = resolve;
      });
    return fired.shift()!;
  };
  return { timers, fired, running, next };
}

afterEach(() => inspector.close());

test('a timer that watches a chunk tells what it runs when it fires', async () => {
  const { timers, running, next } = started();
  timers.arm({ type: 'armTimer', timer: 1, purpose: 'timeout', afterMs: 1, watches });
  expect(await next()).toEqual([1, running]);
  timers.arm({ type: 'armTimer', timer: 2, purpose: 'retry', afterMs: 1 });
  expect(await next()).toEqual([2, undefined]);
});

test('while a debugger is attached nothing is late, and retries go on', async () => {
  const { timers, fired, running, next } = started();
  inspector.open(0, '127.0.0.1');
  timers.arm({ type: 'armTimer', timer: 1, purpose: 'timeout', afterMs: 1, watches });
  timers.arm({ type: 'armTimer', timer: 2, purpose: 'grace', afterMs: 1, watches });
  timers.arm({ type: 'armTimer', timer: 3, purpose: 'retry', afterMs: 50 });
  expect(await next()).toEqual([3, undefined]);
  expect(fired).toEqual([]);
  inspector.close();
  expect([await next(), await next()].sort()).toEqual([
    [1, running],
    [2, running],
  ]);
});

test('a disarmed timer does not fire, nor while a debugger holds it back', async () => {
  const { timers, fired, next } = started();
  inspector.open(0, '127.0.0.1');
  timers.arm({ type: 'armTimer', timer: 1, purpose: 'timeout', afterMs: 1, watches });
  timers.arm({ type: 'armTimer', timer: 2, purpose: 'look', afterMs: 20 });
  await next();
  timers.disarm(1);
  inspector.close();
  timers.arm({ type: 'armTimer', timer: 3, purpose: 'look', afterMs: 20 });
  expect(await next()).toEqual([3, undefined]);
  expect(fired).toEqual([]);
});

test('a timer of months does not fire at once', async () => {
  const { timers, next } = started();
  timers.arm({ type: 'armTimer', timer: 1, purpose: 'timeout', afterMs: 2 ** 40, watches });
  timers.arm({ type: 'armTimer', timer: 2, purpose: 'look', afterMs: 20 });
  expect(await next()).toEqual([2, undefined]);
  timers.disarm(1);
});
