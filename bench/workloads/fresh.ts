/** What a program pays at its beginning, in a fresh process for each figure: the import, and the first call. */
import { figureOf } from '../child.ts';
import { onWorkers } from '../this-build.ts';
import type { Workload } from '../workload.ts';

const timed = (before: string, work: string) => `${before}
const startedAt = performance.now();
${work}
console.log(performance.now() - startedAt);`;

const imported = (name: string) => () => figureOf(timed('', `await import('${name}');`));

export const importing: Workload = {
  name: 'import',
  what: 'await import(…) in a fresh process',
  unit: 'ms',
  baseline: 'node:worker_threads',
  bars: [{ contender: 'allcores', of: 'figure', atMost: 25 }],
  turns: 15,
  quickTurns: 6,
  async setUp({ quick }) {
    const contenders = {
      allcores: imported('allcores'),
      'node:worker_threads': imported('node:worker_threads'),
      ...(!quick && {
        piscina: imported('piscina'),
        tinypool: imported('tinypool'),
        workerpool: imported('workerpool'),
        poolifier: imported('poolifier'),
      }),
    };
    // The files are in the system's cache from here on, for all of them.
    for (const warmUp of Object.values(contenders)) await warmUp();
    return { contenders, tearDown: async () => {} };
  },
};

const BARE = `import { Worker } from 'node:worker_threads';
import { once } from 'node:events';`;

const BARE_CALL = `const text = "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (x) => parentPort.postMessage(x + 1));";
const worker = new Worker(text, { eval: true, execArgv: [] });
worker.postMessage(1);
const [answer] = await once(worker, 'message');
worker.unref();
if (answer !== 2) throw new Error('wrong result');`;

const OUR_CALL = `const [answer] = await map([1], (x) => x + 1, ${JSON.stringify(onWorkers)});
if (answer !== 2) throw new Error('wrong result');`;

export const coldcall: Workload = {
  name: 'coldcall',
  what: 'from the first call to its result, the library being imported, in a fresh process',
  unit: 'ms',
  baseline: 'bare Worker echo',
  bars: [{ contender: 'allcores', of: 'ratio', atMost: 1, plus: 20 }],
  turns: 15,
  quickTurns: 6,
  async setUp() {
    const contenders = {
      allcores: () => figureOf(timed("import { map } from 'allcores';", OUR_CALL)),
      'bare Worker echo': () => figureOf(timed(BARE, BARE_CALL)),
    };
    for (const warmUp of Object.values(contenders)) await warmUp();
    return { contenders, tearDown: async () => {} };
  },
};
