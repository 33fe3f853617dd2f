import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    // Files ending in .native.mjs are imported by Node itself: vitest rewrites functions, and some tests are about functions as they stand.
    server: { deps: { external: [/\.native\.mjs$/, /\/dist\//] } },
    // Most tests are about workers, and their functions are small. Those of placing say so themselves.
    env: { ALLCORES_PLACING: 'workers' },
    testTimeout: 20_000,
  },
});
