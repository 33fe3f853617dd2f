/** The doors where scopes cannot be read: a program under --permission, and one whose inspector takes no session. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const fixtures = new URL('./fixtures/', import.meta.url);
const program = fileURLToPath(new URL('without-inspector.mjs', fixtures));

/** The lines it prints, one for each case. */
async function linesOf(node: string, flags: readonly string[]): Promise<string[]> {
  const { NODE_OPTIONS: _, VITEST: __, NODE_V8_COVERAGE: ___, ALLCORES_BACKEND: ____, ...env } = process.env;
  const { stdout } = await promisify(execFile)(node, [...flags, program], { env });
  return stdout.trimEnd().split('\n');
}

const permission = (node: string) => {
  const major = Number(/^v(\d+)/.exec(execFileSync(node, ['--version'], { encoding: 'utf8' }))?.[1]);
  return [major < 22 ? '--experimental-permission' : '--permission', '--allow-worker', '--allow-fs-read=*'];
};
const cached = (version: string) => fileURLToPath(new URL(`../../.cache/nodes/${version}/node_modules/node/bin/node`, import.meta.url));

describe('without an inspector every case holds', () => {
  for (const [name, preload] of [
    ['where its sessions cannot be connected', 'no-inspector.mjs'],
    ['where its module is missing', 'no-inspector-module.mjs'],
  ] as const) {
    test(name, async () => {
      const lines = await linesOf(process.execPath, ['--import', new URL(preload, fixtures).href]);
      expect(lines.filter((line) => !line.startsWith('holds: '))).toEqual([]);
      expect(lines.length).toBe(9);
    });
  }

  for (const [name, node] of [
    ['this Node', process.execPath],
    ...['24', '26'].map((version) => [`Node ${version}`, cached(version)]),
  ] as const) {
    const isThere = existsSync(node!);
    test.skipIf(!isThere)(
      `under --permission, on ${name}${isThere ? '' : ' (skipped: scripts/test-nodes.mjs has not fetched it)'}`,
      async () => {
        const lines = await linesOf(node!, permission(node!));
        expect(lines.filter((line) => !line.startsWith('holds: '))).toEqual([]);
        expect(lines.length).toBe(9);
      },
    );
  }
});
