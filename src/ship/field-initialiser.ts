/**
 * A trick that nothing else can do as fast: V8 keeps the initialisers of a class's fields in one function, which JavaScript cannot name.
 * Applied to any object, it gives that object the fields, without a constructor and without the debugger.
 * The flag that lets code ask for it is on for the one line that compiles the question, as test runners switch `--expose-gc` on.
 */
import v8 from 'node:v8';

type FieldInitialiser = (this: object) => void;

/** The newest Node.js that it was tried on: a later one goes the slower way, without a word of V8's own language. */
const TRIED_MAJOR = 26;

let ask: ((classValue: object) => unknown) | null | undefined;

/** Undefined where this V8 does not tell. */
export function fieldInitialiserOf(classValue: object): FieldInitialiser | undefined {
  if (ask === undefined) ask = Number.parseInt(process.versions.node, 10) <= TRIED_MAJOR ? compileQuestion() : null;
  const found = ask?.(classValue);
  return typeof found === 'function' ? (found as FieldInitialiser) : undefined;
}

function compileQuestion(): typeof ask {
  v8.setFlagsFromString('--allow-natives-syntax');
  try {
    return new Function('classValue', 'return %GetInitializerFunction(classValue)') as (classValue: object) => unknown;
  } catch {
    return null;
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax');
  }
}
