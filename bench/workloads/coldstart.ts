/** A whole process up to its first result: what importing us and starting workers adds to node. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mustBe, type Workload } from '../workload.ts';

const RESULT = '1,4,9,16,25,36,49,64';

const ALLCORES = `import { map } from 'allcores';
process.stdout.write(String(await map([1, 2, 3, 4, 5, 6, 7, 8], (x) => x ** 2)));`;

const BARE_WORKER = `import { Worker } from 'node:worker_threads';
const text = "const { parentPort, workerData } = require('node:worker_threads'); parentPort.postMessage(workerData.map((x) => x ** 2));";
const worker = new Worker(text, { eval: true, execArgv: [], workerData: [1, 2, 3, 4, 5, 6, 7, 8] });
worker.once('message', (results) => process.stdout.write(String(results)));`;

const BARE_NODE = `process.stdout.write(String([1, 2, 3, 4, 5, 6, 7, 8].map((x) => x ** 2)));`;

export const coldstart: Workload = {
  name: 'coldstart',
  what: 'node -e, from its start to the first result of map over 8 items',
  unit: 'ms',
  baseline: 'bare Worker',
  bars: [],
  turns: 25,
  quickTurns: 0,
  async setUp() {
    const contenders = {
      allcores: () => untilResult(ALLCORES),
      'bare Worker': () => untilResult(BARE_WORKER),
      'bare node': () => untilResult(BARE_NODE),
    };
    // The files are in the system's cache from here on, for all of them.
    for (const warmUp of Object.values(contenders)) await warmUp();
    return { contenders, tearDown: async () => {} };
  },
};

async function untilResult(program: string): Promise<number> {
  const startedAt = performance.now();
  // The package imports itself by name, which works from anywhere inside its folder.
  const cwd = new URL('.', import.meta.url);
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const tookMs = performance.now() - startedAt;
  mustBe('coldstart', text.toString() === RESULT);
  await exited;
  return tookMs;
}
