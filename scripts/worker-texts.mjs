// Bundles the worker into two texts: what every worker starts with, and what packs class instances and errors, loaded at the first one.
// Both share the state of the modules they have in common: the second text takes those from the first.
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

/** @returns {Promise<{ entry: string, packer: string }>} */
export async function workerTexts(root) {
  const options = { ...common, absWorkingDir: root };
  const plain = await build({ ...options, entryPoints: ['src/worker/entry.ts'], plugins: [] });
  const inEntry = new Set(Object.keys(plain.metafile.inputs));
  const full = await build({ ...options, entryPoints: ['src/ship/ship.ts'] });
  const shared = Object.keys(full.metafile.inputs).filter((path) => inEntry.has(path));

  const entry = await build({
    ...options,
    stdin: {
      contents: [
        ...shared.map((path, i) => `import * as m${i} from './${path}';`),
        `import { share } from './src/worker/packer.ts';`,
        `share({ ${shared.map((path, i) => `${JSON.stringify(path)}: m${i}`).join(', ')} });`,
        `import { startWorker } from './src/worker/entry.ts';`,
        'startWorker();',
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
  });
  const fromEntry = {
    name: 'shared with the entry',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const inside = relative(root, join(resolveDir, path));
        return shared.includes(inside) ? { path: inside, namespace: 'shared' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = SHARED[${JSON.stringify(path)}];`,
        loader: 'js',
      }));
    },
  };
  const packer = await build({ ...options, entryPoints: ['src/ship/ship.ts'], plugins: [fromEntry] });
  // In a function of its own: at the top of a worker's text every variable would be a global one, which tasks could see.
  return { entry: `(()=>{${entry.outputFiles[0].text}})();`, packer: packer.outputFiles[0].text };
}
