/** Draws the tables of legal moves as mermaid state diagrams: the README of the core shows exactly this text. */
import { CHUNK_MOVES, SLOT_MOVES } from '../../src/core/states.ts';

type Moves = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

function diagram(moves: Moves): string {
  const [start] = Object.keys(moves);
  const lines = ['stateDiagram-v2', `  [*] --> ${start}`];
  for (const [from, triggers] of Object.entries(moves)) {
    for (const [trigger, targets] of Object.entries(triggers)) for (const to of targets) lines.push(`  ${from} --> ${to}: ${trigger}`);
    if (Object.keys(triggers).length === 0) lines.push(`  ${from} --> [*]`);
  }
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``;
}

export const chunkDiagram = (): string => diagram(CHUNK_MOVES);
export const slotDiagram = (): string => diagram(SLOT_MOVES);
