import { describe, expect, test } from 'vitest';
import { type Held, howFarWas } from '../src/backends/held-chunks.ts';
import type { FromWorker, RunMessage, ToWorker } from '../src/protocol.ts';
import { harmlessEnd, isHarmless, RunExpander, RunShortener, sideBySide, takeFromWorker } from '../src/shorthand.ts';

function run(chunkId: number, values: readonly unknown[]): RunMessage {
  return {
    type: 'run',
    chunkId,
    cell: chunkId % 4,
    jobId: 1,
    attempt: 1,
    depth: 1,
    from: chunkId * 10,
    to: chunkId * 10 + values.length,
    call: 'item',
    lanes: 1,
    functions: ['f1'],
    which: undefined,
    items: { values },
    skip: [],
    heard: false,
    timed: false,
    timeoutMs: undefined,
    handOverMs: 200,
  };
}

describe('what goes together', () => {
  test('chunks arrive as they would have one by one, with every value', () => {
    const shortener = new RunShortener();
    const first = run(1, [0]);
    shortener.sent(first);
    const messages = [run(2, [-0, Number.NaN, 1.5]), run(3, []), run(4, [undefined, null, 'x', true])];
    const short = messages.map((message) => shortener.shorten(message)).filter(isHarmless);
    expect(short).toHaveLength(messages.length);
    const expander = new RunExpander();
    const taken: ToWorker[] = [];
    expander.take(structuredClone(first), (message) => taken.push(message));
    expander.take(structuredClone(sideBySide(short)), (message) => taken.push(message));
    expect(taken).toEqual([first, ...messages]);
  });

  test('so do ends', () => {
    const outputs = [
      { chunkId: 7, from: 70, results: { values: [1, 'a', undefined] }, failed: [] },
      { chunkId: 9, from: 90, results: { values: [-0] }, failed: [] },
    ];
    const ends = outputs.map((output) => harmlessEnd(output, 0.25)!);
    const taken: FromWorker[] = [];
    takeFromWorker(structuredClone(sideBySide(ends)), (message) => taken.push(message));
    expect(taken).toEqual(outputs.map((output) => ({ type: 'done', ranMs: 0.25, ...output })));
  });

  test('an end with an object, a failure or what moves goes alone', () => {
    const end = (values: readonly unknown[], more: object = {}) =>
      harmlessEnd({ chunkId: 1, from: 0, results: { values }, failed: [], ...more }, 0);
    expect(end([{}])).toBeUndefined();
    expect(end(['x'.repeat(2000)])).toBeUndefined();
    expect(end([1], { failed: [{ index: 0, error: { values: [] } }] })).toBeUndefined();
    expect(end([1], { results: { values: [1], moves: [new ArrayBuffer(1)] } })).toBeUndefined();
  });
});

describe('how far a worker was that has ended', () => {
  const held = (from: number, started: number, more: Partial<Held> = {}): Held => ({
    from,
    to: from + 1,
    cell: 0,
    watch: { started, ranMs: 0, shorten: () => undefined },
    isAlone: true,
    deliveredTo: from,
    shortened: false,
    returned: false,
    ...more,
  });
  const blamed = (...all: Held[]) => howFarWas(new Map(all.map((one, i) => [i, one] as const))).progress;

  test('only the chunk that has started last is to blame: those before it had finished', () => {
    expect(blamed(held(0, 1), held(1, 1), held(2, 1), held(3, 0))).toEqual([{ chunkId: 2, finishedTo: 2, startedTo: 3 }]);
  });

  test('chunks that run side by side are all listed', () => {
    const beside = { isAlone: false };
    expect(blamed(held(0, 1, beside), held(1, 1, beside)).map((p) => p.chunkId)).toEqual([0, 1]);
  });

  test('what was taken back whole says nothing of those before it', () => {
    expect(blamed(held(0, 1), held(1, 1, { returned: true })).map((p) => p.chunkId)).toEqual([0]);
  });
});
