/** Tells the caller, once for each place, that a task changes a captured variable: the worker's copy changes, theirs does not. */
import type { Observer } from '../observer.ts';

const told = new Set<string>();

export const captureWarnings: Observer = {
  onNote(note) {
    if (note.type !== 'warning' || told.has(note.text)) return;
    told.add(note.text);
    process.emitWarning(note.text, { type: 'AllcoresWarning', code: 'ALLCORES_CAPTURE' });
  },
};
