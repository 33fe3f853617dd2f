// biome-ignore-all lint: odd code is what these cases are about
// What is refused, with which path and which advice.

import fs from 'node:fs';
import net from 'node:net';

const K = 3;

export const cases = [
  [
    'error: new.target in an arrow',
    async (run, t) => {
      function mk() {
        return () => new.target;
      }
      t.ok(/captures new\.target/.test((await t.throws(() => run(mk()))).message));
    },
  ],
  [
    'error: socket, with the path',
    async (run, t) => {
      const db = { pool: [{ socket: new net.Socket() }] };
      const e = await t.throws(() => run(() => db.pool));
      t.ok(
        /Cannot ship `db\.pool\[0\]\.socket` \(captured by `[^`]+` at refusals\.native\.mjs:\d+:\d+\): it is a net\.Socket/.test(e.message),
        e.message,
      );
    },
  ],
  [
    'error: promise, deep through a helper',
    async (run, t) => {
      const job = Promise.resolve(1),
        h = () => job;
      const e = await t.throws(() => run(() => h()));
      t.ok(/Cannot ship `job` \(captured by `h` at .*itself captured as `h` by .*: it is a Promise/.test(e.message), e.message);
    },
  ],
  [
    'error: running generator, native function, eval',
    async (run, t) => {
      const g = (function* () {
        yield 1;
      })();
      t.ok(/running generator/.test((await t.throws(() => run(() => g))).message));
      const n = process.binding ? setTimeout(() => 0).unref() : 0;
      t.ok(/calls eval/.test((await t.throws(() => run(() => eval('K')))).message));
    },
  ],
  [
    'error: stream and server',
    async (run, t) => {
      const s = fs.createReadStream(new URL(import.meta.url));
      s.destroy();
      t.ok(/`s` .*: it is a (fs\.ReadStream|ReadStream|stream\.)/.test((await t.throws(() => run(() => s))).message));
    },
  ],
  [
    'refused: each with its advice',
    async (run, t) => {
      const refused = async (fn, pattern) => {
        const e = await t.throws(async () => run(fn));
        t.equal([e.name, e.code], ['NotShippableError', 'NOT_SHIPPABLE']);
        t.ok(pattern.test(e.message), e.message);
      };
      const ac = new AbortController(),
        { signal } = ac,
        ref = new WeakRef({}),
        format = new Intl.NumberFormat('de').format,
        socket = new net.Socket(),
        server = net.createServer(),
        out = process.stdout;
      await refused(() => ac, /`ac` .* is an AbortController, .*the option `signal`/);
      await refused(() => signal, /`signal` .* is an AbortSignal/);
      await refused(() => ref, /is a WeakRef.*ref\.deref\(\)/);
      await refused(() => format(1), /`format` .*native code .*Wrap it/);
      await refused(
        () => socket,
        /is a net\.Socket, whose connection lives in this thread\. Make one in each worker: write `const socket = perWorker/,
      );
      await refused(() => server, /is a net\.Server, which listens/);
      await refused(() => out, /`out` .* is an? [\w.]+, this thread's own output\. Call console\.log inside the function/);
      let deep = () => 0;
      for (let i = 0; i < 1e4; i++) deep = deep.bind(deep);
      await refused(() => deep, /^Cannot ship `deep` \(captured by .*nested too deeply/);
      class P {
        #x = 1;
        arrow = () => this.#x;
      }
      const { arrow } = new P();
      await refused(arrow, /`arrow` at `refusals\.native\.mjs:\d+:\d+`.*private members/);
    },
  ],
  [
    'values: the label heads the path',
    async (run, t) => {
      const e = await t.throws(async () => t.packValue({ a: [Promise.resolve()] }, 'items[3]'));
      t.equal(
        e.message,
        'Cannot ship `items[3].a[0]`: it is a Promise, which settles in this thread only. Await it first and pass its value.',
      );
    },
  ],
];
