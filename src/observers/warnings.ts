/** What the caller should know although no call fails of it, by way of Node's own warnings: each once. */
import type { Observer } from '../observer.ts';

const told = new Set<string>();

export const warnings: Observer = {
  onNote(note) {
    if (note.type === 'warning') warn(note.warning.text, note.warning.code);
    else if (note.type === 'fewer') warn(note.error.message, 'ALLCORES_FEWER_WORKERS');
    else if (note.type === 'lateError') {
      const whose = note.index === undefined ? 'from a task that had ended' : `from the task of items[${note.index}], which had ended`;
      warn(
        `nobody caught an error ${whose}, on worker ${note.slot}. Await what a task starts.\n${shown(note.error)}`,
        'ALLCORES_LATE_ERROR',
      );
    } else if (note.type === 'lateCrash') {
      warn(
        `worker ${note.slot} was replaced: ${note.message}, after its tasks had ended. Await what a task starts.\n${shown(note.cause)}`,
        'ALLCORES_LATE_CRASH',
      );
    }
  },
};

function warn(text: string, code: string): void {
  if (told.has(text)) return;
  told.add(text);
  process.emitWarning(text, { type: 'AllcoresWarning', code });
}

function shown(error: unknown): string {
  return process.getBuiltinModule('node:util').inspect(error);
}
