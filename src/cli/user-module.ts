/** The user's file and what it exports, in JavaScript or TypeScript. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from './complaints.ts';

/** The file can only be loaded with tsx, which is there: the command has to be run again with it. */
export class NeedsTsx extends Error {
  override readonly name = 'NeedsTsx';
  /** The address of tsx, for `--import`. */
  readonly loader: string;
  constructor(loader: string) {
    super(`run again with --import ${loader}`);
    this.loader = loader;
  }
}

/** What Node says of TypeScript that it cannot run: all of it on Node 20, and what is more than types, or how its imports are found, later. */
const BEYOND_NODE = [
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_MODULE_NOT_FOUND',
  'ERR_REQUIRE_ESM',
  'ERR_UNSUPPORTED_DIR_IMPORT',
];

/**
 * The export that `file.ts#name` stands for; without a name the default export. `wanted` says in messages what it should be.
 *
 * @throws CommandError when there is no such file or export; NeedsTsx; or what the file itself throws.
 */
export async function exportAt(place: string, wanted: 'function' | 'list'): Promise<unknown> {
  const hash = place.lastIndexOf('#');
  const [file, name] = hash < 0 ? [place, 'default'] : [place.slice(0, hash), place.slice(hash + 1)];
  const example = `as in file.ts#${wanted === 'function' ? 'square' : 'numbers'}`;
  if (file === '' || name === '') throw new CommandError(`"${place}" names no ${file === '' ? 'file' : 'export'}; write both, ${example}`);
  const path = resolve(file);
  if (!existsSync(path)) throw new CommandError(`there is no file ${file}`, `Looked for ${path}`);
  const exported = exportsOf(await imported(path));
  if (Object.hasOwn(exported, name)) return exported[name];
  const names = Object.keys(exported).filter((key) => key !== 'module.exports' && key !== '__esModule');
  const which = names.length > 0 ? `It exports: ${names.join(', ')}` : 'It exports nothing; put `export` before it';
  throw new CommandError(
    hash < 0 ? `${file} has no default export; which one? Write it behind a #, ${example}` : `${file} does not export "${name}"`,
    which,
  );
}

/** Runs this very command again, with tsx. Gives the exit code. */
export async function rerunWith(loader: string, argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, '--import', loader, ...argv.slice(1)], { stdio: 'inherit' });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return exitCode ?? 1;
}

async function imported(path: string): Promise<object> {
  const isTypeScript = /\.[cm]?tsx?$/.test(path);
  const tsx = isTypeScript ? tsxFrom(process.cwd()) : undefined;
  // Where it is installed the project is run with it; Node alone may fail half-way, and says so in warnings of its own.
  if (tsx !== undefined && !process.execArgv.includes(tsx)) throw new NeedsTsx(tsx);
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    // A package of type "commonjs", as `npm init` writes it, makes `export` a syntax error to Node in a .ts file.
    const beyondNode = BEYOND_NODE.includes(String(code)) || cause instanceof SyntaxError;
    // With tsx it is the user's own mistake.
    if (!isTypeScript || !beyondNode || tsx !== undefined || code === 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new CommandError(
      `Node ${process.version} cannot run ${basename(path)} by itself: ${(cause as Error).message.split('\n')[0]}`,
      'TypeScript is run by tsx, which is not installed here: npm install --save-dev tsx',
      { cause },
    );
  }
}

/** From where the user stands: it is a tool of their project, not of this package. */
function tsxFrom(folder: string): string | undefined {
  try {
    return pathToFileURL(createRequire(resolve(folder, 'package.json')).resolve('tsx')).href;
  } catch {
    return undefined;
  }
}

/** A CommonJS file has its exports in its default export, whether Node has found their names or not. */
function exportsOf(module: object): Record<string, unknown> {
  const own = { ...module } as Record<string, unknown>;
  const whole = own.default;
  const isPlain = typeof whole === 'object' && whole !== null && Object.getPrototypeOf(whole) === Object.prototype;
  return isPlain ? { ...whole, ...own } : own;
}
