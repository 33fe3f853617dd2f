/** Every program in the documents runs as a user would run it, and prints what its comments say. Fragments are parsed. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, documents, root } from './pages.ts';

const CODE = ['js', 'mjs', 'cjs', 'ts', 'mts'];
const AT_MOST_MS = 15_000;

const blocks = documents.flatMap(blocksOf).filter(({ language }) => CODE.includes(language));
const fragments = blocks.filter(({ mark }) => mark === 'fragment');
const files = blocks.filter(({ mark }) => mark.startsWith('file='));
const programs = blocks.filter(({ mark }) => mark === '');
const placeOf = ({ document, line }: Block) => `${document}:${line}`;
const isTypeScript = ({ language }: Block) => language.endsWith('ts');

let folder = '';
beforeAll(() => {
  // As after `npm init -y` and `npm install allcores`. A link to this repository would not do: its files would count as the user's own.
  folder = mkdtempSync(join(tmpdir(), 'allcores-docs-'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "reader", "version": "1.0.0", "type": "commonjs" }\n');
  const installed = join(folder, 'node_modules', 'allcores');
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(installed, 'package.json'));
  for (const name of ['acorn', 'tsx']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page's own folder, so that its programs find the files it shows. Written once: programs of a page run at the same time. */
function folderOf(document: string): string {
  const path = join(folder, document.replace(/\W/g, '_'));
  if (existsSync(path)) return path;
  mkdirSync(path, { recursive: true });
  for (const file of files) if (file.document === document) writeFileSync(join(path, file.mark.slice('file='.length)), file.text);
  return path;
}

function extensionOf(block: Block): string {
  if (isTypeScript(block)) return 'mts';
  return block.language === 'cjs' || /\brequire\('allcores'\)/.test(block.text) ? 'cjs' : 'mjs';
}

async function run(block: Block): Promise<string> {
  const cwd = folderOf(block.document);
  const file = join(cwd, `line-${block.line}.${extensionOf(block)}`);
  writeFileSync(file, block.text);
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (/^(NODE_OPTIONS|VITEST.*|ALLCORES_.*|FORCE_COLOR)$/.test(name)) delete env[name];
  const args = isTypeScript(block) ? ['--import', 'tsx', file] : [file];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, env, timeout: AT_MOST_MS }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const how = error.killed ? `did not end within ${AT_MOST_MS} ms` : `ended with ${error.code ?? error.signal}`;
      reject(new Error(`${placeOf(block)} ${how}\nstdout: ${stdout}\nstderr: ${stderr}`));
    });
  });
}

/** What the comments behind console.log promise, in the order of the text. */
const promised = ({ text }: Block): string[] =>
  text.split('\n').flatMap((line) => {
    const comment = /\bconsole\.\w+\(.*\/\/ -> (.*)$/.exec(line);
    return comment ? [comment[1]!.trim()] : [];
  });

describe('programs in the documents', () => {
  test('there are some, and each is one: what is less says so', () => {
    expect(programs.length).toBeGreaterThan(10);
    for (const block of programs) expect(block.text, placeOf(block)).toMatch(/from 'allcores'|require\('allcores'\)/);
    for (const block of blocks) expect(block.mark, placeOf(block)).toMatch(/^(|fragment|file=[\w.-]+)$/);
  });

  for (const block of programs) {
    test.concurrent(
      `${placeOf(block)} runs${promised(block).length > 0 ? ' and prints what it says' : ''}`,
      async ({ expect }) => {
        const printed = (await run(block)).trimEnd().split('\n');
        const expected = promised(block);
        if (expected.length > 0) expect(printed).toEqual(expected);
      },
      AT_MOST_MS + 5000,
    );
  }
});

describe('fragments in the documents', () => {
  for (const block of [...fragments, ...files]) {
    test(`${placeOf(block)} is ${isTypeScript(block) ? 'TypeScript' : 'JavaScript'}`, () => {
      transformSync(block.text, { loader: isTypeScript(block) ? 'ts' : 'js', format: 'esm', target: 'esnext' });
    });
  }
});
