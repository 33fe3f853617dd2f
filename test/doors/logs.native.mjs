// What becomes of the lines that tasks print.
import assert from 'node:assert/strict';
import { meet, newNotes, note, untilNoted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

const inline = 'tasks print by themselves';

/** Runs `fn` and gives what was written to the two streams meanwhile. */
async function written(fn) {
  const out = { stdout: '', stderr: '' };
  const originals = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const stream of ['stdout', 'stderr']) {
    process[stream].write = (text) => {
      out[stream] += text;
      return true;
    };
  }
  try {
    await fn();
  } finally {
    for (const stream of ['stdout', 'stderr']) process[stream].write = originals[stream];
  }
  return out;
}

const print = (x) => {
  console.log('line', x);
  console.error('oops', x);
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'lines of tasks are passed on, prefixed with their worker, or dropped',
    async ({ map }, o) => {
      const opts = { ...o, workers: 1 };
      assert.deepEqual(await written(() => map([1, 2], print, opts)), { stdout: 'line 1\nline 2\n', stderr: 'oops 1\noops 2\n' });
      assert.deepEqual(await written(() => map([1, 2], print, { ...opts, logs: 'inherit' })), {
        stdout: 'line 1\nline 2\n',
        stderr: 'oops 1\noops 2\n',
      });
      const prefixed = await written(() => map([1, 2], print, { ...opts, logs: 'prefix' }));
      assert.match(prefixed.stdout, /^\[[tp]\d+\] line 1\n\[[tp]\d+\] line 2\n$/);
      assert.match(prefixed.stderr, /^\[[tp]\d+\] oops 1\n\[[tp]\d+\] oops 2\n$/);
      assert.deepEqual(await written(() => map([1, 2], print, { ...opts, logs: 'ignore' })), { stdout: '', stderr: '' });
    },
    { inline },
  ],
  [
    'every line has its worker before it, also the empty and the unfinished ones',
    async ({ map }, o) => {
      const several = () => process.stdout.write('a\n\nb\nend');
      const { stdout } = await written(() => map([1], several, { ...o, logs: 'prefix', workers: 1 }));
      assert.match(stdout, /^\[[tp]\d+\] a\n\[[tp]\d+\] \n\[[tp]\d+\] b\n\[[tp]\d+\] end\n$/);
    },
    { inline },
  ],
  [
    'a function gets each line with stream, worker and index, in order and before the result',
    async ({ mapStream }, o) => {
      const lines = [];
      const logs = (line, { stream, worker, index }) => lines.push([index, stream, line, /^[tp]\d+$/.test(worker)]);
      const quiet = await written(async () => {
        for await (const index of mapStream(
          [0, 1, 2, 3],
          (x) => {
            print(x);
            return x;
          },
          { ...o, workers: 2, logs },
        )) {
          assert.deepEqual(
            lines.filter(([i]) => i === index),
            [
              [index, 'stdout', `line ${index}`, true],
              [index, 'stderr', `oops ${index}`, true],
            ],
          );
        }
      });
      assert.deepEqual(quiet, { stdout: '', stderr: '' });
      assert.equal(lines.length, 8);
    },
    { inline },
  ],
  [
    'an unfinished line belongs to the task that wrote it, side by side or one after the other',
    async ({ map }, o) => {
      for (const concurrency of [1, 4]) {
        const lines = [];
        const logs = (line, { index }) => lines.push([index, line]);
        const write = async (x) => {
          if (x === 1) process.stdout.write('half');
          await null;
        };
        const printed = await written(() =>
          map([0, 1, 2, 3], write, { ...o, workers: 1, concurrency, chunkSize: concurrency === 1 ? 4 : 1, logs }),
        );
        assert.deepEqual(lines, [[1, 'half']]);
        assert.deepEqual(printed, { stdout: '', stderr: '' });
      }
    },
    { inline },
  ],
  [
    'text in bytes, in pieces, and by console methods arrives as whole lines',
    async ({ map }, o) => {
      const lines = [];
      const pieces = () => {
        const bytes = Buffer.from('größe €\n');
        for (const byte of bytes) process.stdout.write(Uint8Array.of(byte));
        process.stdout.write('one ');
        process.stdout.write('two\r\nthree\n', 'utf8', () => {});
        console.table([{ a: 1 }]);
      };
      await map([1], pieces, { ...o, workers: 1, logs: (line) => lines.push(line) });
      assert.deepEqual(lines.slice(0, 3), ['größe €', 'one two\r', 'three']);
      assert.match(lines.slice(3).join('\n'), /index.*\n.*0.*1/s);
    },
    { inline },
  ],
  [
    'what the tasks of a call print after it has ended is still its business',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const task = ([started, gate, x]) => {
        if (x === 0) {
          // When the other is in the middle of its task.
          untilNoted(started);
          throw new Error('first');
        }
        note(started);
        untilNoted(gate);
        console.log('late');
      };
      const late = [];
      for (const logs of ['ignore', 'prefix', (line) => late.push(line)]) {
        late.length = 0;
        const [started, gate] = [newNotes(), newNotes()];
        const printed = await written(async () => {
          const items = [
            [started, gate, 0],
            [started, gate, 1],
          ];
          await rejects(map(items, task, { pool, chunkSize: 1, logs }));
          note(gate);
          // What a worker printed arrives before its next result.
          await drained(map, pool);
        });
        if (logs === 'ignore') assert.deepEqual(printed.stdout, '');
        else if (logs === 'prefix') assert.match(printed.stdout, /^\[[tp]\d+\] late\n$/);
        else assert.deepEqual([printed.stdout, late], ['', ['late']]);
      }
      await pool.close();
    },
    { inline },
  ],
  [
    'a function that throws, or rejects, ends the call with its error',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      for (const logs of [
        () => {
          throw new RangeError('no line');
        },
        async () => {
          throw new RangeError('no line');
        },
      ]) {
        const endless = (function* () {
          for (let i = 0; ; i++) yield i;
        })();
        assert.equal((await rejects(map(endless, print, { pool, logs }))).message, 'no line');
      }
      assert.deepEqual(await map([1], (x) => x, { pool }), [1]);
      await pool.close();
    },
    { inline },
  ],
  [
    "a pool's rule holds for calls that do not say, and a call's own goes before",
    async ({ map, Pool, Parallel, delayed }, o) => {
      const pool = new Pool({ workers: 1, logs: 'ignore', ...o });
      const lines = [];
      const printed = await written(async () => {
        await pool.map(print, [1]);
        await map([2], print, { pool });
        await Parallel({ pool })([delayed(print)(3)]);
        await pool.map(print, [4], { logs: (line) => lines.push(line) });
        await Parallel({ pool, logs: 'inherit' })([delayed(print)(5)]);
      });
      assert.deepEqual(printed, { stdout: 'line 5\n', stderr: 'oops 5\n' });
      assert.deepEqual(lines, ['line 4', 'oops 4']);
      await pool.close();
    },
    { inline },
  ],
  [
    'rules that are none are refused',
    async ({ map, Pool }) => {
      for (const logs of ['quiet', true, null, {}]) {
        assert.match((await rejects(map([1], print, { logs }))).message, /option "logs" is .*'inherit', 'prefix', 'ignore', or a function/);
        assert.throws(() => new Pool({ logs }), { code: 'BAD_OPTION' });
      }
    },
  ],
];

/** Every worker has answered: both are in the same call at the same time. */
async function drained(map, pool) {
  const both = newNotes();
  await map([both, both], (path) => meet(path, 2), { pool, chunkSize: 1 });
}
