/** Runs before all tests: builds the package once, and installs what only tests need, because workers and the tests of shipped functions run what users get. */
import { execFileSync } from 'node:child_process';
import { installSystemPackages } from './system-packages.ts';

export default function build(): void {
  if (process.env.ALLCORES_TEST_BUILT) return;
  installSystemPackages();
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
