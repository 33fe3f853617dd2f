/** The programs of the first week run as they stand, give the right results, and end by themselves. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AT_MOST_MS, promised, root, run, runNode } from './program.ts';

const PRINTS = {
  'bad-rows.ts': 'good rows are kept, bad ones told with their place',
  'feature-table.ts': 'new columns for rows of a table',
  'log-file.ts': 'requests per status, each worker reading its parts of the file',
  'log-stream.ts': 'requests per status of a compressed log, line by line',
  'monte-carlo.ts': 'an option priced by simulation',
  'shared-points.ts': 'a shared table that is not copied',
};
const TESTED_BELOW = ['connection-per-worker.ts', 'duplicate-files.ts', 'fetch-pages.ts', 'hyper-parameter-search.ts', 'word-count.ts'];
const TESTED_ELSEWHERE = ['service.ts', 'native-code', 'testing'];
const right = (stdout: string) => ({ status: 0, stdout, stderr: '' });

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'allcores-first-week-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of its own for one test. */
function files(name: string, texts: Readonly<Record<string, string | Buffer>>): string {
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(join(folder, name, file, '..'), { recursive: true });
    writeFileSync(join(folder, name, file), text);
  }
  return join(folder, name);
}

describe('examples/first-week', { timeout: AT_MOST_MS }, () => {
  test('every file there is tested', () => {
    const listed = [...Object.keys(PRINTS), ...TESTED_BELOW, ...TESTED_ELSEWHERE];
    expect(readdirSync(join(root, 'examples/first-week')).toSorted()).toEqual(listed.toSorted());
  });

  for (const [file, what] of Object.entries(PRINTS)) {
    test(`${file}: ${what}`, async () => {
      expect(promised(`first-week/${file}`)).not.toBe('');
      expect(await run(`first-week/${file}`)).toEqual(right(promised(`first-week/${file}`)));
    });
  }

  test('monte-carlo.ts: the price does not depend on the number of workers', async () => {
    const alone = await run('first-week/monte-carlo.ts', { env: { ALLCORES_WORKERS: '1' } });
    const five = await run('first-week/monte-carlo.ts', { env: { ALLCORES_WORKERS: '5' } });
    expect(alone.stdout).toBe(five.stdout);
  });

  test('hyper-parameter-search.ts: the best forests, with progress on stderr', async () => {
    const { status, stdout, stderr } = await run('first-week/hyper-parameter-search.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: promised('first-week/hyper-parameter-search.ts') });
    expect(stderr).toMatch(/^forests: 16\/16 \(100 %\)/m);
  });

  test('log-file.ts and log-stream.ts: a file that is given', async () => {
    const line = (status: number) => `1.2.3.4 - - [01/May/2024:00:00:00 +0000] "GET / HTTP/1.1" ${status} 10 "-" "curl"\n`;
    // More than two parts of a megabyte, whose limits fall into lines; the last line has no end.
    const text = line(200).repeat(40_000) + line(503).repeat(3) + line(200).trimEnd();
    const logs = files('logs', { 'access.log': text, 'access.log.gz': gzipSync(text) });
    expect(await run('first-week/log-file.ts', { args: [join(logs, 'access.log')] })).toEqual(
      right('200: 40001 requests\n503: 3 requests\n'),
    );
    expect(await run('first-week/log-stream.ts', { args: [join(logs, 'access.log.gz')] })).toEqual(
      right('200: requests 40001, bytes 400010, visitors 1\n503: requests 3, bytes 30, visitors 1\n'),
    );
  });

  test('log-stream.ts: a file that is not there ends the program with the reason', async () => {
    const { status, stderr } = await run('first-week/log-stream.ts', { args: [join(folder, 'none.gz')] });
    expect(status).toBe(1);
    expect(stderr).toContain('ENOENT');
  });

  test('word-count.ts: the words of a folder', async () => {
    const texts = files('texts', { 'a.md': 'The ash, the beech.', 'b.txt': 'the chestnut\nASH', 'c.ts': 'the the the' });
    expect(await run('first-week/word-count.ts', { args: [texts] })).toEqual(
      right('2 texts, 4 different words\nthe 3\nash 2\nbeech 1\nchestnut 1\n'),
    );
    expect(await run('first-week/word-count.ts', { cwd: files('empty', { 'c.ts': '' }) })).toEqual(right('0 texts, 0 different words\n'));
  });

  test('duplicate-files.ts: the same content below a folder', async () => {
    const big = createHash('sha256').update('seed').digest().toString('hex').repeat(10_000);
    const tree = files('tree', { 'one.txt': 'same', 'deep/down/two.txt': 'same', 'three.txt': 'other', 'big/a': big, 'big/b': big });
    expect(await run('first-week/duplicate-files.ts', { args: [tree] })).toEqual(
      right('5 files, 2 contents more than once\nbig/a = big/b\ndeep/down/two.txt = one.txt\n'),
    );
  });

  test('fetch-pages.ts: many requests at once, never more than said', async () => {
    const { status, stdout, stderr } = await run('first-week/fetch-pages.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const [, mostOpen] = /^60 pages, 96060 words, at most (\d+) requests at once\n$/.exec(stdout)!;
    expect(Number(mostOpen)).toBeGreaterThan(4);
    expect(Number(mostOpen)).toBeLessThanOrEqual(20);
  });

  test('connection-per-worker.ts: one connection for each worker that was used, closed at its end', async () => {
    const { status, stdout, stderr } = await run('first-week/connection-per-worker.ts');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^200 letters, the last begins "Dear customer 199,"\n[12] connections opened, 0 left open\n$/);
  });

  test('testing/prices.test.ts: tests of a module that uses allcores, with spies in line and on real threads', async () => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { status, stdout } = await runNode([vitest, 'run', '--root', join(root, 'examples/first-week/testing')]);
    expect(stdout).toMatch(/Tests {2}3 passed/);
    expect(status).toBe(0);
  });
});
