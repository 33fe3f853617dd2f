/**
 * The worker's look at what travelled by name: is it here what it was at the caller? Only what was configured there, and is not here,
 * counts: what tasks have changed in their own worker since is their business, and a setup may configure a worker as it likes.
 */
import type { StateDifference as AnyDifference } from '../shipped.ts';
import type { Graph, ModuleNode, ModuleState, RequiredNode } from './graph.ts';
import { describeState, membersOf, stateOf } from './module-state.ts';
import { valueNamed } from './named-values.ts';

/** One thing that is here not what it was there. Its name is what `nameKey` gives. */
export interface StateDifference extends AnyDifference {
  readonly state: ModuleState;
}

/** The caller must pack again: by their values, or not at all. Nothing has run. */
export class StatesDiffer extends Error {
  readonly differences: readonly StateDifference[];
  constructor(differences: readonly StateDifference[]) {
    super(`configured otherwise here: ${differences.map(({ name }) => name).join(', ')}`);
    this.differences = differences;
  }
}

export type NamedNode = ModuleNode | RequiredNode;

/** What a thing is called; all that one CommonJS file exports has one name. */
export function nameKey(node: NamedNode): string {
  const { file, members } = node.state ?? {};
  if (file !== undefined) return file;
  if (members && node.type === 'module') return `${node.specifier}#${members} (${node.parent})`;
  return node.type === 'module' ? `${node.specifier}#${node.name} (${node.parent})` : `${node.file}#${node.path.join('.')}`;
}

export type ReadSettings = (value: object, variables: NonNullable<ModuleState['hidden']>['variables']) => string[];

let readSettings: ReadSettings | undefined;
let isSetUp = false;
const first = new Map<string, { readonly state: ModuleState; readonly beforeSetup: boolean }>();
const agreed = new Set<string>();

/** Given by workers, which load what reads variables at the first package that needs it. */
export function readSettingsBy(read: ReadSettings): void {
  readSettings = read;
}

/** The setup of this worker has run. */
export function setupHasRun(): void {
  isSetUp = true;
}

/** Before a setup runs: what it is about to configure. */
export function rememberStates({ nodes }: Graph): void {
  for (const node of nodes)
    if ((node.type === 'module' || node.type === 'required') && node.state) firstLook(nameKey(node), node, node.state);
}

/** Throws StatesDiffer. Looks at each name once for each state that callers have had. */
export function checkStates({ nodes }: Graph): void {
  const differences: StateDifference[] = [];
  for (const node of nodes) {
    if (node.type === 'graft') checkStates(node.graph);
    else if ((node.type === 'module' || node.type === 'required') && node.state) {
      const difference = compare(node, node.state);
      if (difference) differences.push(difference);
    }
  }
  if (differences.length > 0) throw new StatesDiffer(differences);
}

function compare(node: NamedNode, wanted: ModuleState): StateDifference | undefined {
  const name = nameKey(node);
  const agreement = JSON.stringify([name, wanted]);
  if (agreed.has(agreement)) return undefined;
  const before = firstLook(name, node, wanted);
  const value = holderOf(node, wanted);
  const state = stateHere(value, wanted);
  const isSettled = isEqual(wanted, before.state) || isEqual(wanted, state) || (isSetUp && !isEqual(state, before.state));
  if (!isSettled)
    return { name, lines: [...describeState(value), ...(state.hidden?.lines ?? [])], state, afterSetup: isSetUp && !before.beforeSetup };
  agreed.add(agreement);
  return undefined;
}

function firstLook(name: string, node: NamedNode, wanted: ModuleState) {
  const known = first.get(name);
  if (known) return known;
  const look = { state: stateHere(holderOf(node, wanted), wanted), beforeSetup: !isSetUp };
  first.set(name, look);
  return look;
}

function holderOf(node: NamedNode, { file, members }: ModuleState): unknown {
  if (members) return membersOf(valueNamed(node) as object, members);
  return file === undefined ? valueNamed(node) : valueNamed({ type: 'required', file, path: [] });
}

function stateHere(value: unknown, { file, members, hidden }: ModuleState): ModuleState {
  const isRead = hidden !== undefined && readSettings !== undefined;
  return {
    file,
    members,
    seen: stateOf(value),
    hidden: isRead ? { variables: hidden.variables, lines: readSettings?.(value as object, hidden.variables) ?? [] } : hidden,
  };
}

export function isEqual(one: ModuleState, other: ModuleState): boolean {
  return one.seen === other.seen && String(one.hidden?.lines) === String(other.hidden?.lines);
}
