/** Values of registered types, made again by `fromPlain`: before everything else, because it needs all that they are made of. */
import { NotShippableError } from '../errors.ts';
import { bringTypes, typeTagged } from '../register-type.ts';
import { lineOf } from '../show.ts';
import type { CustomType, EachAlone } from '../transport.ts';
import type { CustomNode, Graph, GraphNode, Ref } from './graph.ts';
import { refsOf } from './node-refs.ts';
import type { Builder } from './rebuild-graph.ts';

/** Thrown where a value is asked for that its type has not made yet: by the type's own functions and classes, which may refer to it. */
export class NotThereYet extends Error {
  constructor(tag: string) {
    super(`a function of the registered type ${JSON.stringify(tag)} needs a value of that type before it can be built`);
  }
}

/** In words, for "Cannot ship …: " and the like. */
export function threwInType(tag: string, name: string, cause: unknown): string {
  return `${name} of the registered type ${JSON.stringify(tag)} threw ${lineOf(cause)}`;
}

/** Builds a graph that brings registered types, or holds values of them. Gives its root, which may still have to be filled. */
export function buildWithTypes(builder: Builder, each: EachAlone | undefined): unknown {
  const { graph } = builder;
  const types = buildTypes(builder);
  if (graph.makes !== undefined) bringTypes(graph.makes, types);
  const failed = new Map<Ref, Failed>();
  for (const ref of graph.customs ?? []) {
    const node = graph.nodes[ref] as CustomNode;
    const failure = failureAmong(graph, failed, node.plain) ?? buildCustom(builder, types, ref, node);
    if (!failure) continue;
    if (!each) throw unreadable('a value', failure);
    failed.set(ref, failure);
  }
  return failed.size === 0 ? builder.value(graph.root) : buildOthers(builder, failed, each!);
}

interface Failed {
  readonly tag: string;
  readonly cause: unknown;
}

function unreadable(label: string, { tag, cause }: Failed): NotShippableError {
  if (cause instanceof NoSuchType) return new NotShippableError(`Cannot rebuild ${label}: ${cause.message}`);
  return new NotShippableError(`Cannot rebuild ${label}: ${threwInType(tag, 'fromPlain', cause)}`, { cause });
}

class NoSuchType extends Error {}

function buildTypes(builder: Builder): CustomType[] {
  const { types = [] } = builder.graph;
  const valueAt = (ref: Ref | null) => (ref === null ? undefined : builder.value(ref)) as never;
  const built = types.map(({ tag, type, test, toPlain, fromPlain }) => {
    return { tag, type: valueAt(type), test: valueAt(test), toPlain: valueAt(toPlain), fromPlain: valueAt(fromPlain) };
  });
  builder.fill();
  return built;
}

function buildCustom(builder: Builder, types: readonly CustomType[], ref: Ref, { tag, plain }: CustomNode): Failed | undefined {
  const { job } = builder.graph;
  const type = types.find((known) => known.tag === tag) ?? typeTagged(tag, job);
  if (!type) {
    const where = job === undefined ? 'on this thread any more: unregister a type when the calls that use it have ended' : 'in this worker';
    return { tag, cause: new NoSuchType(`no type with the tag ${JSON.stringify(tag)} is registered ${where}`) };
  }
  const form = builder.value(plain);
  builder.fill();
  try {
    builder.put(ref, type.fromPlain(form as never));
    return undefined;
  } catch (cause) {
    return { tag, cause };
  }
}

/** The first failure that a node is made of. */
function failureAmong({ nodes }: Graph, failed: ReadonlyMap<Ref, Failed>, from: Ref): Failed | undefined {
  if (failed.size === 0) return undefined;
  const seen = new Set([from]);
  for (const ref of seen) {
    const failure = failed.get(ref);
    if (failure) return failure;
    for (const next of refsOf(nodes[ref] as GraphNode)) seen.add(next);
  }
  return undefined;
}

/** The members of a list that are not made of what has failed. */
function buildOthers(builder: Builder, failed: ReadonlyMap<Ref, Failed>, { label, unreadable: tell }: EachAlone): unknown {
  const { graph } = builder;
  const root = graph.nodes[graph.root];
  if (root?.type !== 'array') throw unreadable('a value', [...failed.values()][0]!);
  const list: unknown[] = new Array(root.length);
  const { plain } = root.shape;
  for (let i = 0; i < plain.length; i += 2) {
    const [position, ref] = [Number(plain[i]), plain[i + 1] as Ref];
    const failure = failureAmong(graph, failed, ref);
    if (failure) tell(position, unreadable(label(position), failure));
    else list[position] = builder.value(ref);
  }
  return list;
}
