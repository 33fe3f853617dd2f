/** Runs before all tests: builds the package once, and installs what only tests need, because workers and the tests of shipped functions run what users get. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installSystemPackages } from './system-packages.ts';

/** Gives what runs after them: vitest ends its processes by a signal, and what they meant to remove at their exit is removed here. */
export default function build(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-tests-'));
  process.env.TMPDIR = folder;
  if (!process.env.ALLCORES_TEST_BUILT) {
    installSystemPackages();
    execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  }
  return () => rmSync(folder, { recursive: true, force: true });
}
