/**
 * What a worker loads when it needs it: what packs class instances and errors, and the package itself for tasks that use it where it
 * cannot be imported. Both are large and most workers never need them, so their texts wait in shared memory. They use the modules that
 * the worker has already, so that all know the same classes.
 */
import { createRequire } from 'node:module';
import { nodeVm } from '../late-builtins.ts';
import type { WorkerText } from '../protocol.ts';
import type { ReadSettings } from '../ship/check-states.ts';
import type { PackedValue } from '../shipped.ts';
import type { CustomType } from '../transport.ts';
import { hostEnd } from './host-end.ts';

/** What the packer's text gives. */
interface Packer extends Pick<typeof import('../ship/ship.ts'), 'packValue' | 'settingsOf'> {
  /** Its own modules, by path. */
  readonly modules: Readonly<Record<string, unknown>>;
}

let shared: Readonly<Record<string, unknown>> = {};
let packer: Packer | undefined;

/** Called by the text around this worker: the modules all texts use, by path. */
export function share(modules: Readonly<Record<string, unknown>>): void {
  shared = modules;
}

export function packValue(value: unknown, label: string, types: readonly CustomType[]): PackedValue {
  return loadedPacker().packValue(value, label, { types, carrier: hostEnd.isElsewhere ? 'bytes' : 'memory' });
}

export const settingsOf: ReadSettings = (value, variables) => loadedPacker().settingsOf(value, variables);

/** Its files say by themselves what they export (see own-exports.ts). */
export function loadPackage(): void {
  evaluate('package', { ...shared, ...loadedPacker().modules, texts });
}

function loadedPacker(): Packer {
  packer ??= evaluate('packer', shared) as Packer;
  return packer;
}

/** For workers that a task starts. */
const texts = {
  get workerText() {
    return textOf('worker');
  },
  get packerText() {
    return textOf('packer');
  },
  get packageText() {
    return textOf('package');
  },
  get ioText() {
    return textOf('io');
  },
};

function textOf(name: WorkerText): string {
  const text = hostEnd.start.texts[name];
  return typeof text === 'string' ? text : new TextDecoder().decode(new Uint8Array(text));
}

function evaluate(name: WorkerText, modules: Readonly<Record<string, unknown>>): unknown {
  const module: { exports: unknown } = { exports: {} };
  // A name of its own, so that stacks keep the user's frames below ours.
  const run = nodeVm().runInThisContext(`(function(module,require,SHARED){${textOf(name)}\n})`, { filename: `allcores/${name}` });
  run(module, createRequire(`${process.cwd()}/`), modules);
  return module.exports;
}
