// biome-ignore-all lint: odd code is what these cases are about
// What a refusal tells to do instead, by the kind of thing and by how the function uses it.

import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { MessageChannel, Worker } from 'node:worker_threads';

/** What refuses `fn`, in words. */
const refusalOf = async (run, t, fn) => {
  const e = await t.throws(async () => run(fn));
  t.equal([e.name, e.code], ['NotShippableError', 'NOT_SHIPPABLE'], e.stack);
  return e.message;
};
const matches = async (run, t, fn, ...patterns) => {
  const message = await refusalOf(run, t, fn);
  for (const pattern of patterns) t.ok(pattern.test(message), message);
};

class PgClient {
  constructor() {
    this.host = 'localhost';
    this.connection = { stream: new net.Socket() };
  }
  query() {
    return this.connection.stream.readyState;
  }
}
class RedisPool {
  clients = [new PgClient()];
}
class LazyConnection {
  ready = Promise.resolve(1);
  send() {
    return this.ready;
  }
}
class Logger {
  out = new fs.WriteStream('unused', { fd: 1, autoClose: false, start: 0 });
  info(text) {
    this.out.write(text);
  }
}
class Service {
  k = 3;
  socket = new net.Socket();
  byThis() {
    return (x) => x * this.k;
  }
  whole() {
    return () => this.ping();
  }
  ping() {
    return this.socket.readyState;
  }
}

