/** Files with the same content below a folder: `duplicate-files.ts [folder]`. Hashes come as they finish; memory stays small. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mapStream } from 'allcores';

const folder = process.argv[2] ?? '.';

/** Found while the first ones are being hashed. */
async function* filesBelow(path: string): AsyncGenerator<string> {
  for await (const entry of await opendir(path)) {
    const child = join(path, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git') yield* filesBelow(child);
    else if (entry.isFile()) yield child;
  }
}

async function hashed(file: string): Promise<{ file: string; hash: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { file, hash: hash.digest('hex') };
}

const byHash = new Map<string, string[]>();
let count = 0;
for await (const { file, hash } of mapStream(filesBelow(folder), hashed, { ordered: false, concurrency: 16 })) {
  count++;
  const same = byHash.get(hash);
  if (same) same.push(relative(folder, file));
  else byHash.set(hash, [relative(folder, file)]);
}

const duplicates = [...byHash.values()].filter((files) => files.length > 1).map((files) => files.sort().join(' = '));
console.log(`${count} files, ${duplicates.length} contents more than once`);
for (const line of duplicates.sort()) console.log(line);
