/** Parses what `fn.toString()` gives: the text of an arrow, a function, a method or a class, none of which is a program by itself. */
import type { AnyNode, ArrowFunctionExpression, Class, Function as FunctionSyntax, MethodDefinition, Options, Property } from 'acorn';
import { parse } from 'acorn';
import type { FunctionKind } from './graph.ts';

export const parserOptions: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowImportExportEverywhere: true,
  allowAwaitOutsideFunction: true,
  allowSuperOutsideMethod: true,
  allowReturnOutsideFunction: true,
  checkPrivateFields: false,
};

export interface SourceForm {
  readonly kind: FunctionKind;
  /** The function or class itself. */
  readonly node: FunctionSyntax | ArrowFunctionExpression | Class;
  /** The property or class member it is the value of, when it is a method. */
  readonly method: Property | MethodDefinition | null;
  /** What to take off a node's offset to have one in the text. */
  readonly shift: number;
  /** A method that only parses inside a class: it names private members. */
  readonly inClass: boolean;
  /** Where V8 says the function starts: an arrow at its text, a function or method at its `(`, a class at its constructor's `(`. */
  readonly origin: number;
}

/** Texts that make a program of each form, and the way to the function in it. The last is for an arrow's `new.target`. */
const wrappings: readonly (readonly [before: string, after: string, find: (program: Wrapped) => Found])[] = [
  ['(', ')', (program) => ({ node: program.body[0].expression, method: null })],
  ['({', '})', (program) => ofMember(program.body[0].expression.properties[0])],
  ['(class{', '})', (program) => ofMember(program.body[0].expression.body.body[0])],
  ['(function(){(', ')})', (program) => ({ node: program.body[0].expression.body.body[0].expression, method: null })],
];

type Found = Pick<SourceForm, 'node' | 'method'>;
// The wrappings fix the tree's upper part, which acorn's general types cannot know.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Wrapped = any;

function ofMember(method: Property | MethodDefinition): Found {
  return { node: method.value as FunctionSyntax, method };
}

export function parseFunctionText(text: string): SourceForm {
  let firstError: unknown;
  for (const [before, after, find] of wrappings) {
    let found: Found;
    try {
      found = find(parse(before + text + after, parserOptions));
    } catch (error) {
      firstError ??= error;
      continue;
    }
    const shift = before.length;
    const kind = kindOf(found);
    return { ...found, kind, shift, inClass: before === '(class{', origin: originOf(found, kind, text, shift) };
  }
  throw new SyntaxError(`cannot parse ${JSON.stringify(text.slice(0, 60))}: ${(firstError as Error).message}`);
}

function kindOf({ node, method }: Found): FunctionKind {
  if (method) return 'method';
  if (node.type === 'ClassExpression') return 'class';
  return node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function';
}

function originOf({ node }: Found, kind: FunctionKind, text: string, shift: number): number {
  switch (kind) {
    case 'class': {
      const classValue = (node as Class).body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
      return classValue ? (classValue as MethodDefinition).value.start - shift : 0;
    }
    case 'method':
      return node.start - shift;
    case 'function':
      return text.indexOf('(', ((node as FunctionSyntax).id?.end ?? node.start) - shift);
    case 'arrow':
      return 0;
  }
}

/** The node's children, in the order of the text. */
export function* childrenOf(node: AnyNode): Generator<AnyNode> {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'type') continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) yield item;
    } else if (isNode(value)) yield value;
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
