/** Runs what a pool wants done once in each worker before its first task. */
import type { SetupMessage } from '../protocol.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { importerFor } from '../ship/importing.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import { unpackItems } from './values.ts';

export async function runSetup(setup: SetupMessage['setup']): Promise<void> {
  if (setup.type === 'module') {
    const { default: fn } = await importerFor(setup.url)(setup.url);
    if (typeof fn === 'function') await fn();
    return;
  }
  learnCodes(setup.codes as Codes);
  await prepare(setup.graph as Graph);
  const fn = rebuild(setup.graph as Graph) as (...args: unknown[]) => unknown;
  await fn(...Array.from(await unpackItems(setup.args)));
}
