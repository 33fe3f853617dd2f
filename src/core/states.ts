/**
 * The states of chunks and slots and every legal move between them, as tables. The diagrams in src/core/README.md are generated from them.
 *
 * Rule: everything that decides whether a move is legal lives in this file. An illegal move throws and changes nothing.
 */
import type { EventType } from './events.ts';

/**
 * A chunk exists from the moment it is handed to a slot. `waiting`: the slot runs another one first. `running`: its tasks may have started.
 * The three ends: `done`, `returned` (taken back whole, or its slot went down before it started), `lost` (its slot went down while it ran).
 */
export type ChunkState = 'waiting' | 'running' | 'done' | 'returned' | 'lost';

/**
 * `dying`: ordered to be killed, gets nothing new. `retiring`: ordered to end, holds nothing and gets nothing new. `gone`: its chunks have
 * been returned or blamed.
 */
export type SlotState = 'up' | 'dying' | 'retiring' | 'gone';

type ChunkTrigger = Extract<EventType, 'chunkPart' | 'chunkDone' | 'chunkShortened' | 'chunkLost' | 'slotDown'> | 'headFree';
type SlotTrigger = Extract<EventType, 'slotDown'> | 'killSlot' | 'retireSlot';

export const CHUNK_MOVES: Readonly<Record<ChunkState, Partial<Record<ChunkTrigger, readonly ChunkState[]>>>> = {
  waiting: {
    headFree: ['running'],
    // A slot may start a waiting chunk before its word about the one ahead arrives.
    chunkPart: ['running'],
    chunkDone: ['done'],
    chunkShortened: ['waiting', 'returned'],
    chunkLost: ['lost'],
    slotDown: ['returned', 'lost'],
  },
  running: {
    chunkPart: ['running'],
    chunkDone: ['done'],
    chunkShortened: ['running', 'returned'],
    chunkLost: ['lost'],
    slotDown: ['returned', 'lost'],
  },
  done: {},
  returned: {},
  lost: {},
};

export const SLOT_MOVES: Readonly<Record<SlotState, Partial<Record<SlotTrigger, readonly SlotState[]>>>> = {
  up: { killSlot: ['dying'], retireSlot: ['retiring'], slotDown: ['gone'] },
  dying: { slotDown: ['gone'] },
  retiring: { slotDown: ['gone'] },
  gone: {},
};

/** The state a chunk moves to; throws where the table has no such move. */
export function moveChunk(from: ChunkState, trigger: ChunkTrigger, to: ChunkState): ChunkState {
  if (!CHUNK_MOVES[from][trigger]?.includes(to)) throw new Error(`illegal move of a chunk: ${from} -> ${to} on ${trigger}`);
  return to;
}

/** The state a slot moves to; throws where the table has no such move. */
export function moveSlot(from: SlotState, trigger: SlotTrigger, to: SlotState): SlotState {
  if (!SLOT_MOVES[from][trigger]?.includes(to)) throw new Error(`illegal move of a slot: ${from} -> ${to} on ${trigger}`);
  return to;
}
