/** Where calls run that do not say where, and that nobody can tell by their results. */
import { describe, test } from 'vitest';
import * as api from '../../dist/index.js';
import { cases } from './placed.native.mjs';

describe('placing auto', () => {
  for (const [name, body] of cases) test(name, () => body(api));
});
