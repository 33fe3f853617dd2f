// Builds the package: the worker as one text (esbuild), everything else file by file (tsc).
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { outputFiles } = await build({
  entryPoints: [`${root}src/worker/entry.ts`],
  bundle: true,
  write: false,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  keepNames: true,
});
const text = outputFiles[0].text;
writeFileSync(
  `${root}src/worker-text.generated.ts`,
  `/** The worker, bundled into one text by scripts/build.mjs: ${text.length} characters. */\nexport const workerText: string = ${JSON.stringify(text)};\n`,
);

// Built beside and swapped in, so that a test that runs meanwhile never sees half a package.
const next = `${root}.cache/dist`;
rmSync(next, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', next], {
  stdio: 'inherit',
});
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(next, `${root}dist`);
