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
  esbuild: (folder, experimentalDecorators) => {
    const { code } = transformSync(readFileSync(source, 'utf8'), {
      loader: 'ts',
      target: 'es2022',
      tsconfigRaw: { compilerOptions: { experimentalDecorators } },
    });
    writeFileSync(`${folder}/decorated.js`, code);
  },
  TypeScript: (folder, experimentalDecorators) => {
    const options = ['--target', 'es2022', '--module', 'esnext', '--ignoreConfig', '--outDir', folder];
    execFileSync(process.execPath, [tsc, source, ...options, ...(experimentalDecorators ? ['--experimentalDecorators'] : [])]);
  },
};

export const cases = Object.entries(compilers).flatMap(([name, compile]) =>
  [false, true].map((older) => [
    `${older ? "TypeScript's older" : 'standard'} decorators as ${name} compiles them`,
    async (run, t) => {
      const folder = mkdtempSync(`${tmpdir()}/allcores-decorators-`);
      try {
        writeFileSync(`${folder}/package.json`, '{ "type": "module" }');
        compile(folder, older);
        const { makeHolder, makeTask } = await import(pathToFileURL(`${folder}/decorated.js`).href);
        const [task, held] = [makeTask(), makeHolder()];
        const expected = task(3);
        t.equal(expected.slice(0, 4), ['logged 5', 2, 'logged static', 'logged 1']);
        t.equal(await run(task, 3), expected);
        t.equal(await run(held), ['logged 3', 'logged 2', true]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  ]),
);
