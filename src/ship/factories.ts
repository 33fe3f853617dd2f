/** Code texts and what they compile to. One factory for each text, so that optimised code survives from task to task. */
import { nodeVm } from '../late-builtins.ts';
import type { Code } from './graph.ts';

/** Takes the captured values; gives the maker of the function, setters of late captures, and the giver of the access to private fields. */
export type Factory = (
  ...captures: unknown[]
) => [make: (this: unknown, ...args: unknown[]) => unknown, ...rest: ((value?: unknown) => unknown)[]];

const codes = new Map<string, Code>();
const factories = new Map<string, Factory>();

export function learnCode(hash: string, code: Code): void {
  if (!codes.has(hash)) codes.set(hash, code);
}

export function codeFor(hash: string): Code {
  const code = codes.get(hash);
  if (!code) throw new Error(`the code ${hash} has not been learned`);
  return code;
}

export function factoryFor(hash: string): Factory {
  let factory = factories.get(hash);
  if (!factory) {
    const { text, filename, line, column } = codeFor(hash);
    factory = new (nodeVm().Script)(text, { filename, lineOffset: line, columnOffset: column }).runInThisContext() as Factory;
    factories.set(hash, factory);
  }
  return factory;
}

/** Functions that were made already go on. */
export function forgetCodes(): void {
  codes.clear();
  factories.clear();
}
