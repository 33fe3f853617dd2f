// Bundles the page's script (with Observable Plot in it) and its style into two texts, which the package puts into every page it makes.
import { existsSync, readFileSync } from 'node:fs';
import { build, transform } from 'esbuild';

/** @returns {Promise<{ script: string, style: string }>} */
export async function pageTexts(root) {
  const common = { absWorkingDir: root, bundle: true, write: false, minify: true, charset: 'ascii', legalComments: 'none' };
  const page = await build({ ...common, entryPoints: ['page/main.ts'], format: 'iife', target: 'es2022', metafile: true });
  const { variables } = await colours(common);
  const grounds = `:root{${variables('light')}}@media screen and (prefers-color-scheme:dark){:root{${variables('dark')}}}`;
  const { code } = await transform(grounds + readFileSync(`${root}page/style.css`, 'utf8'), { loader: 'css', minify: true });
  // It stands inside <script>: a text in the library that ends one would end the page's.
  const script = page.outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
  return { script: `${notices(root, page.metafile)}\n${script}`, style: code.trim() };
}

/** The variables are written in TypeScript, where the charts use them. */
async function colours(common) {
  const bundle = await build({ ...common, entryPoints: ['page/colours.ts'], format: 'esm' });
  return import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`);
}

/** The libraries' licenses ask to be in every copy; those that differ only in the year are there once, with every line of copyright. */
function notices(root, { outputs }) {
  const used = Object.entries(Object.values(outputs)[0].inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const folders = new Set(used.flatMap(([path]) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []));
  const texts = new Map();
  for (const folder of [...folders].sort()) {
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((name) => `${root}${folder}/${name}`).find(existsSync);
    if (!file) throw new Error(`${folder} is in the page and has no license file`);
    const lines = readFileSync(file, 'utf8').split('\n');
    const isCopyright = (line) => /^Copyright/.test(line.trim());
    const terms = lines
      .filter((line) => !isCopyright(line))
      .join(' ')
      .replace(/\s+/g, ' ')
      .trim();
    const holders = texts.get(terms) ?? new Set();
    for (const line of lines.filter(isCopyright)) holders.add(line.trim());
    texts.set(terms, holders);
  }
  const paragraphs = [...texts].map(([terms, holders]) => `${[...holders].sort().join('\n')}\n${terms}`);
  // Inside <script> and inside a comment.
  return `/*\n${paragraphs.join('\n\n').replaceAll('*/', '* /').replaceAll('<', '(')}\n*/`;
}
