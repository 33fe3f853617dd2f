// An own module that tasks reach by its name.
import { context, map, perWorker } from 'allcores';

let calls = 0;

export const whereAmI = async () => {
  await null;
  return [context.index, context.workerId, context.attempt];
};
export const say = (value) => context.emit(value);
/** As many levels of nested calls, two side by side at each: the index at each level, before and after. */
export async function nested(levels, x) {
  const before = context.index;
  if (levels === 0) {
    await null;
    return [before];
  }
  const pair = (at) => map([at, at], (y) => nested(levels - 1, y));
  const [a, b] = await Promise.all([pair(x), pair(x + 10)]);
  return [before, a, b, context.index];
}

/** A resource that tells of its life in a file. */
export class Connection {
  constructor(log) {
    this.log = log;
    this.number = ++calls;
  }
  tell(text) {
    process.getBuiltinModule('node:fs').appendFileSync(this.log, `${text}\n`);
  }
  async [Symbol.asyncDispose]() {
    await null;
    this.tell(`disposed ${this.number}`);
  }
}

export const counter = perWorker(() => ({ count: 0, thread: process.getBuiltinModule('node:worker_threads').threadId }));
export const increase = () => {
  const own = counter.get();
  own.count++;
  return [own.thread, own.count];
};
