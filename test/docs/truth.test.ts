/** The documents say what the package is: its error codes, options, exports and files; and their links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as api from '../../dist/index.js';
import { anchorsOf, documents, proseOf, root, textOf } from './pages.ts';

const taskPages = documents.filter((d) => /^docs\/[^/]+\.md$/.test(d) && d !== 'docs/DESIGN.md');
const decisions = documents.filter((d) => d.startsWith('docs/decisions/'));

describe('docs/errors.md', () => {
  const union = /export type ErrorCode =([^;]+);/.exec(readFileSync(join(root, 'src/errors.ts'), 'utf8'))![1]!;
  const codes = [...union.matchAll(/'(\w+)'/g)].map((m) => m[1]!);
  const headings = [...textOf('docs/errors.md').matchAll(/^#+ `([A-Z_]+)`$/gm)].map((m) => m[1]!);
  const explained = headings.filter((code) => !code.startsWith('ALLCORES_'));
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => /(?<!\.generated)\.ts$/.test(f));
  const named = sources.flatMap((f) => [...readFileSync(join(root, 'src', f), 'utf8').matchAll(/'(ALLCORES_[A-Z_]+)'/g)].map((m) => m[1]!));
  const ENVIRONMENT = ['ALLCORES_WORKERS', 'ALLCORES_BACKEND', 'ALLCORES_PLACING'];

  test('has a paragraph for every warning code, and none for others', () => {
    const warnings = [...new Set(named)].filter((name) => !ENVIRONMENT.includes(name));
    expect(warnings.length).toBeGreaterThan(5);
    expect(headings.filter((code) => code.startsWith('ALLCORES_')).toSorted()).toEqual(warnings.toSorted());
  });

  test('has a paragraph for every error code, and none for others', () => {
    expect(codes.length).toBeGreaterThan(5);
    expect(explained.toSorted()).toEqual(codes.toSorted());
  });

  test('says of every code when, why and what to do', () => {
    for (const section of textOf('docs/errors.md')
      .split(/^#+ (?=`[A-Z_]+`$)/m)
      .slice(1)) {
      for (const word of ['When:', 'Why:', 'What to do:']) expect(section, section.split('\n')[0]!).toContain(word);
    }
  });
});

describe('generated pages', async () => {
  // Not a literal: the script is JavaScript without types.
  const script = '../../scripts/docs.mjs';
  const { pages } = (await import(script)) as { pages(): Promise<Record<string, string>> };
  for (const [file, text] of Object.entries(await pages())) {
    test(`${file} is what scripts/docs.mjs makes`, () => expect(textOf(file)).toBe(text));
  }
});

describe('docs/reference.md', () => {
  const part = (title: string) => textOf('docs/reference.md').split(`## ${title}\n`)[1]!.split(/^## /m)[0]!;
  const namesIn = (text: string) => [...text.matchAll(/^\| `([^`]+)` \|/gm)].map((m) => m[1]!);

  test('lists exactly what the package exports at run time', () => {
    expect([...namesIn(part('Functions')), ...namesIn(part('Classes'))].toSorted()).toEqual(Object.keys(api).toSorted());
  });

  test('lists exactly the members of a Pool', () => {
    // By the last, copies of the package know each other's pools; nobody else needs it.
    const inner: readonly PropertyKey[] = ['constructor', Symbol.for('allcores.crew/1')];
    const methods = Reflect.ownKeys(api.Pool.prototype).filter((key) => !inner.includes(key));
    const members = [...methods.map((key) => (key === Symbol.asyncDispose ? '[Symbol.asyncDispose]' : String(key))), 'backend'];
    expect(namesIn(part('Members of a `Pool`')).toSorted()).toEqual(members.toSorted());
  });
});

describe('docs/DESIGN.md', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && f.name.endsWith('.ts') && !f.name.endsWith('.generated.ts'))
    .map((f) => relative(join(root, 'src'), join(f.parentPath, f.name)));

  test('has one line for every file of src, and none for others', () => {
    const listed = [...textOf('docs/DESIGN.md').matchAll(/^\| `((?:[\w-]+\/)?[\w.-]+\.ts)` \|/gm)].map((m) => m[1]!);
    expect(listed.toSorted()).toEqual(files.toSorted());
  });

  test('leads to every decision', () => {
    for (const page of decisions) expect(textOf('docs/DESIGN.md')).toContain(`(${relative('docs', page)})`);
  });
});

describe('every document', () => {
  test('task pages open with who they are for', () => {
    for (const page of taskPages) expect(textOf(page), page).toMatch(/^(?:<!--.*-->\n\n)?# .+\n\nUse this if you want /);
  });

  test('decisions are numbered and name the road not taken', () => {
    expect(decisions.map((page) => Number(page.slice(15, 19)))).toEqual(decisions.map((_, i) => i + 1));
    for (const page of decisions) expect(textOf(page), page).toMatch(/^## The roads? not taken$/m);
  });

  test('README leads to every task page', () => {
    for (const page of taskPages) expect(textOf('README.md')).toContain(`(${page})`);
  });

  for (const document of documents) {
    test(`${document}: every link leads to a file and a heading that exist`, () => {
      for (const [, target] of proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target!)) continue;
        const [path, anchor] = target!.split('#') as [string, string | undefined];
        const file = path === '' ? document : join(dirname(document), path);
        expect(existsSync(join(root, file)), `${document} -> ${target}`).toBe(true);
        if (anchor !== undefined) expect(anchorsOf(file), `${document} -> ${target}`).toContain(anchor);
      }
    });
  }
});
