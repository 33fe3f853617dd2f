/** The documents as text: which there are, their code blocks, their links and headings. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every document, by its path from the root of the repository. */
export const documents: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && f.name.endsWith('.md'))
    .map((f) => relative(root, join(f.parentPath, f.name)))
    .sort(),
];

export const textOf = (document: string): string => readFileSync(join(root, document), 'utf8');

export interface Block {
  readonly document: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** `js`, `mjs`, `cjs`, `ts`, `sh`, … or empty. */
  readonly language: string;
  /** What stands behind the language: `fragment`, or `file=score.mjs`. */
  readonly mark: string;
  readonly text: string;
}

export function blocksOf(document: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  textOf(document)
    .split('\n')
    .forEach((text, i) => {
      const fence = /^```(.*)$/.exec(text);
      if (!fence) open?.lines.push(text);
      else if (!open) open = { line: i + 1, info: fence[1]!.trim(), lines: [] };
      else {
        const [language = '', ...mark] = open.info.split(' ');
        blocks.push({ document, line: open.line, language, mark: mark.join(' '), text: `${open.lines.join('\n')}\n` });
        open = undefined;
      }
    });
  if (open) throw new Error(`${document}:${open.line}: this block does not end`);
  return blocks;
}

/** The document without its code: blocks and inline code. */
export const proseOf = (document: string): string =>
  textOf(document)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '`code`');

/** What a heading's link is called on GitHub. */
export const anchorsOf = (document: string): string[] =>
  textOf(document)
    .replace(/^```[\s\S]*?^```/gm, '')
    .split('\n')
    .filter((line) => /^#{1,6} /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
