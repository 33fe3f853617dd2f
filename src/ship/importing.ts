/** `import()` as code in another file would do it. */
import { pathToFileURL } from 'node:url';
import { nodeVm } from '../late-builtins.ts';

export type Importer = (specifier: string, options?: ImportCallOptions) => Promise<Record<string, unknown>>;

const importers = new Map<string, Importer>();

/** The `import()` of code that lives in `parent`, a file URL or path. */
export function importerFor(parent: string): Importer {
  let importer = importers.get(parent);
  if (!importer) {
    const vm = nodeVm();
    const script = new vm.Script('(specifier,options)=>import(specifier,options)', {
      filename: placeFor(parent),
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    importer = script.runInThisContext() as Importer;
    if (importers.size === 0) warmUpQuietly(importer);
    importers.set(parent, importer);
  }
  return importer;
}

/**
 * A place from which the same things are found. Coverage counts what has a file's name as that file's code, so there it is
 * another name in the same folder.
 */
function placeFor(parent: string): string {
  if (parent === '') return pathToFileURL(`${process.cwd()}/`).href;
  return process.env.NODE_V8_COVERAGE === undefined ? parent : parent.replace(/[^/\\]*$/, 'shipped');
}

/** Node prints an ExperimentalWarning at the first import() made through that constant. It is not the user's experiment, so it is not shown. */
function warmUpQuietly(importer: Importer): void {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    importer('node:util').catch(() => {});
  } finally {
    process.emitWarning = emitWarning;
  }
}
