/** An own one, so that the repository's is not found. In a project of yours this is the default. */
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['**/*.test.ts'] } });
