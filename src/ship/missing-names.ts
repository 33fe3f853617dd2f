/** Without node:inspector only a function's text is known. Names that nobody has given are refused, all of them in one message. */
import { NotShippableError } from '../errors.ts';

/** A name that a function uses and that stands for nothing known. */
export interface MissingName {
  readonly name: string;
  /** The function that uses it. */
  readonly by: string;
  /** The function itself comes before what it leads to. */
  readonly order: number;
  /** Whether the function finds the names of the option `with`. */
  readonly canBeGiven: boolean;
}

/** `label`: of a value, whose functions the option does not reach; null for the function of a call. */
export function refuseMissing(missing: readonly MissingName[], label: string | null): never {
  const users = [...new Set(missing.toSorted((a, b) => a.order - b.order).map(({ by }) => by))];
  const uses = users.map((by) => `\`${by}\` uses ${listed(namesOf(missing.filter((one) => one.by === by)).map((name) => `\`${name}\``))}`);
  const isCall = label === null;
  const names = namesOf(missing.filter(({ canBeGiven }) => isCall && canBeGiven));
  const inner = users.filter((by) => isCall && missing.some((one) => one.by === by && !one.canBeGiven));
  const ways = [
    ...(names.length > 0 ? [`give them with the call, as in map(items, fn, { with: { ${names.join(', ')} } })`] : []),
    ...(inner.length > 0
      ? [`give ${listed(inner.map((by) => `\`${by}\``))} in \`with\` as well, so that names given there are found in it`]
      : []),
    ...(isCall ? [] : ['pass plain data, and give functions in the option `with` of the call']),
    'import what comes from modules inside the function, as in await import("lodash")',
    ...(process.permission ? ['let this process read them by --allow-inspector beside --permission (Node 24 and later)'] : []),
  ];
  throw new NotShippableError(
    `Cannot ship \`${label ?? users[0]}\`: ${uses.join(', and ')}, and what names stand for cannot be read without node:inspector, ` +
      `which this process ${process.permission ? 'may not use' : 'does not have'}. ${sentence(ways)}`,
  );
}

function namesOf(missing: readonly MissingName[]): string[] {
  return [...new Set(missing.map(({ name }) => name))];
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

function sentence(ways: readonly string[]): string {
  const text = `${ways.slice(0, -1).join('; ')}; or ${ways.at(-1)}.`;
  return text[0]!.toUpperCase() + text.slice(1);
}
