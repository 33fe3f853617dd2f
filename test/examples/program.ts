/** An example, run as its reader runs it: by tsx, at its small size, to its own end. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const AT_MOST_MS = 60_000;

export interface Ended {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment without what vitest has put there. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  for (const name of Object.keys(env)) if (/^(NODE_OPTIONS|NODE_ENV|VITEST.*|ALLCORES_.*|FORCE_COLOR)$/.test(name)) delete env[name];
  return env;
}

/** Runs `examples/<file>`. One that does not end by itself is stopped, and its status is the signal. */
export function run(file: string, { args = [], cwd = root, env = {} }: Surroundings = {}): Promise<Ended> {
  return runNode([...tsx, join(root, 'examples', file), ...args], { cwd, env });
}

/** As an address: the current folder need not be one where tsx is found. */
export const tsx = ['--import', import.meta.resolve('tsx')];

export function runNode(args: readonly string[], { cwd = root, env = {} }: Omit<Surroundings, 'args'> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...plainEnvironment(), ...env }, timeout: AT_MOST_MS }, (error, stdout, stderr) => {
      resolve({ status: error ? (error.signal ?? error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** What the comments at the end of an example promise that it prints. */
export function promised(file: string): string {
  const lines = readFileSync(join(root, 'examples', file), 'utf8').matchAll(/^\/\/ -> (.*)$/gm);
  return [...lines].map(([, line]) => `${line}\n`).join('');
}
