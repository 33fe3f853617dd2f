/** How what tasks have made is let go of: what goes wrong is a warning, and nobody waits for ever for a connection that does not close. */
import { within } from './within.ts';

const DISPOSE_MS = 5000;
/** Resolves when it is disposed, or when that has taken too long, with a warning. */
export async function withinDisposeTime(disposed: Promise<unknown>, worker: string): Promise<void> {
  if (await within(DISPOSE_MS, disposed)) return;
  warn(`what worker ${worker} made with perWorker was not disposed within ${DISPOSE_MS / 1000} s; it is left`);
}

export function tellFailed(failed: readonly string[], worker: string): void {
  for (const text of failed) warn(`what worker ${worker} made with perWorker could not be disposed: ${text}`);
}

function warn(text: string): void {
  process.emitWarning(text, { type: 'AllcoresWarning', code: 'ALLCORES_DISPOSE' });
}
