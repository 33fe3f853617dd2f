// Bundles what programs import into few files, because Node takes half a millisecond for each, and leaves for later what the first call needs.
//
// What is for later is text in the bundle, compiled when it is needed: reading a string costs a tenth of compiling it. There are two such
// texts, `later` and the packer that workers have too. In the place of their modules the bundle has functions of the same names, which load
// the text and go on there.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Modules that a program may never need, or needs only when a worker is starting already. What only they import is for later with them. */
const LATER = /^src\/(ship\/[\w-]+|run\/host-values|observers\/progress|backends\/(inline|processes))\.ts$/;

/**
 * @param {string} root
 * @param {{ ofEntry: string[], ofPacker: string[] }} parts The modules that the packer's text takes from outside, and those in it.
 * @param {string} outdir Where tsc has put all modules.
 */
export async function bundleHost(root, { ofEntry, ofPacker }, outdir) {
  const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20', external: ['log-update'], metafile: true };
  const pathOf = ({ path, resolveDir }) => relative(root, join(resolveDir, path));
  const functionsOf = async (path) => {
    const all = await import(pathToFileURL(join(outdir, path.replace(/^src\/(.*)\.ts$/, '$1.js'))).href);
    return Object.keys(all).filter((name) => typeof all[name] === 'function');
  };
  /** Functions that load what they stand for. What is no function has no place here: importing it is an error of the build. */
  const standIns = (isLate, taken) => ({
    name: 'for later',
    setup(build) {
      build.onLoad({ filter: /\/src\/.*\.ts$/ }, async (args) => {
        const path = relative(root, args.path);
        if (!isLate(path)) return undefined;
        taken?.add(path);
        const names = await functionsOf(path);
        const call = (name) => `const f = late(${JSON.stringify(path)}).${name}; return new.target ? new f(...args) : f(...args);`;
        const all = names.map((name) => `export function ${name}(...args) { ${call(name)} }`);
        return { contents: [`import { late } from 'late';`, ...all].join('\n'), resolveDir: root, loader: 'js' };
      });
    },
  });
  /** Modules that are loaded already, by path. */
  const given = (paths) => ({
    name: 'given',
    setup(build) {
      build.onResolve({ filter: /^late$/ }, () => ({ path: 'late', namespace: 'given' }));
      build.onResolve({ filter: /^\.{1,2}\// }, (args) => {
        const path = pathOf(args);
        return paths.has(path) ? { path, namespace: 'given' } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: 'given' }, ({ path }) => ({
        contents: `module.exports = SHARED[${JSON.stringify(path)}];`,
        loader: 'js',
      }));
    },
  });
  const lateModule = (contents) => ({
    name: 'late',
    setup(build) {
      build.onResolve({ filter: /^late$/ }, () => ({ path: 'late', namespace: 'late' }));
      build.onLoad({ filter: /.*/, namespace: 'late' }, () => ({ contents, resolveDir: root, loader: 'js' }));
    },
  });

  // What is loaded at once is what can be reached without passing a module that is for later.
  const inPacker = new Set(ofPacker);
  const roots = new Set();
  const probe = [standIns((path) => LATER.test(path), roots), lateModule('export function late() {}')];
  const first = await build({ ...common, format: 'esm', entryPoints: ['src/index.ts'], outdir, write: false, plugins: probe });
  const atOnce = new Set(Object.keys(first.metafile.inputs).filter((path) => path.startsWith('src/') && !roots.has(path)));

  const later = [...new Set([...roots, ...ofEntry])].filter((path) => !atOnce.has(path) && !inPacker.has(path));
  const { outputFiles, metafile } = await build({
    ...common,
    format: 'cjs',
    stdin: { contents: `${imports(later)}\nexport const modules = ${byPath(later)};`, resolveDir: root, loader: 'ts' },
    plugins: [given(atOnce), standIns((path) => inPacker.has(path))],
    minify: true,
    keepNames: true,
    write: false,
  });
  const outside = [...atOnce].filter((path) => `given:${path}` in metafile.inputs || ofEntry.includes(path));

  const all = await build({
    ...common,
    format: 'esm',
    entryPoints: ['src/index.ts'],
    outdir,
    plugins: [
      standIns((path) => LATER.test(path)),
      lateModule(`
        import { runText } from './src/late-part.ts';
        import { packerText } from './src/worker-text.generated.ts';
        ${imports(outside)}
        const given = ${byPath(outside)};
        const laterText = ${JSON.stringify(outputFiles[0].text)};
        let later;
        let packer;
        export function late(path) {
          later ??= runText(laterText, 'later', { ...given, late: { late } }).modules;
          if (path in later) return later[path];
          packer ??= runText(packerText, 'packer', { ...given, ...later }).modules;
          return packer[path];
        }`),
    ],
    splitting: true,
    // By this name stacks tell the package from its users, who may have bundles and chunks, too (ship/scripts.ts).
    chunkNames: 'chunks/allcores-[name]-[hash]',
    minifyWhitespace: true,
    minifySyntax: true,
    // They stay in stacks, and what is exported keeps its name.
    minifyIdentifiers: false,
    sourcemap: true,
    sourcesContent: false,
  });
  // What the build itself has put in comes from here.
  for (const map of Object.keys(all.metafile.outputs).filter((path) => path.endsWith('.map'))) {
    const file = join(root, map);
    const made = `${relative(dirname(file), root)}/scripts/host-bundle.mjs`;
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"late:late"/, JSON.stringify(made)));
  }
}

function imports(paths) {
  return paths.map((path, i) => `import * as m${i} from './${path}';`).join('\n');
}

function byPath(paths) {
  return `{ ${paths.map((path, i) => `${JSON.stringify(path)}: m${i}`).join(', ')} }`;
}
