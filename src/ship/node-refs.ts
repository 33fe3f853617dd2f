/** Which other nodes a node is made of. */
import type { Capture, ErrorNode, GraphNode, Key, MapNode, Ref, SetNode, Shape } from './graph.ts';

export function refsOf(node: GraphNode): Ref[] {
  const refs: Ref[] = [];
  const add = (...more: readonly (Ref | null)[]) => {
    for (const ref of more) if (ref !== null) refs.push(ref);
  };
  switch (node.type) {
    case 'function':
      for (const capture of node.captures) if (isRef(capture)) add(capture);
      add(node.self, node.args, node.superOf, ...node.statics.map(([, value]) => value));
      addShape(add, node.shape);
      addShape(add, node.prototype);
      break;
    case 'perWorker':
      add(node.make, node.dispose);
      break;
    case 'custom':
      add(node.plain);
      break;
    case 'bound':
      add(node.target, node.self, ...node.args);
      addShape(add, node.shape);
      break;
    case 'proxy':
      add(node.target, node.handler);
      break;
    case 'prototypeOf':
      add(node.constructor as Ref);
      break;
    case 'member':
      add(node.of);
      addKey(add, node.key);
      break;
    case 'cell':
      add(node.value);
      break;
    case 'boxed':
      add(node.value);
      addShape(add, node.shape);
      break;
    case 'weakMap':
      for (const entry of node.entries) add(...entry);
      addShape(add, node.shape);
      break;
    case 'weakSet':
      addAll(add, node.items);
      addShape(add, node.shape);
      break;
    case 'view':
      add(node.buffer, node.prototype);
      break;
    case 'instance':
      add(node.constructor as Ref, ...node.privates.map(([, value]) => value));
      addShape(add, node.shape);
      if (node.content?.type === 'date') addShape(add, node.content.shape);
      else if (node.content) addContent(add, node.content);
      break;
    case 'map':
    case 'set':
    case 'error':
      addContent(add, node);
      break;
    case 'array':
    case 'object':
    case 'date':
    case 'regexp':
      addShape(add, node.shape);
  }
  return refs;
}

type Add = (...more: readonly (Ref | null)[]) => void;

/** One by one: a long list does not fit into the arguments of a call. */
function addAll(add: Add, refs: readonly Ref[]): void {
  for (const ref of refs) add(ref);
}

function addContent(add: Add, content: ErrorNode | MapNode | SetNode): void {
  if (content.type === 'map') addAll(add, content.entries);
  else if (content.type === 'set') addAll(add, content.items);
  addShape(add, content.shape);
}

function addShape(add: Add, shape: Shape | null): void {
  if (!shape) return;
  add(shape.prototype);
  for (const part of shape.plain) {
    if (typeof part === 'number') add(part);
    else addKey(add, part);
  }
  for (const property of shape.special) {
    addKey(add, property.key);
    if ('value' in property) add(property.value);
    else add(property.get, property.set);
  }
}

function addKey(add: Add, key: Key): void {
  if (typeof key !== 'string') add(key.symbol);
}

function isRef(capture: Capture): capture is Ref {
  return typeof capture === 'number';
}