export const cases = [
  [
    'a database client is made in each worker: the line to copy has the variable and the class',
    async (run, t) => {
      const db = new PgClient();
      await matches(
        run,
        t,
        () => db.query(),
        /^Cannot ship `db\.connection\.stream` \(captured by `anonymous function` at advice\.native\.mjs:\d+:\d+\): it is a net\.Socket/,
        /It is part of a PgClient\. Make one in each worker: write `const db = perWorker\(\(\) => new PgClient\(…\)\);`.*`db\.get\(\)`/,
      );
      const pool = new RedisPool();
      await matches(
        run,
        t,
        () => pool.clients.at(0),
        /`pool\.clients\[0\]\.connection\.stream`.*part of a RedisPool.*const pool = perWorker/,
      );
    },
  ],
  [
    'a promise inside a connection is no reason to await it',
    async (run, t) => {
      const queue = new LazyConnection();
      await matches(
        run,
        t,
        () => queue.send(1),
        /`queue\.ready`.*is a Promise.*part of a LazyConnection.*perWorker\(\(\) => new LazyConnection/,
      );
      const job = Promise.resolve(1);
      await matches(run, t, () => job, /is a Promise.*Await it first and capture its value\.$/);
    },
  ],
  [
    'a socket, an agent and a file are opened in each worker',
    async (run, t) => {
      const socket = new net.Socket();
      const agent = new http.Agent();
      const file = await fs.promises.open(new URL(import.meta.url));
      await matches(run, t, () => socket.write('x'), /`const socket = perWorker\(\(\) => connect\(\)\);`.*`\(await socket\.get\(\)\)`/);
      await matches(run, t, () => agent.getName(), /http\.Agent.*`const agent = perWorker\(\(\) => new Agent\(\)\);`/);
      await matches(run, t, () => file.stat(), /FileHandle.*`const file = perWorker\(\(\) => open\(path\)\);`/);
      await file.close();
    },
  ],
  [
    'a server stays here',
    async (run, t) => {
      const server = http.createServer();
      await matches(run, t, () => server.address(), /is an http\.Server, which listens in this thread\. Keep it here.*perWorker/);
    },
  ],
  [
    'a stream: what it has read, its path, or one in each worker',
    async (run, t) => {
      const log = fs.createWriteStream(os.devNull);
      await matches(run, t, () => log.write('x'), /is an? (\w+\.)?Writ\w+.*its path.*const log = perWorker\(\(\) => openStream\(path\)\)/);
      log.destroy();
    },
  ],
  [
    'a logger: one in each worker, or console.log',
    async (run, t) => {
      const logger = new Logger();
      await matches(run, t, () => logger.info('x'), /`logger\.out`.*part of a Logger.*const logger = perWorker.*Or call console\.log/);
      await matches(run, t, () => process.stdout, /./).catch(() => {}); // by name: the worker has its own
      const { stdout } = process;
      await matches(run, t, () => stdout.write('x'), /`stdout`.*Call console\.log inside the function: what a task prints arrives here/);
    },
  ],
  [
    'of a request the used part is copied first',
    async (run, t) => {
      const req = Object.assign(new http.IncomingMessage(new net.Socket()), { body: { id: 1 }, params: ['a'], get: (name) => name });
      await matches(
        run,
        t,
        () => req.body.id,
        /`anonymous function` uses only `req\.body\.id`: copy it to a const first \(`const id = req\.body\.id;`\), and use that\.$/,
      );
      await matches(
        run,
        t,
        () => [req.body, req.params[0]],
        /uses only `req\.body`, `req\.params`: copy them .*`const body = req\.body; const params = req\.params;`/,
      );
      await matches(run, t, () => req.get('x'), /is an http\.IncomingMessage.*`const \{ url, headers \} = req;`/);
      const handler = (x) => x * req.body.id;
      await matches(run, t, (x) => handler(x), /captured by `handler` at .*`handler` uses only `req\.body\.id`/);
    },
  ],
  [
    'of a config with a socket in it the used member is copied first, but not the one that fails',
    async (run, t) => {
      const config = { k: 3, nested: { socket: new net.Socket(), port: 1 } };
      await matches(run, t, (x) => x * config.k, /`config\.nested\.socket`.*uses only `config\.k`: copy it to a const first/);
      await matches(run, t, () => config.nested.port, /uses only `config\.nested\.port`/);
      const whole = await refusalOf(run, t, () => config.nested);
      t.ok(/const config = perWorker/.test(whole) && !/uses only/.test(whole), whole);
    },
  ],
  [
    'of `this` the used member is copied first; where a method is called the whole is made in each worker',
    async (run, t) => {
      const service = new Service();
      await matches(run, t, service.byThis(), /`this\.socket`.*uses only `this\.k`: copy it to a const first \(`const k = this\.k;`\)/);
      await matches(run, t, service.whole(), /`this\.socket`.*part of a Service.*`const service = perWorker\(\(\) => new Service\(…\)\);`/);
    },
  ],
  [
    'a signal goes into the options, also where only `aborted` is read',
    async (run, t) => {
      const { signal } = new AbortController();
      await matches(
        run,
        t,
        () => signal.aborted,
        /`signal` .* is an AbortSignal, which fires in this thread only\. Pass the signal as the option `signal`/,
      );
    },
  ],
  [
    'a proxy of a function is refused for what its handler holds',
    async (run, t) => {
      const socket = new net.Socket();
      const remote = new Proxy(() => 0, { apply: () => socket.readyState });
      await matches(
        run,
        t,
        () => remote(),
        /`socket` \(captured by `apply` at advice\.native\.mjs:\d+:\d+, itself captured as `remote` by/,
      );
    },
  ],
  [
    'timers, ports, workers, child processes, interfaces and hashes each have their way',
    async (run, t) => {
      const timer = setTimeout(() => {}, 0);
      clearTimeout(timer);
      const { port1, port2 } = new MessageChannel();
      port1.close();
      const child = spawn(process.execPath, ['-e', '']);
      const worker = new Worker('', { eval: true });
      const lines = createInterface({ input: fs.createReadStream(new URL(import.meta.url)) });
      const hash = createHash('sha1');
      const store = new AsyncLocalStorage();
      await matches(run, t, () => timer.ref(), /is a Timeout, whose timer runs in this thread\. Start it inside the function/);
      await matches(run, t, () => port2.postMessage(1), /MessagePort.*context\.emit\(value\)/);
      await matches(run, t, () => child.kill(), /ChildProcess.*whose other end talks to this thread/);
      await matches(run, t, () => worker.postMessage(1), /Worker.*context\.emit\(value\)/);
      await matches(run, t, () => lines.close(), /Interface.*const lines = perWorker/);
      await matches(
        run,
        t,
        () => hash.digest(),
        /Hash.*Make it inside the function\. Or make one in each worker.*const hash = perWorker\(\(\) => new Hash\(\)\)/,
      );
      await matches(run, t, () => store.getStore(), /AsyncLocalStorage.*Capture the value of its getStore\(\)/);
      lines.close();
      await worker.terminate();
    },
  ],
  [
    'an item has the advice of items',
    async (run, t) => {
      const refused = async (value) => (await t.throws(async () => t.packValue(value, 'items[3]'))).message;
      t.ok(
        /`items\[3\]\.socket`: .*Pass what it is made from instead, such as a path or a URL/.test(
          await refused({ socket: new net.Socket() }),
        ),
      );
      t.ok(/Await it first and pass its value\.$/.test(await refused([Promise.resolve()])));
      t.ok(!/perWorker/.test(await refused(new http.Agent())));
    },
  ],
  [
    'a result has the advice of results',
    async (run, t) => {
      const refused = async (value, pattern) => {
        const { message } = await t.throws(async () => t.packValue(value, 'the result of items[3]'));
        t.ok(pattern.test(message), message);
      };
      await refused(new Response('x'), /Return `await response\.json\(\)` or `\.text\(\)` of it\.$/);
      await refused({ open: Promise.resolve() }, /Await it in the function and return its value\.$/);
      await refused(new net.Socket(), /Return the data that came out of it instead\.$/);
      await refused((function* () {})(), /Return Array\.from\(…\) of it\.$/);
      await refused(fs.createReadStream(new URL(import.meta.url)).destroy(), /as in `await text\(stream\)`/);
      await refused(new Intl.NumberFormat('de').format, /Return what it computes instead of the function\.$/);
    },
  ],
];
