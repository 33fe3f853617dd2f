/** The caller's side of what travels by name: what it looks like at the call, and what workers have said that it looks like there. */
import { isBuiltin } from 'node:module';
import { isEqual, type NamedNode, nameKey, type StateDifference } from './check-states.ts';
import { emptyGraft, type GraftedThing, type GraftNode } from './grafts.ts';
import type { GraphNode, ModuleState, NameNode, Ref } from './graph.ts';
import { readSettings, variablesBehind } from './hidden-settings.ts';
import { idOf } from './identity.ts';
import { homeOf } from './known-values.ts';
import { describeState, firstDifference, isCompound, membersOf, stateOf } from './module-state.ts';
import type { Probe } from './scopes.ts';

export type { StateDifference } from './check-states.ts';

/** What is known of the workers that a function goes to. */
export interface WorkerStates {
  /** Names whose things are configured otherwise where they are imported anew, and how they are there. */
  readonly differing: Map<string, StateDifference>;
  /** Names whose things the setup of the pool has configured as it likes. */
  readonly trusted: Set<string>;
}

export function noStatesKnown(): WorkerStates {
  return { differing: new Map(), trusted: new Set() };
}

/** Workers without a setup are all alike. */
export const plainWorkers: WorkerStates = noStatesKnown();

type KnownNode = GraphNode & { readonly type: 'known' };

/** One thing of a graph that travels by name, with its state at the call. */
export interface NamedThing {
  readonly ref: Ref;
  readonly node: NamedNode;
  readonly value: object;
  readonly state: ModuleState;
}

/** The names of one packing. */
export class NamedStates {
  readonly things: NamedThing[] = [];
  /** What must travel itself, because its state here is not the one it has there. */
  readonly grafted: GraftedThing[] = [];
  /** Of a packing of such things: they themselves. */
  readonly byValue = new Map<object, StateDifference>();
  /** CommonJS files of which nothing travels by name. */
  readonly filesByValue = new Set<string>();
  readonly #brought: ReadonlySet<unknown>;
  readonly #probe: Probe;
  readonly #workers: WorkerStates | undefined;
  readonly #states = new Map<object, ModuleState | undefined>();

  /** `brought`: classes that the receiver has got already. */
  constructor(probe: Probe, workers: WorkerStates | undefined, brought: ReadonlySet<unknown> = new Set()) {
    this.#brought = brought;
    this.#probe = probe;
    this.#workers = workers;
  }

  /** The name with the state of its thing, or a place for the thing itself. */
  stated(node: NameNode, value: unknown, ref: Ref, members?: readonly string[]): NameNode | GraftNode | KnownNode {
    if (!this.#workers || !hasState(node) || !isCompound(value)) return node;
    const state = this.stateOf(value, members);
    if (!state) return node;
    const stated: NamedNode = { ...node, state };
    const name = nameKey(stated);
    if (this.#workers.trusted.has(name)) return node;
    const difference = this.#workers.differing.get(name);
    if (difference && !isEqual(difference.state, state)) {
      const identity = this.#brought.has(value) ? idOf(value) : undefined;
      if (identity !== undefined) return { type: 'known', identity };
      const graft = { value, state, difference, node: emptyGraft() };
      this.grafted.push(graft);
      return graft.node;
    }
    this.things.push({ ref, node: stated, value, state });
    return stated;
  }

  markByValue(value: object, difference: StateDifference): void {
    this.byValue.set(value, difference);
    const { file } = difference.state;
    if (file !== undefined) this.filesByValue.add(file);
  }

  /** The state of a value, or of all that its CommonJS file exports. Read once in one packing. */
  stateOf(value: object, members?: readonly string[]): ModuleState | undefined {
    if (members) return this.#read(membersOf(value, members), undefined, members);
    const home = homeOf(value);
    const holder = home && isCompound(home.exports) ? home.exports : value;
    if (!this.#states.has(holder)) this.#states.set(holder, this.#read(holder, home?.file));
    return this.#states.get(holder);
  }

  #read(holder: object, file: string | undefined, members?: readonly string[]): ModuleState | undefined {
    const seen = stateOf(holder);
    if (seen === undefined) return undefined;
    const variables = variablesBehind(holder);
    return {
      file,
      members,
      seen,
      hidden: variables.length === 0 ? undefined : { variables, lines: readSettings(this.#probe, holder, variables) },
    };
  }

  /** `Decimal` of decimal.js has been configured here (`precision` is 50, not 20). */
  explain(value: object, difference: StateDifference): string {
    const { members } = difference.state;
    const holder = members ? membersOf(value, members) : (homeOf(value)?.exports ?? value);
    const lines = [...describeState(holder), ...(this.stateOf(value, members)?.hidden?.lines ?? [])];
    return (
      `${shortName(difference.name)} has been configured in this thread (${firstDifference(lines, difference.lines)}), and workers import it anew. ` +
      'Configure it in each worker: new Pool({ setup: () => … }).'
    );
  }
}

function hasState(node: NameNode): node is NamedNode {
  return node.type === 'required' || (node.type === 'module' && !isBuiltin(node.specifier));
}

/** `decimal.js#default`, without the file that imports it, or the way to the package. */
function shortName(name: string): string {
  return `\`${name
    .replace(/ \(.*\)$/, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/#$/, '')}\``;
}
