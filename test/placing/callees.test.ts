/** Where functions run that call helpers and capture constants. */
import { describe, test } from 'vitest';
import * as api from '../../dist/index.js';
import { cases } from './callees.native.mjs';

describe('helpers', () => {
  for (const [name, body] of cases) test(name, () => body(api));
});
