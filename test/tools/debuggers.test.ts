/** Other debuggers of the same process: they are neither stopped nor waited for. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installBuilt, Project } from '../users/project.ts';

const tasks = `
class Point { constructor(x) { this.x = x; } times() { return (y) => this.x * y; } }
const k = 3;
const counter = () => { let n = 0; return { up: () => ++n, down: () => --n }; };
async function main() {
  const { up, down } = counter();
  console.log(JSON.stringify([
    await map([2], (x) => x * k),
    await map([2], new Point(4).times()),
    await run(() => { up(); up(); return down(); }),
    await map([2], async (x) => (await map([3], new Point(x).times()))[0]),
    (await map([2], (x) => new Point(x).times()))[0](5),
  ]));
}
`;
const printed = '[[6],[8],1,[6],10]\n';

let project: Project;
beforeAll(() => {
  project = new Project('commonjs', installBuilt);
});
afterAll(() => project.remove());

test('an error tracker that debugs the main thread from a thread of its own is not stopped', () => {
  const tracker = `
    setInterval(() => {}, 1000);
    const session = new (require('node:inspector').Session)();
    session.connectToMainThread();
    session.on('Debugger.paused', () => require('node:fs').writeSync(2, 'paused'));
    session.post('Debugger.enable', () => session.post('Debugger.setPauseOnExceptions', { state: 'uncaught' }, () =>
      require('node:worker_threads').parentPort.postMessage('ready')));`;
  project.write(
    'tracked.mjs',
    `import { Worker } from 'node:worker_threads';\nimport { map, run } from 'allcores';\n${tasks}
const tracker = new Worker(${JSON.stringify(tracker)}, { eval: true });
tracker.once('message', async () => { tracker.unref(); await main(); await tracker.terminate(); });\n`,
  );
  expect(project.run(['--no-warnings', 'tracked.mjs'])).toMatchObject({ status: 0, stdout: printed, stderr: '' });
});

test('a debugger attached to every worker thread is not stopped', () => {
  project.write(
    'attached.mjs',
    `import inspector from 'node:inspector';\nimport { map, run, shutdown } from 'allcores';\n${tasks}
const session = new inspector.Session();
session.connect();
const enable = JSON.stringify({ id: 1, method: 'Debugger.enable' });
session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => session.post('NodeWorker.sendMessageToWorker', { sessionId, message: enable }));
session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => { if (params.message.includes('Debugger.paused')) console.log('paused'); });
session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
await main();
session.disconnect();
await shutdown();\n`,
  );
  expect(project.run(['--no-warnings', 'attached.mjs'])).toMatchObject({ status: 0, stdout: printed, stderr: '' });
});

test('a debugger of the same thread sees no pause', () => {
  project.write(
    'local.cjs',
    `const inspector = require('node:inspector');\nconst { map, run } = require('allcores');\n${tasks}
const session = new inspector.Session();
session.connect();
session.post('Debugger.enable');
session.on('Debugger.paused', ({ params }) => console.log('paused', params.reason));
main();\n`,
  );
  expect(project.run(['local.cjs'])).toMatchObject({ status: 0, stdout: printed });
});
