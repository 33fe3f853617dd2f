/** What this build of the package knows: the bench runs on versions before and after an option or an export came. */
import * as allcores from 'allcores';

const { map, UsageError } = allcores;

/** For rows about transport: what is too small for workers goes there all the same. Nothing where there is no such option. */
export const onWorkers: object = await known({ placing: 'workers' });

export const NOT_THERE_YET = 'not there yet in this version';

/** A typed array that workers read without a copy; undefined where there is no such export. */
export const share = lookUp<(array: Float64Array) => Float64Array>('share');
/** An item that is moved and not copied; undefined where there is no such export. */
export const transfer = lookUp<<T>(item: T) => T>('transfer');

async function known(options: object): Promise<object> {
  try {
    await map([], (x: number) => x, options);
    return options;
  } catch (error) {
    if (error instanceof UsageError) return {};
    throw error;
  }
}

function lookUp<T>(name: string): T | undefined {
  return (allcores as unknown as Readonly<Record<string, T | undefined>>)[name];
}
