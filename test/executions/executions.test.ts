import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as api from '../../dist/index.js';
import { sentences } from './executions.native.mjs';

const page = readFileSync(new URL('../../docs/executions-and-errors.md', import.meta.url), 'utf8');

describe('how often a task runs', () => {
  for (const [sentence, backends, body] of sentences)
    for (const backend of backends) test(`${backend}: ${sentence}`, () => body(api, { backend }), 60_000);

  test('the page says these sentences, and no others', () => {
    const section = page.split('## How often a task runs')[1]!.split('\n## ')[0]!;
    const told = section
      .split('\n- ')
      .slice(1)
      .map((line) => line.split('\n\n')[0]!.replace(/\s+/g, ' ').trim());
    expect(told).toEqual(sentences.map(([sentence, on]) => `${sentence}${on.length === 3 ? '' : ' (threads, processes)'}`));
  });
});
