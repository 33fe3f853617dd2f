/** Which of one's own files import which, by a quick look at their texts. A word in a comment may add an import that is none: that only costs a look more. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const importsByUrl = new Map<string, readonly string[]>();
const FILES_AT_MOST = 1000;

/** File URLs that a file imports by relative paths. */
function importsOf(url: string): readonly string[] {
  let imports = importsByUrl.get(url);
  if (!imports) {
    imports = readImports(url);
    importsByUrl.set(url, imports);
  }
  return imports;
}

function readImports(url: string): string[] {
  let text: string;
  try {
    text = readFileSync(fileURLToPath(url), 'utf8');
  } catch {
    return []; // a guess that names no file
  }
  const specifiers = text.matchAll(/(?:\bfrom|\bimport|\bimport\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g);
  return [...specifiers].map((match) => new URL(match[2] as string, url).href);
}

/** A file and all that it leads to, nearest first. */
export function* filesFrom(starts: Iterable<string>): Generator<string> {
  const found = new Set<string>(starts);
  // A Set hands out what is added while it is walked.
  for (const url of found) {
    yield url;
    if (found.size < FILES_AT_MOST) for (const imported of importsOf(url)) found.add(imported);
  }
}
