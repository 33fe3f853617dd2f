/** From a name that both sides know to the value. */
import { createRequire } from 'node:module';
import { ownValue } from '../own-exports.ts';
import type { Graph, GraphNode, ModuleNode, NameNode } from './graph.ts';
import { rememberName } from './identity.ts';
import { importerFor } from './importing.ts';
import { intrinsicNamed } from './intrinsics.ts';

type Namespace = Record<string, unknown>;

const namespaces = new Map<string, Namespace>();

function keyOf({ specifier, parent, attributes }: ModuleNode): string {
  return `${specifier}\n${parent}\n${attributes ? JSON.stringify(attributes) : ''}`;
}

export function prepareModules({ nodes }: Graph): Promise<void> | undefined {
  const missing = new Map<string, ModuleNode>();
  for (const node of nodes) collectMissing(node, missing);
  if (missing.size === 0) return undefined;
  return Promise.all([...missing].map(([key, node]) => importModule(key, node))).then(() => undefined);
}

function collectMissing(node: GraphNode, missing: Map<string, ModuleNode>): void {
  if (node.type === 'graft') for (const inner of node.graph.nodes) collectMissing(inner, missing);
  else if (node.type === 'module' && !namespaces.has(keyOf(node))) missing.set(keyOf(node), node);
}

async function importModule(key: string, { specifier, parent, attributes }: ModuleNode): Promise<void> {
  try {
    const namespace = await importerFor(parent)(specifier, attributes && { with: attributes });
    namespaces.set(key, namespace);
  } catch (cause) {
    const from = parent === specifier ? '' : `, imported by ${parent},`;
    throw new Error(`The worker cannot import '${specifier}'${from} which a shipped function uses: ${(cause as Error)?.message ?? cause}`, {
      cause,
    });
  }
}

export function valueNamed(node: NameNode): unknown {
  switch (node.type) {
    case 'intrinsic':
      return node.name.startsWith('globalThis.')
        ? Reflect.get(globalThis, node.name.slice('globalThis.'.length))
        : intrinsicNamed(node.name);
    case 'own':
      return ownValue(node.name);
    case 'builtin':
      return follow(process.getBuiltinModule(node.module), node.path);
    case 'required':
      return remembered(follow(createRequire(node.file)(node.file), node.path), node);
    case 'module': {
      const namespace = namespaces.get(keyOf(node));
      if (!namespace) throw new Error(`'${node.specifier}' has not been prepared`);
      if (node.name === '*') return remembered(namespace, node);
      if (!(node.name in namespace)) throw new Error(`'${node.specifier}' has no export '${node.name}' here`);
      return remembered(namespace[node.name], node);
    }
  }
}

/** Functions, classes, namespaces and symbols go back by name. Data goes back as it has become. */
function remembered(value: unknown, node: NameNode): unknown {
  const isNamespace = node.type === 'module' && node.name === '*';
  // Whoever gets it back does not compare: it is the caller's own.
  if (typeof value === 'function' || typeof value === 'symbol' || isNamespace) rememberName(value, withoutState(node));
  return value;
}

function withoutState(node: NameNode): NameNode {
  return 'state' in node ? { ...node, state: undefined } : node;
}

function follow(start: unknown, path: readonly string[]): unknown {
  let value = start;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value;
}
