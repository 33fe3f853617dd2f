/** Runs before all tests: builds the package once, because workers and the tests of shipped functions run what users get. */
import { execFileSync } from 'node:child_process';

export default function build(): void {
  if (process.env.ALLCORES_TEST_BUILT) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
