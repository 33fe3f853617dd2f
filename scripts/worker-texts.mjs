// Bundles the worker into three texts: what every worker starts with; what packs class instances and errors, loaded at the first one; and
// the package itself, loaded by tasks that use it where it is part of a program's bundle and cannot be imported.
// They share the state of the modules they have in common: a later text takes those from the earlier ones.
import { join, relative } from 'node:path';
import { build } from 'esbuild';

const common = {
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
  metafile: true,
};

const PACKER = 'src/ship/ship.ts';
const TEXTS = 'src/worker-text.generated.ts';
/** State that both the packer and the doors know, and the doors without the packer. */
const BESIDE = new Set(['src/stays-here.ts']);
/** The doors that a task may go through. */
const DOORS = ['map', 'pool', 'parallel', 'reduce', 'shared-pools', 'cpu-count', 'run/failures', 'share', 'transfer'].map(
  (name) => `src/${name}.ts`,
);

/** @returns {Promise<{ entry: string, packer: string, whole: string, io: string, ofEntry: string[], ofPacker: string[] }>} */
export async function workerTexts(root) {
  const options = { ...common, absWorkingDir: root };
  const bundle = async (contents, plugins) => {
    const stdin = { contents: contents.join('\n'), resolveDir: root, loader: 'ts' };
    const { outputFiles } = await build({ ...options, stdin, plugins, external: ['log-update'] });
    return outputFiles[0].text;
  };
  const plain = await build({ ...options, entryPoints: ['src/worker/entry.ts'] });
  const inEntry = new Set(Object.keys(plain.metafile.inputs));
  const full = await build({ ...options, entryPoints: [PACKER] });
  const inPacker = Object.keys(full.metafile.inputs).filter((path) => path.startsWith('src/'));
  const ofEntry = inPacker.filter((path) => inEntry.has(path) || BESIDE.has(path));
  const ofPacker = inPacker.filter((path) => !ofEntry.includes(path));
  const imports = (paths) => paths.map((path, i) => `import * as m${i} from './${path}';`);
  const byPath = (paths) => `{ ${paths.map((path, i) => `${JSON.stringify(path)}: m${i}`).join(', ')} }`;

  const entry = await bundle([
    ...imports(ofEntry),
    `import { share } from './src/worker/parts.ts';`,
    `share(${byPath(ofEntry)});`,
    `import { startWorker } from './src/worker/entry.ts';`,
    'startWorker();',
  ]);
  const taking = (given) => ({
    name: 'taken from the earlier texts',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const inside = relative(root, join(resolveDir, path));
        return inside in given ? { path: given[inside], namespace: 'shared' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = SHARED[${JSON.stringify(path)}];`,
        loader: 'js',
      }));
    },
  });
  const named = (paths) => Object.fromEntries(paths.map((path) => [path, path]));
  const packer = await bundle(
    [...imports(ofPacker), `export { packValue, settingsOf } from './${PACKER}';`, `export const modules = ${byPath(ofPacker)};`],
    [taking(named(ofEntry))],
  );
  const whole = await bundle(
    DOORS.map((path) => `export * from './${path}';`),
    [taking({ ...named(ofEntry), ...named(ofPacker), [TEXTS]: 'texts' })],
  );
  const io = await bundle([`import { readMessages } from './src/worker/io-thread.ts';`, 'readMessages();']);
  // In a function of its own: at the top of a worker's text every variable would be a global one, which tasks could see.
  return { entry: `(()=>{${entry}})();`, packer, whole, io: `(()=>{${io}})();`, ofEntry, ofPacker };
}
