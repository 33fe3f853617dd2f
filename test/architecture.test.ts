/** The layers of docs/DESIGN.md, read from the import statements. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && f.name.endsWith('.ts') && !f.name.endsWith('.generated.ts'))
  .map((f) => relative(root, join(f.parentPath, f.name)));

/** Rows from bottom to top; a file imports only from lower rows and its own folder. */
const ROWS: Record<string, number> = {
  'errors.ts': 0,
  'show.ts': 0,
  'cpu-count.ts': 0,
  'own-exports.ts': 0,
  'stays-here.ts': 0,
  'late-builtins.ts': 0,
  'late-part.ts': 0,
  'core/': 1,
  'range.ts': 1,
  'blocks.ts': 1,
  'backend.ts': 2,
  'transport.ts': 2,
  'observer.ts': 2,
  'protocol.ts': 2,
  'claims.ts': 2,
  'shorthand.ts': 2,
  'whole-lines.ts': 2,
  'shipped.ts': 2,
  'context.ts': 2,
  'per-worker.ts': 2,
  'register-type.ts': 2,
  'share.ts': 2,
  'transfer.ts': 2,
  'worker-text.generated.ts': 2,
  'ship/': 3,
  'transports/': 3,
  'observers/': 3,
  'worker/': 4,
  'backends/': 4,
  'run/': 5,
  'types.ts': 6,
  'counts.ts': 6,
  'options.ts': 6,
  'task-limits.ts': 6,
  'option-rule.ts': 6,
  'numbers.ts': 6,
  'explain.ts': 6,
  'explain-text.ts': 6,
  'check-options.ts': 6,
  'settings.ts': 6,
  'default-workers.ts': 6,
  'worker-life.ts': 6,
  'joblib-options.ts': 6,
  'shared-pools.ts': 6,
  'parallel.ts': 6,
  'reduce.ts': 6,
  'compare.ts': 6,
  'setup.ts': 6,
  'calls.ts': 6,
  'places.ts': 6,
  'pool.ts': 6,
  'map.ts': 6,
  'warm-up.ts': 6,
  'compare/': 6,
  'placing/': 6,
  'placing-option.ts': 6,
  'pool-arguments.ts': 6,
  'index.ts': 7,
  'cli/': 8,
};
/** Imports that the rows do not allow, each with its reason. */
const EXCEPTIONS: Record<string, string> = {
  'backends/inline.ts -> worker/execute.ts': 'the only stopwatch around user code',
  'backends/inline.ts -> worker/chunk-work.ts': 'what is to be run there',
  'backends/inline.ts -> worker/part.ts': 'what comes out of it',
  'backends/inline.ts -> worker/task-run.ts': 'its tasks know of themselves what others do',
  'backends/inline.ts -> worker/lanes.ts': 'the same rule which chunks run side by side',
};

const roomOf = (file: string) => (file.includes('/') ? `${file.split('/')[0]}/` : file);
const importsOf = (file: string) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [
    ...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g),
  ].map((m) => (m[1] ?? m[2] ?? m[3])!);
};
const edges = files.flatMap((file) =>
  importsOf(file)
    .filter((to) => to.startsWith('.'))
    .map((to) => ({ from: file, to: join(dirname(file), to) })),
);

