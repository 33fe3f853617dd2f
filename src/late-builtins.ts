/** Modules of Node that are not needed to be imported or to start: each costs about a millisecond, in the program and again in every worker. */
type Files = Pick<
  typeof import('node:fs'),
  'closeSync' | 'existsSync' | 'openSync' | 'readFileSync' | 'readSync' | 'unlinkSync' | 'writeSync'
>;

let fs: Files | undefined;
let v8: typeof import('node:v8') | undefined;
let vm: typeof import('node:vm') | undefined;

/** As they were at the first use: a program's fakes, put there later, do not reach us. */
export function nodeFs(): Files {
  if (!fs) {
    const { closeSync, existsSync, openSync, readFileSync, readSync, unlinkSync, writeSync } = process.getBuiltinModule('node:fs');
    fs = { closeSync, existsSync, openSync, readFileSync, readSync, unlinkSync, writeSync };
  }
  return fs;
}

export function nodeV8(): typeof import('node:v8') {
  v8 ??= process.getBuiltinModule('node:v8');
  return v8;
}

export function nodeVm(): typeof import('node:vm') {
  vm ??= process.getBuiltinModule('node:vm');
  return vm;
}
