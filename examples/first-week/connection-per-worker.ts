/** A connection that each worker opens once and closes at its end: sockets cannot travel, but what makes them can. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { map, perWorker, range, shutdown } from 'allcores';

/** Stands for a database: it answers each line, a number, with a line, a name. */
const log = { opened: 0, closed: 0 };
const server = createServer((socket) => {
  log.opened++;
  socket.once('close', () => log.closed++);
  createInterface({ input: socket }).on('line', (id) => socket.write(`customer ${id}\n`));
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

/** Answers come in the order of the questions. */
class Client {
  readonly #socket: Socket;
  readonly #waiting: ((name: string) => void)[] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    createInterface({ input: socket }).on('line', (name) => this.#waiting.shift()?.(name));
  }

  static async open(at: number): Promise<Client> {
    const socket = connect(at, '127.0.0.1');
    await once(socket, 'connect');
    return new Client(socket);
  }

  name(id: number): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.write(`${id}\n`);
    });
  }

  async close(): Promise<void> {
    this.#socket.end();
    await once(this.#socket, 'close');
  }
}

const database = perWorker(() => Client.open(port), { dispose: (client) => client.close() });

async function letterTo(id: number): Promise<string> {
  const client = await database.get();
  return `Dear ${await client.name(id)},`;
}

const letters = await map(range(200), letterTo, { workers: 2, concurrency: 8 });
console.log(`${letters.length} letters, the last begins "${letters.at(-1)}"`);

// Ends the workers now, and with them what they have opened. Without it that happens when the program has nothing left to do.
await shutdown();
console.log(`${log.opened} connections opened, ${log.opened - log.closed} left open`);
server.close();
