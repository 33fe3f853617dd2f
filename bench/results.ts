/** What a run leaves behind: every figure with what it was measured on, as JSON, and what was printed as Markdown. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { PEERS } from './peers/peers.ts';
import { versions as pythonVersions } from './peers/python.ts';
import type { WorkloadReport } from './report.ts';

const root = new URL('../../', import.meta.url);

export interface About {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** By name, as installed: the package itself, its peers, Python's. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A workload, when it was measured, of which commit and with how much patience. */
export type Measurement = WorkloadReport & {
  readonly measuredOn: string;
  readonly commit: string;
  readonly tookMs: number;
  readonly quick: boolean;
};

export interface Results {
  readonly about: About;
  readonly workloads: readonly Measurement[];
}

export function machineAbout(): About {
  const versionOf = (name: string) => {
    const file = name === 'allcores' ? 'package.json' : `node_modules/${name}/package.json`;
    return (JSON.parse(readFileSync(new URL(file, root), 'utf8')) as { version: string }).version;
  };
  return {
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    versions: { ...Object.fromEntries(['allcores', ...PEERS, 'p-map'].map((name) => [name, versionOf(name)])), ...pythonVersions },
  };
}

/** In bench/results/, under the time at which the run began. */
export class ResultFiles {
  readonly json: URL;
  readonly #markdown: URL;

  constructor(startedOn: Date) {
    const folder = new URL('bench/results/', root);
    mkdirSync(folder, { recursive: true });
    const name = startedOn.toISOString().replaceAll(':', '-').slice(0, 19);
    this.json = new URL(`${name}.json`, folder);
    this.#markdown = new URL(`${name}.md`, folder);
  }

  /** After each workload, so that a run that ends early has not been for nothing. */
  write(workloads: readonly Measurement[], printed: readonly string[]): void {
    const about = machineAbout();
    writeFileSync(this.json, asText({ about, workloads }));
    const text = stripVTControlCharacters(printed.join('\n\n'));
    writeFileSync(this.#markdown, `Node ${about.node}, ${about.cores} cores, ${about.cpu}\n\n\`\`\`text\n${text}\n\`\`\`\n`);
  }
}

/** Puts workloads in the place of those of the same name in a file; others stay as they are, each with its own date. */
export function mergeInto(path: string, measured: readonly Measurement[], order: readonly string[]): void {
  const file = pathToFileURL(path);
  const about = machineAbout();
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
  const kept = before?.workloads.filter(({ name }) => !measured.some((own) => own.name === name)) ?? [];
  if (
    before &&
    kept.length > 0 &&
    [before.about.cpu, before.about.node, before.about.cores].join() !== [about.cpu, about.node, about.cores].join()
  ) {
    throw new Error(`${path} was measured on another machine or version of Node: figures of two machines make no table`);
  }
  const all = [...kept, ...measured].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const versions = { ...before?.about.versions, ...about.versions };
  writeFileSync(file, asText({ about: { ...about, versions }, workloads: all }));
}

/** Five digits say more than any clock knows. A line for each list of figures. */
function asText(results: Results): string {
  const rounded = JSON.stringify(results, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value), 1);
  return `${rounded.replace(/\[\s+(-?[\d.][^[\]{}"]*?)\s+\]/g, (_, inner: string) => `[${inner.replace(/\s+/g, ' ')}]`)}\n`;
}

/** Of the repository. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
