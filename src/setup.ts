/** What runs once in each worker before its first task: the options `setup`, and `initializer` with `initargs`. */
import { NotShippableError, UsageError } from './errors.ts';
import { nodeFs } from './late-builtins.ts';
import type { PoolOptions } from './options.ts';
import { type ShippedTo, shipTo } from './run/shipping.ts';
import type { WorkerSetup } from './shipped.ts';

/** Throws where the setup cannot travel, or would do nothing that tasks can see. */
export function setupOf({ setup, initializer, initargs, with: given }: PoolOptions, where: () => ShippedTo): WorkerSetup | undefined {
  if (setup !== undefined && initializer !== undefined)
    throw new UsageError('BAD_OPTION', 'new Pool: "setup" and "initializer" say the same; leave one of them out');
  if (initargs !== undefined && initializer === undefined)
    throw new UsageError('BAD_OPTION', 'new Pool: "initargs" are the arguments of an "initializer", and there is none');
  const isModule = typeof setup === 'string' || setup instanceof URL;
  if (given !== undefined && (isModule || (setup ?? initializer) === undefined)) {
    const why = 'is for the function "setup" or "initializer", and there is none; calls take "with" among their own options';
    throw new UsageError('BAD_OPTION', `new Pool: option "with" ${why}`);
  }
  if (isModule) return { type: 'module', url: moduleUrl(setup) };
  const [name, fn] = initializer ? (['initializer', initializer] as const) : (['setup', setup] as const);
  if (fn === undefined) return undefined;
  const shipped = shipTo(fn, { ...where(), given, hasSetup: true });
  // What only the setup itself sees may change, such as a count of its own.
  const change = shipped.changes.find(({ byName, isSeenElsewhere }) => !byName && isSeenElsewhere());
  if (change) {
    const { variable, how, by, place } = change;
    const message =
      `new Pool: the ${name} "${by}" ${how === 'assigned' ? 'assigns' : 'changes'} \`${variable}\` (${place}), and tasks would not see it: ` +
      `each function gets copies of the variables it captures. Write \`const ${variable} = perWorker(() => …)\` and use \`${variable}.get()\` in tasks.`;
    throw new NotShippableError(message);
  }
  return { type: 'function', fn: shipped, args: initargs ?? [] };
}

function moduleUrl(setup: string | URL): string {
  const { resolve } = process.getBuiltinModule('node:path');
  const { fileURLToPath, pathToFileURL } = process.getBuiltinModule('node:url');
  const isUrl = setup instanceof URL || setup.startsWith('file:');
  const url = isUrl ? new URL(setup) : pathToFileURL(resolve(setup));
  if (url.protocol === 'file:' && !nodeFs().existsSync(fileURLToPath(url))) {
    throw new UsageError('BAD_OPTION', `new Pool: option "setup" names the module ${fileURLToPath(url)}, which does not exist`);
  }
  return url.href;
}
