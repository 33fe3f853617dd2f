// biome-ignore-all lint: odd code is what these cases are about
// Decorated classes, as TypeScript and esbuild compile the standard's decorators and TypeScript's older ones.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

const source = fileURLToPath(new URL('./fixtures/decorated.ts', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

const compilers = {
  esbuild: (experimentalDecorators) =>
    transformSync(readFileSync(source, 'utf8'), {
      loader: 'ts',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    }).code,
  TypeScript: (experimentalDecorators) =>
    inFolder((folder) => {
      const options = ['--target', 'es2022', '--module', 'esnext', '--ignoreConfig', '--outDir', folder];
      execFileSync(process.execPath, [tsc, source, ...options, ...(experimentalDecorators ? ['--experimentalDecorators'] : [])]);
      return readFileSync(`${folder}/decorated.js`, 'utf8');
    }),
};

function inFolder(use) {
  const folder = mkdtempSync(`${tmpdir()}/allcores-decorators-`);
  const remove = () => rmSync(folder, { recursive: true });
  const used = use(folder);
  if (used instanceof Promise) return used.finally(remove);
  remove();
  return used;
}

const texts = new Map();

/** Compiled once, played on a thread and on a process. */
function compiled(name, older) {
  const key = `${name} ${older}`;
  if (!texts.has(key)) texts.set(key, compilers[name](older));
  return texts.get(key);
}

export const cases = Object.keys(compilers).flatMap((name) =>
  [false, true].map((older) => [
    `${older ? "TypeScript's older" : 'standard'} decorators as ${name} compiles them`,
    (run, t) =>
      inFolder(async (folder) => {
        writeFileSync(`${folder}/decorated.mjs`, compiled(name, older));
        const { makeHolder, makeTask } = await import(pathToFileURL(`${folder}/decorated.mjs`).href);
        const [task, held] = [makeTask(), makeHolder()];
        const expected = task(3);
        t.equal(expected.slice(0, 4), ['logged 5', 2, 'logged static', 'logged 1']);
        t.equal(await run(task, 3), expected);
        t.equal(await run(held), ['logged 3', 'logged 2', true]);
      }),
  ]),
);
