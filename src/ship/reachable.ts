/** Which modules can a worker import as they are? */
import { existsSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesFrom } from './import-graph.ts';
import { asFileUrl, filesOnStack, isFile } from './scripts.ts';

/** TypeScript of one's own always travels by value, so that tsx, vitest and Node's type stripping behave alike. */
export function isTypeScript(fileOrUrl: string): boolean {
  return /\.[cm]?tsx?($|\?)/.test(fileOrUrl);
}

let entry: string | undefined;

/** Is this the program itself? Importing it in a worker would run it a second time. */
export function isEntry(fileOrUrl: string): boolean {
  entry ??= process.argv[1] === undefined ? '' : real(process.argv[1]);
  let found = entries.get(fileOrUrl);
  if (found === undefined) {
    found = entry !== '' && real(pathOf(fileOrUrl)) === entry;
    entries.set(fileOrUrl, found);
  }
  return found;
}

/** Making a path of a URL takes longer than all the rest of the question, and each shipment asks it again. */
const entries = new Map<string, boolean>();

function pathOf(fileOrUrl: string): string {
  return fileOrUrl.startsWith('file:') ? fileURLToPath(fileOrUrl.replace(/[?#].*$/, '')) : fileOrUrl;
}

const realPaths = new Map<string, string>();

function real(path: string): string {
  let found = realPaths.get(path);
  if (found === undefined) {
    try {
      found = realpathSync(path);
    } catch {
      found = path; // the entry may be given without its extension
    }
    realPaths.set(path, found);
  }
  return found;
}

/** Which modules this shipment may name. Made for one shipment, because the call stack is one moment's. */
export class Reach {
  #onStack: ReadonlySet<string> | undefined;
  readonly #files = new Map<string, boolean>();
  readonly #imports = new Map<string, boolean>();

  /** A file a worker can import and find as it is here. */
  file(url: string): boolean {
    if (!isFile(url) || isTypeScript(url) || !/\.([cm]?js|json|wasm|node)($|[?#])/.test(url)) return false;
    const fileUrl = asFileUrl(url);
    let reachable = this.#files.get(fileUrl);
    if (reachable === undefined) {
      reachable = this.#isImportable(fileUrl);
      this.#files.set(fileUrl, reachable);
    }
    return reachable;
  }

  #isImportable(url: string): boolean {
    if (isEntry(url)) return false;
    // A file in the middle of its evaluation would run up to the same call again. So would the program itself.
    this.#onStack ??= filesOnStack();
    const mustNotRun = (file: string) => this.#onStack?.has(file) || isEntry(file) || isTypeScript(file);
    if (mustNotRun(url)) return false;
    if (url.includes('/node_modules/')) return true;
    for (const file of filesFrom([url])) if (mustNotRun(file)) return false;
    return true;
  }

  /** What code in `parent` imports under `specifier`. */
  import(specifier: string, parent: string): boolean {
    const key = `${specifier}\n${parent}`;
    let reachable = this.#imports.get(key);
    if (reachable === undefined) {
      reachable = this.#resolves(specifier, parent);
      this.#imports.set(key, reachable);
    }
    return reachable;
  }

  #resolves(specifier: string, parent: string): boolean {
    if (isBuiltin(specifier) || specifier.startsWith('data:')) return true;
    if (!isFile(parent)) return false;
    if (/^(\.{0,2}\/|file:)/.test(specifier)) {
      const url = new URL(specifier, asFileUrl(parent)).href;
      return this.file(url) && existsSync(pathOf(url));
    }
    if (!specifier.startsWith('#') && isInstalled(specifier, pathOf(parent))) return true;
    try {
      return this.file(createRequire(pathOf(parent)).resolve(specifier));
    } catch {
      return false; // a loader's own name, such as a path of tsconfig.json
    }
  }
}

/** Is it a package in node_modules, and not a link to sources of one's own? */
function isInstalled(specifier: string, parent: string): boolean {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  for (let folder = dirname(parent); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(candidate)) return real(candidate).includes(`${sep}node_modules${sep}`);
    if (folder === dirname(folder)) return false;
  }
}