describe('the house', () => {
  test('every file has a row', () => {
    for (const file of files) expect(ROWS[roomOf(file)], file).toBeTypeOf('number');
    expect(edges.length).toBeGreaterThan(100);
  });

  test('a file imports only from lower rows and its own folder', () => {
    const wrong = edges.filter(({ from, to }) => {
      const [a, b] = [roomOf(from), roomOf(to)];
      if (a === b && a.endsWith('/')) return false;
      if (EXCEPTIONS[`${from} -> ${to}`]) return false;
      // Front doors are one row and may know each other.
      return ROWS[b]! > ROWS[a]! || (ROWS[b] === ROWS[a] && ROWS[a] !== 6 && ROWS[a] !== 2 && ROWS[a] !== 0);
    });
    expect(wrong.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  test('every exception is still needed', () => {
    for (const exception of Object.keys(EXCEPTIONS)) expect(edges.map(({ from, to }) => `${from} -> ${to}`)).toContain(exception);
  });

  test('the core imports nothing from outside, and knows no clock, no randomness, no promise', () => {
    for (const file of files.filter((f) => f.startsWith('core/'))) {
      expect(
        importsOf(file).every((to) => /^\.\/[\w-]+\.ts$/.test(to)),
        file,
      ).toBe(true);
      const code = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      expect(code, file).not.toMatch(/\b(Date|performance|Math\.random|Promise|async|await|setTimeout|process|console)\b/);
    }
  });

  test('a worker does not know the core, the loop, backends or doors, and loads what packs values only when needed', () => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(join(root, file), 'utf8');
      for (const m of text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\b)?[^'";]*?\bfrom\s*'(\.[^']+)'/g))
        if (!m[2]) visit(join(dirname(file), m[3]!));
    };
    visit('worker/entry.ts');
    expect([...seen].filter((f) => /^(core|run|backends)\/|^(pool|map|calls|options|index)\.ts$/.test(f))).toEqual([]);
    expect([...seen].filter((f) => /ship\/(ship|free-variables|scopes|pack-)/.test(f))).toEqual([]);
  });

  test('the host has one clock, beside that of its turns and the stopwatch of compare, which is one', () => {
    const readers = files.filter((f) => /performance\.now|Date\.now/.test(readFileSync(join(root, f), 'utf8')));
    expect(readers.filter((f) => !f.startsWith('worker/')).toSorted()).toEqual([
      'backends/turns.ts',
      'compare/stopwatch.ts',
      'run/clock.ts',
    ]);
  });

  test('the command line knows the package as its users do', () => {
    const wrong = edges.filter(({ from, to }) => from.startsWith('cli/') && !to.startsWith('cli/') && to !== 'index.ts');
    expect(wrong).toEqual([]);
  });

  test('what makes pages is loaded only when one is made', () => {
    const importers = edges.filter(({ to }) => to === 'compare/page-text.generated.ts');
    expect(importers.map(({ from }) => from)).toEqual(['compare/page.ts']);
    expect(readFileSync(join(root, 'compare/page.ts'), 'utf8')).toMatch(/await import\('\.\/page-text\.generated\.ts'\)/);
  });

  test('only settings.ts reads the environment, and what asks whether a bar can be drawn', () => {
    const readers = files.filter((f) => /process\.env/.test(readFileSync(join(root, f), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(readers.filter((f) => !f.startsWith('ship/')).toSorted()).toEqual([
      'backends/child-environment.ts',
      'observers/terminal.ts',
      'settings.ts',
    ]);
  });

  test('only progress, and the lines of tasks, print on the host', () => {
    const prints = /\bconsole\.\w+\(|\bprocess\.std(out|err)\b|\bstd(out|err)\b.*= process\b|\bprocess\[\w+\]\.write\(/;
    const printers = files.filter((f) => prints.test(readFileSync(join(root, f), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
    expect(printers.filter((f) => !/^(cli|worker)\//.test(f)).toSorted()).toEqual(['observers/terminal.ts', 'run/logs.ts']);
  });

  test('nothing imports node:inspector: in a Node built without it that would throw', () => {
    expect(
      files.filter(
        (file) =>
          importsOf(file).includes('node:inspector') &&
          !/import type .* from 'node:inspector'/.test(readFileSync(join(root, file), 'utf8')),
      ),
    ).toEqual([]);
  });

  test('files stay under 300 lines, and none is called utils', () => {
    const long = files.map((f) => [f, readFileSync(join(root, f), 'utf8').split('\n').length - 1] as const).filter(([, n]) => n > 300);
    expect(long).toEqual([]);
    expect(files.filter((f) => /^(utils?|helpers?|common|misc|base|manager|abstract)/.test(basename(f)))).toEqual([]);
  });
});
