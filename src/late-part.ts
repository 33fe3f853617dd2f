/**
 * Runs a text of this package where the program is: what is needed later is text until then, because compiling it at import would take as
 * long as all the rest. The text uses the modules that are loaded already, so that all know the same classes.
 */
import module from 'node:module';
import { nodeVm } from './late-builtins.ts';

/** @param modules Those that the text takes from outside, by path. */
export function runText(text: string, name: string, modules: Readonly<Record<string, unknown>>): unknown {
  const made: { exports: unknown } = { exports: {} };
  // Under some test runners `node:module` is theirs, as it is for a program's own imports.
  const require = (id: string) => (id === 'node:module' ? module : process.getBuiltinModule(id));
  const run = compiled(`(function(module,require,SHARED){${text}\n})\n//# sourceURL=allcores/${name}`);
  run(made, require, modules);
  return made.exports;
}

type Run = (module: { exports: unknown }, require: (id: string) => unknown, modules: Readonly<Record<string, unknown>>) => void;

/** In this very realm: where a test runner has made one of its own, the language's objects are that one's. */
function compiled(text: string): Run {
  try {
    // biome-ignore lint/security/noGlobalEval: our own text, in the realm of this module.
    // biome-ignore lint/complexity/noCommaOperator: indirect, so that it sees none of the names here.
    return (0, eval)(text) as Run;
  } catch (error) {
    // Node was told not to make code from strings, which a script is allowed to be all the same.
    if (!(error instanceof EvalError)) throw error;
    return nodeVm().runInThisContext(text) as Run;
  }
}
