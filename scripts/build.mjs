// Builds the package: the worker as text (esbuild), everything else file by file (tsc).
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workerTexts } from './worker-texts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const { entry, packer } = await workerTexts(root);
writeFileSync(
  `${root}src/worker-text.generated.ts`,
  `/** The worker as text, bundled by scripts/build.mjs. */

/** What every worker starts with: ${entry.length} characters. */
export const workerText: string = ${JSON.stringify(entry)};

/** What packs class instances and errors, loaded at the first one: ${packer.length} characters. */
export const packerText: string = ${JSON.stringify(packer)};
`,
);

// Built beside and swapped in, so that a test that runs meanwhile never sees half a package.
const next = `${root}.cache/dist`;
rmSync(next, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', next], {
  stdio: 'inherit',
});
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(next, `${root}dist`);
