import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHUNK_MOVES, moveChunk, moveSlot, SLOT_MOVES } from '../../src/core/states.ts';
import { chunkDiagram, slotDiagram } from './diagram.ts';

const CHUNK_TRIGGERS = ['headFree', 'chunkPart', 'chunkDone', 'chunkShortened', 'chunkLost', 'slotDown'] as const;
const SLOT_TRIGGERS = ['killSlot', 'slotDown'] as const;
const keys = <K extends string>(table: Readonly<Record<K, unknown>>): K[] => Object.keys(table) as K[];

describe('every move of the tables', () => {
  test.each(keys(CHUNK_MOVES))('from the chunk state %s is made when legal and throws otherwise', (from) => {
    for (const trigger of CHUNK_TRIGGERS) {
      for (const to of keys(CHUNK_MOVES)) {
        const move = (): string => moveChunk(from, trigger, to);
        if (CHUNK_MOVES[from][trigger]?.includes(to)) expect(move()).toBe(to);
        else expect(move, `${from} -> ${to} on ${trigger}`).toThrow(`illegal move of a chunk: ${from} -> ${to} on ${trigger}`);
      }
    }
  });

  test.each(keys(SLOT_MOVES))('from the slot state %s is made when legal and throws otherwise', (from) => {
    for (const trigger of SLOT_TRIGGERS) {
      for (const to of keys(SLOT_MOVES)) {
        const move = (): string => moveSlot(from, trigger, to);
        if (SLOT_MOVES[from][trigger]?.includes(to)) expect(move()).toBe(to);
        else expect(move, `${from} -> ${to} on ${trigger}`).toThrow(`illegal move of a slot: ${from} -> ${to} on ${trigger}`);
      }
    }
  });
});

test('the three ends of a chunk, and the end of a slot, are final', () => {
  expect([CHUNK_MOVES.done, CHUNK_MOVES.returned, CHUNK_MOVES.lost, SLOT_MOVES.gone]).toEqual([{}, {}, {}, {}]);
});

test('a chunk can end from every state in which a slot holds it', () => {
  for (const state of ['waiting', 'running'] as const) {
    expect(Object.values(CHUNK_MOVES[state]).flat()).toEqual(expect.arrayContaining(['done', 'returned', 'lost']));
  }
});

test('the diagrams in the README are the tables', () => {
  const readme = readFileSync(new URL('../../src/core/README.md', import.meta.url), 'utf8');
  expect(readme).toContain(chunkDiagram());
  expect(readme).toContain(slotDiagram());
});
