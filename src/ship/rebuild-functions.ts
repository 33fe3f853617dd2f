/** Functions and classes from their code and captures. */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeFs } from '../late-builtins.ts';
import { codeFor, factoryFor } from './factories.ts';
import type { AnyFunction, Capture, FunctionNode, Ref } from './graph.ts';
import { aliasFor, recallFor, register, registerAlias } from './identity.ts';
import { type Importer, importerFor } from './importing.ts';
import type { Builder } from './rebuild-graph.ts';
import { type AnyClass, type PrivateAccess, rememberMembers, restoring, setShippedPrivateAccess } from './restoring.ts';

export function rebuildFunction(builder: Builder, node: FunctionNode, ref: Ref): unknown {
  const { job, makes } = builder.graph;
  const built = node.identity !== null && makes === undefined ? recallFor(node.identity, job) : undefined;
  if (built) return built;
  const code = codeFor(node.code);
  const early = node.captures.length - code.late;
  const [make, ...rest] = factoryFor(node.code)(...node.captures.slice(0, early).map((capture) => captured(builder, capture)));
  const self = node.self === null ? undefined : builder.value(node.self);
  const args = node.args === null ? [] : (builder.value(node.args) as unknown[]);
  // The makers are plain functions: an arrow in them takes their `this` and `arguments` for its own.
  const made = Reflect.apply(make, self, args) as object;
  const fn = (code.kind === 'method' ? methodOf(builder, node, made) : made) as AnyFunction;
  builder.put(ref, fn);
  if (node.identity !== null) enter(fn, node.identity, makes ?? job);
  node.captures.slice(early).forEach((capture, index) => {
    builder.later(() => rest[index]?.(captured(builder, capture)));
  });
  const giveAccess = rest[code.late];
  if (giveAccess) {
    const access = giveAccess() as PrivateAccess;
    setShippedPrivateAccess(fn, code.privates, access);
    rememberMembers(fn as AnyClass);
    builder.later(() => {
      for (const [name, value] of node.statics) access.write(fn, name, builder.value(value));
    });
  }
  if (fn.name !== code.name) Object.defineProperty(fn, 'name', { value: code.name, configurable: true });
  const { shape, prototype } = node;
  if (shape) builder.later(() => builder.define(fn, shape));
  if (prototype) builder.later(() => builder.define(fn.prototype as object, prototype));
  return fn;
}

function enter(fn: object, identity: string, job: string | undefined): void {
  register(fn, identity);
  if (job !== undefined) registerAlias(fn, aliasFor(identity, job));
}

/** A method's text is an object's only member: `super` looks in that object's prototype. */
function methodOf(builder: Builder, node: FunctionNode, holder: object): unknown {
  if (node.superOf !== null) Object.setPrototypeOf(holder, builder.value(node.superOf) as object | null);
  const [key] = Reflect.ownKeys(holder);
  const descriptor = Object.getOwnPropertyDescriptor(holder, key as string);
  return descriptor?.value ?? descriptor?.get ?? descriptor?.set;
}

function captured(builder: Builder, capture: Capture): unknown {
  if (typeof capture === 'number') return builder.value(capture);
  switch (capture.make) {
    case 'restoring':
      return restoring;
    case 'importMeta':
      return importMeta(capture.url);
    case 'import':
      return capture.root === undefined ? importerFor(capture.url) : viteImporter(capture.url, capture.root);
    case 'require':
      return createRequire(capture.url);
    case 'sink':
      return () => sink;
  }
}

/** vite writes `/src/x.js` for a file below the project's root, and `/@fs/…` for one elsewhere. */
function viteImporter(url: string, root: string): Importer {
  const importer = importerFor(url);
  return (specifier, options) => {
    if (specifier.startsWith('/@fs/')) return importer(specifier.slice('/@fs'.length), options);
    const isBelowRoot = specifier.startsWith('/') && !nodeFs().existsSync(specifier);
    return importer(isBelowRoot ? pathToFileURL(join(root, specifier)).href : specifier, options);
  };
}

function importMeta(url: string): object {
  const file = url.startsWith('file:') ? new URL(url) : pathToFileURL(`${process.cwd()}/`);
  const filename = fileURLToPath(file);
  const resolve = (specifier: string) =>
    /^(\.{0,2}\/|\w+:)/.test(specifier) ? new URL(specifier, file).href : pathToFileURL(createRequire(file).resolve(specifier)).href;
  return { url: file.href, filename, dirname: dirname(filename), resolve };
}

/** Takes istanbul's counting, `cov_x().s[3]++`, and forgets it. */
const sink: object = new Proxy(() => {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : sink),
  set: () => true,
  apply: () => sink,
});
