/** A user's empty folder with the packed package installed in it, and programs run there as a user runs them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
export const bin = (path: string) => join(root, 'node_modules', path);

export class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'allcores-user-'));

  constructor(type: 'commonjs' | 'module' = 'commonjs', install: (folder: string) => void = installPacked) {
    // `npm init -y` writes "type": "commonjs".
    this.write('package.json', `{ "name": "user", "version": "1.0.0", "type": "${type}" }`);
    const target = join(this.folder, 'node_modules', 'allcores');
    mkdirSync(target, { recursive: true });
    install(target);
    cpSync(bin('acorn'), join(this.folder, 'node_modules', 'acorn'), { recursive: true });
    // Tools the user has, and a package of theirs.
    for (const name of ['vitest', 'tsx', 'simple-statistics']) this.link(name);
  }

  /** A package that the user has, which may be known by another name here. */
  link(name: string, here = name): void {
    const path = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(bin(here), path);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a command to its end; a program that does not end by itself is stopped and gives status null. */
  run(args: readonly string[], env: Record<string, string> = {}, input = ''): { status: number | null; stdout: string; stderr: string } {
    const { VITEST: _, VITEST_WORKER_ID: __, VITEST_POOL_ID: ___, NODE_ENV: ____, ...inherited } = process.env;
    return spawnSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8', timeout: 60_000, env: { ...inherited, ...env }, input });
  }

  /** The same without waiting here, for several at once. */
  async start(args: readonly string[]): Promise<{ status: number | null; stdout: string }> {
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    const [status] = await once(child, 'close');
    return { status, stdout };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What users get. */
function installPacked(folder: string): void {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', dirname(folder)];
  const packed = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  const [{ filename }] = Array.isArray(packed) ? packed : Object.values(packed);
  execFileSync('tar', ['xzf', join(dirname(folder), filename), '-C', folder, '--strip-components=1']);
}

/** The same files where their packing is not what is tested; npm takes seconds to start on a busy machine. */
export function installBuilt(folder: string): void {
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
}
