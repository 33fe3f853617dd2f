/** The receiver's front door. Every worker loads it at its start, so nothing here leads to acorn or the inspector. */
import type { EachAlone } from '../transport.ts';
import { checkStates } from './check-states.ts';
import { learnCode } from './factories.ts';

export { forgetCodes } from './factories.ts';

import type { Codes, Graph } from './graph.ts';
import { markAsWorker } from './identity.ts';
import { prepareModules } from './named-values.ts';
import { rebuildGraph } from './rebuild-graph.ts';

/** Stores code texts by hash. They stay, with what they compile to, until `forgetCodes`. */
export function learnCodes(codes: Codes): void {
  for (const [hash, code] of Object.entries(codes)) learnCode(hash, code);
}

/** Imports the modules that a graph names; undefined when none is left to import. Rejects with an error that names module and importer. */
export function prepare(graph: Graph): Promise<void> | undefined {
  return prepareModules(graph);
}

const rebuilt = new WeakSet<Graph>();

/**
 * Builds the value of a graph. The modules must be prepared and the codes learned. Functions, classes and instances are made anew by
 * every call. Plain data is taken out of the graph without a copy, so a graph that is rebuilt twice gives copies of what the data has become.
 * Throws StatesDiffer when a thing that travelled by name is not here what it was there.
 * With `each` the value is a list, whose members of registered types may fail alone.
 */
export function rebuild(graph: Graph, each?: EachAlone): unknown {
  checkStates(graph);
  return rebuildUnchecked(graph, each);
}

/** The same, whatever state the things have here that travelled by name. */
export function rebuildUnchecked(graph: Graph, each?: EachAlone): unknown {
  if (graph.makes !== undefined) markAsWorker();
  const own = rebuilt.has(graph) ? structuredClone(graph) : graph;
  rebuilt.add(graph);
  return rebuildGraph(own, each);
}
