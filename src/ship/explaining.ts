/** What a packing found, as plain data for people: each function, what it captures, and how that travels. */
import { NotShippableError } from '../errors.ts';
import type { ShipWarning } from '../shipped.ts';
import type { Capture, GraphNode, Ref } from './graph.ts';
import type { Captured, FunctionRecord } from './pack-functions.ts';
import { type Packer, packGraph } from './pack-graph.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import { Measure } from './sizes.ts';

/** One captured variable. */
export interface ExplainedCapture {
  readonly name: string;
  /** The way to the one member that makes most of it, as in `config.table`; else the name. */
  readonly path: string;
  /**
   * `value`: a copy. `name`: the worker has it or imports it. `function`: its code and its own captures, listed below. `shared`: memory of
   * both. `perWorker` and `made`: the worker makes its own.
   */
  readonly travels: 'value' | 'name' | 'function' | 'shared' | 'perWorker' | 'made';
  /** What it is called there: `lodash#groupBy`, `node:fs`, `Math`, or the name of the function. */
  readonly as: string | undefined;
  /** About what `v8.serialize` would write. What several capture counts at the first. */
  readonly bytes: number;
}

/** A function that travels: the one explained, or one that it takes along. */
export interface ExplainedFunction {
  readonly name: string;
  /** `file.ts:12:14`, in the source as it was written. */
  readonly place: string;
  /** The largest first. */
  readonly captures: readonly ExplainedCapture[];
}

/** Why it cannot travel. */
export interface ExplainedProblem extends Partial<Refusal> {
  readonly message: string;
}

/** What was found, without the time. */
export interface Found {
  /** The first is the function itself, unless that travels by its name. */
  readonly functions: readonly ExplainedFunction[];
  readonly bytes: number;
  readonly codeBytes: number;
  readonly warnings: readonly ShipWarning[];
  readonly problem: ExplainedProblem | undefined;
  /** The name under which the worker imports the function itself. */
  readonly as: string | undefined;
}

/** Packs the function as a call would, and runs nothing. */
export function findOut(fn: (...args: never[]) => unknown, maxBytes: number | undefined): Found {
  let packer: Packer | undefined;
  let problem: ExplainedProblem | undefined;
  let codeBytes = 0;
  try {
    const { codes } = packGraph(fn, {
      label: null,
      job: 'explained',
      maxBytes,
      inspect: (found) => {
        packer = found;
      },
    });
    codeBytes = Object.values(codes).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  } catch (error) {
    if (!(error instanceof NotShippableError)) throw error;
    problem = { message: error.message, ...refusalOf(error) };
  }
  const { started = [], warnings = [] } = packer ?? {};
  // What was refused half-way has nodes that never came to be.
  const nodes = (packer?.nodes ?? []).map((node) => node ?? NOTHING);
  const measure = new Measure(nodes);
  const functions = started.map((record) => explained(record, nodes, measure));
  const bytes = functions.reduce((sum, { captures }) => sum + captures.reduce((own, capture) => own + capture.bytes, 0), 0);
  return { functions, bytes, codeBytes, warnings, problem, as: nodes[0] && nameOf(nodes[0]) };
}

const NOTHING: GraphNode = { type: 'plain', value: undefined };

function explained(record: FunctionRecord, nodes: readonly GraphNode[], measure: Measure): ExplainedFunction {
  const all = record.captures.filter(({ name }) => !name.startsWith('$')).map((captured) => explainCapture(captured, nodes, measure));
  if (record.node.self !== null) all.push(explainCapture({ name: 'this', value: record.node.self, byName: false }, nodes, measure));
  return { name: record.name, place: record.place(), captures: all.sort((one, other) => other.bytes - one.bytes) };
}

type Named = Pick<Captured, 'name' | 'value' | 'byName'>;

function explainCapture({ name, value, byName }: Named, nodes: readonly GraphNode[], measure: Measure): ExplainedCapture {
  if (typeof value !== 'number') return { name, path: name, travels: 'made', as: madeAs(value), bytes: 0 };
  const node = throughCells(nodes, value);
  const as = nameOf(node) ?? (byName ? membersOf(node, nodes) : undefined);
  if (as !== undefined) return { name, path: name, travels: 'name', as, bytes: 0 };
  if (node.type === 'perWorker') return { name, path: name, travels: 'perWorker', as: undefined, bytes: 0 };
  const { bytes, path } = measure.part(value);
  if (node.type === 'function') return { name, path: name, travels: 'function', as: undefined, bytes };
  const buffer = node.type === 'view' ? nodes[node.buffer] : node;
  const isShared = buffer?.type === 'plain' && buffer.value instanceof SharedArrayBuffer;
  return { name, path: name + path, travels: isShared ? 'shared' : 'value', as: undefined, bytes: isShared ? 0 : bytes };
}

function throughCells(nodes: readonly GraphNode[], ref: Ref): GraphNode {
  const node = nodes[ref] ?? NOTHING;
  return node.type === 'cell' ? throughCells(nodes, node.value) : node;
}

function madeAs(value: Exclude<Capture, Ref>): string {
  return { restoring: 'restoring', importMeta: 'import.meta', import: 'import()', require: 'require', sink: 'coverage' }[value.make];
}

/** `lodash#groupBy`, `node:fs`, `Math.max`. */
function nameOf(node: GraphNode): string | undefined {
  switch (node.type) {
    case 'intrinsic':
      return node.name;
    case 'own':
      return `allcores#${node.name}`;
    case 'builtin':
      return exportOf(node.module, node.path.join('.'));
    case 'required':
      return exportOf(shortened(node.file), node.path.join('.'));
    case 'module':
      return exportOf(shortened(node.specifier), node.name === '*' ? '' : node.name);
    default:
      return undefined;
  }
}

function exportOf(module: string, name: string): string {
  return name === '' ? module : `${module}#${name}`;
}

/** A package by its name, a file by the end of its path. */
function shortened(specifier: string): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(specifier)?.[1];
  return inPackage ?? (/^(file:|\/|[A-Za-z]:[\\/])/.test(specifier) ? specifier.split(/[\\/]/).at(-1)! : specifier);
}

/** Of a module object the members that are used travel, each by its name. */
function membersOf(node: GraphNode, nodes: readonly GraphNode[]): string | undefined {
  if (node.type !== 'object') return undefined;
  const refs = node.shape.plain.filter((part): part is Ref => typeof part === 'number');
  return refs.map((ref) => nameOf(nodes[ref] ?? NOTHING) ?? 'a value').join(', ');
}
