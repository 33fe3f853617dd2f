/** The most frequent words of all texts in a folder: `word-count.ts [folder]`. Texts are read where they are counted; only counts travel. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mapReduce } from 'allcores';

const folder = process.argv[2] ?? '.';

async function wordsOf(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const text = await readFile(join(folder, file), 'utf8');
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function joined(all: Map<string, number>, more: Map<string, number>): Map<string, number> {
  for (const [word, count] of more) all.set(word, (all.get(word) ?? 0) + count);
  return all;
}

const files = readdirSync(folder).filter((file) => /\.(md|txt)$/.test(file));
const counts = await mapReduce(files, wordsOf, joined, { initial: new Map<string, number>() });

const ranked = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
console.log(`${files.length} texts, ${counts.size} different words`);
for (const [word, count] of ranked.slice(0, 5)) console.log(`${word} ${count}`);
