/** A debugger: a client of the Chrome DevTools protocol over a WebSocket, as an editor attaches to a program. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type Params = Record<string, unknown>;

/** What the program tells by itself. */
export interface DevtoolsEvent<P = Params> {
  readonly method: string;
  readonly params: P;
}

export class Devtools {
  readonly #socket: Duplex;
  readonly #answers = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  readonly #events: DevtoolsEvent[] = [];
  readonly #waiting: { readonly accepts: (event: DevtoolsEvent) => boolean; readonly resolve: (event: DevtoolsEvent) => void }[] = [];
  #posted = 0;
  #received: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #message: Buffer[] = [];

  /** @param url What Node prints: `ws://127.0.0.1:9229/…` */
  static async attach(url: string): Promise<Devtools> {
    const { host, pathname } = new URL(url);
    const key = randomBytes(16).toString('base64');
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key };
    const request = http.get(`http://${host}${pathname}`, { headers });
    const [response, socket, head] = (await once(request, 'upgrade')) as [http.IncomingMessage, Duplex, Buffer];
    const accepted = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (response.headers['sec-websocket-accept'] !== accepted) throw new Error('not a WebSocket');
    return new Devtools(socket, head);
  }

  private constructor(socket: Duplex, head: Buffer) {
    this.#socket = socket;
    // Small messages go at once, not 40 ms later.
    if (socket instanceof Socket) socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    // A program that has ended may reset the connection, and answers nothing more.
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const { resolve } of this.#answers.values()) resolve(undefined as never);
    });
    this.#receive(head);
  }

  post<Result = Params>(method: string, params: Params = {}): Promise<Result> {
    const id = ++this.#posted;
    this.#socket.write(frame(Buffer.from(JSON.stringify({ id, method, params }))));
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  /** The first event not taken yet that has this name and is accepted; it is waited for, and others stay. */
  async event<P = Params>(method: string, accepts: (params: P) => boolean = () => true): Promise<P> {
    const isIt = (event: DevtoolsEvent) => event.method === method && accepts(event.params as P);
    const at = this.#events.findIndex(isIt);
    if (at >= 0) return this.#events.splice(at, 1)[0]!.params as P;
    const { params } = await new Promise<DevtoolsEvent>((resolve) => this.#waiting.push({ accepts: isIt, resolve }));
    return params as P;
  }

  /** Events of this name that nobody has taken. */
  untaken(method: string): number {
    return this.#events.filter((event) => event.method === method).length;
  }

  detach(): void {
    this.#socket.destroy();
  }

  /** Frames of a server are not masked, and may be parts of one message. */
  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const buffer = this.#received;
      if (buffer.length < 2) return;
      const short = buffer[1]! & 127;
      const start = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (buffer.length < start) return;
      const length = short === 126 ? buffer.readUInt16BE(2) : short === 127 ? Number(buffer.readBigUInt64BE(2)) : short;
      if (buffer.length < start + length) return;
      this.#received = buffer.subarray(start + length);
      const kind = buffer[0]! & 15;
      if (kind > 2) continue;
      this.#message.push(buffer.subarray(start, start + length));
      if ((buffer[0]! & 128) === 0) continue;
      const text = Buffer.concat(this.#message).toString();
      this.#message = [];
      this.#hear(JSON.parse(text));
    }
  }

  #hear(message: { id?: number; result?: never; error?: { message: string } } & Partial<DevtoolsEvent>): void {
    if (message.id === undefined) {
      const event = message as DevtoolsEvent;
      const at = this.#waiting.findIndex(({ accepts }) => accepts(event));
      if (at >= 0) this.#waiting.splice(at, 1)[0]!.resolve(event);
      else this.#events.push(event);
      return;
    }
    const answer = this.#answers.get(message.id);
    this.#answers.delete(message.id);
    if (message.error) answer?.reject(new Error(message.error.message));
    else answer?.resolve(message.result as never);
  }
}

/** A client masks what it sends; a mask of zeros leaves it as it is. */
function frame(payload: Buffer): Buffer {
  const long = payload.length > 65_535;
  const length = payload.length < 126 ? Buffer.alloc(0) : Buffer.alloc(long ? 8 : 2);
  if (long) length.writeBigUInt64BE(BigInt(payload.length));
  else if (length.length > 0) length.writeUInt16BE(payload.length);
  const short = length.length === 0 ? payload.length : long ? 127 : 126;
  return Buffer.concat([Buffer.from([0x81, 0x80 | short]), length, Buffer.alloc(4), payload]);
}
