// Builds the package: the worker and the page of comparisons as text (esbuild), everything else file by file (tsc).
import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleHost } from './host-bundle.mjs';
import { pageTexts } from './page-text.mjs';
import { workerTexts } from './worker-texts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const { entry, packer, whole, io, ...parts } = await workerTexts(root);
writeFileSync(
  `${root}src/worker-text.generated.ts`,
  `/** The worker as text, bundled by scripts/build.mjs. */

/** What every worker starts with: ${entry.length} characters. */
export const workerText: string = ${JSON.stringify(entry)};

/** What packs class instances and errors, loaded at the first one: ${packer.length} characters. */
export const packerText: string = ${JSON.stringify(packer)};

/** The package, for tasks that use it where it is part of a bundle and cannot be imported: ${whole.length} characters. */
export const packageText: string = ${JSON.stringify(whole)};

/** The thread that reads a worker process's messages: ${io.length} characters. */
export const ioText: string = ${JSON.stringify(io)};
`,
);

const { script, style } = await pageTexts(root);
writeFileSync(
  `${root}src/compare/page-text.generated.ts`,
  `/** The page's script and style as text, bundled by scripts/build.mjs. */

/** Draws the charts, with the chart library in it: ${script.length} characters. */
export const pageScript: string = ${JSON.stringify(script)};

/** What the page looks like. */
export const pageStyle: string = ${JSON.stringify(style)};
`,
);

// Built beside and swapped in, so that a test that runs meanwhile never sees half a package. Beside, since source maps count folders.
const next = `${root}.dist-next`;
rmSync(next, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', next], {
  stdio: 'inherit',
});
await bundleHost(root, parts, next);
chmodSync(`${next}/cli/main.js`, 0o755);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(next, `${root}dist`);
