/** Runs what a pool wants done once in each worker before its first task. */
import type { SetupMessage } from '../protocol.ts';
import { rememberStates, setupHasRun } from '../ship/check-states.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { importerFor } from '../ship/importing.ts';
import { learnCodes, prepare, rebuildUnchecked } from '../ship/unship.ts';
import { unpackItems } from './values.ts';

export async function runSetup(setup: SetupMessage['setup']): Promise<void> {
  if (setup.type === 'module') {
    const { default: fn } = await imported(setup.url);
    if (typeof fn === 'function') await fn();
    return setupHasRun();
  }
  learnCodes(setup.codes as Codes);
  await prepare(setup.graph as Graph);
  rememberStates(setup.graph as Graph);
  const fn = rebuildUnchecked(setup.graph as Graph) as (...args: unknown[]) => unknown;
  await fn(...Array.from(await unpackItems(setup.args)));
  setupHasRun();
}

/** Where Node itself runs no TypeScript, tsx does on the main thread alone: a worker has to ask it. */
async function imported(url: string): Promise<Record<string, unknown>> {
  const importHere = importerFor(url);
  // Before the first try: an import that has failed is not tried again by Node.
  if (/\.[cm]?tsx?$/.test(url) && !(process.features as { typescript?: unknown }).typescript) {
    const tsx = await importHere('tsx/esm/api').catch(() => undefined);
    if (tsx) (tsx.register as () => void)();
  }
  return importHere(url);
}
