import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash } from '../../src/ship/content-hash.ts';

test('texts that differ have other hashes, equal ones the same', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(fc.property(text, text, (a, b) => (contentHash(a) === contentHash(b)) === (a === b)));
});

test('each unit counts, wherever it stands, and so does the length', () => {
  const base = 'a'.repeat(64);
  const texts = new Set<string>();
  for (let at = 0; at < base.length; at++)
    for (const unit of ['', '\0', 'b', '\uffff', '\ud800']) texts.add(base.slice(0, at) + unit + base.slice(at + 1));
  for (let length = 0; length < 40; length++) texts.add('\0'.repeat(length));
  const hashes = new Set([...texts].map(contentHash));
  expect(hashes.size).toBe(texts.size);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
});

test('a hundred thousand functions that differ in a number have hashes of their own, also in any half of them', () => {
  const hashes = Array.from({ length: 100_000 }, (_, i) => contentHash(`(x) => x * ${i}`));
  expect(new Set(hashes.map((hash) => hash.slice(0, 16))).size).toBe(hashes.length);
  expect(new Set(hashes.map((hash) => hash.slice(16))).size).toBe(hashes.length);
});
