/**
 * What packs class instances and errors in a worker. It is large, and most workers never need it: its text waits in shared memory
 * and is run at the first value that needs it. It uses the modules the worker has already, so that both know the same classes.
 */
import { createRequire } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { WorkerStart } from '../protocol.ts';
import type { ReadSettings } from '../ship/check-states.ts';
import type { PackedValue } from '../shipped.ts';
import type { CustomType } from '../transport.ts';

type PackValue = typeof import('../ship/ship.ts').packValue;

let shared: Readonly<Record<string, unknown>> = {};
/** What the text gives. */
interface Loaded {
  readonly packValue: PackValue;
  readonly settingsOf: ReadSettings;
}

let loaded: Loaded | undefined;

/** Called by the text around this worker: the modules both texts use, by path. */
export function share(modules: Readonly<Record<string, unknown>>): void {
  shared = modules;
}

export function packValue(value: unknown, label: string, types: readonly CustomType[]): PackedValue {
  loaded ??= load();
  return loaded.packValue(value, label, { types });
}

export const settingsOf: ReadSettings = (value, variables) => {
  loaded ??= load();
  return loaded.settingsOf(value, variables);
};

function load(): Loaded {
  const bytes = new Uint8Array((workerData as WorkerStart).packer);
  const module: { exports: Partial<Loaded> } = { exports: {} };
  new Function('module', 'require', 'SHARED', new TextDecoder().decode(bytes))(module, createRequire(`${process.cwd()}/`), shared);
  return module.exports as Loaded;
}
