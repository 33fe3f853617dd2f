/** Bare `worker_threads`, as an expert writes them by hand for one job: persistent workers, one message each with its share of the work. */
import { Worker } from 'node:worker_threads';

/** Starts from a text, without the flags of this process: the quickest start there is. */
export function startBare(text: string, workerData?: unknown): Worker {
  return new Worker(`const { parentPort, workerData } = require('node:worker_threads');\n${text}`, {
    eval: true,
    execArgv: [],
    workerData,
  });
}

export class BareWorkers {
  readonly #workers: readonly Worker[];

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers;
  }

  /** `fn` is called with each message, its result posted back. */
  static async start(count: number, fn: (message: never) => unknown, prelude = ''): Promise<BareWorkers> {
    const text = `${prelude}\nconst fn = ${fn.toString()};\nparentPort.on('message', (message) => parentPort.postMessage(fn(message)));\nparentPort.postMessage('up');`;
    const workers = Array.from({ length: count }, () => startBare(text));
    await Promise.all(workers.map(nextMessage));
    return new BareWorkers(workers);
  }

  /** One message per worker; the answers in the same order. */
  async send(messages: readonly unknown[]): Promise<unknown[]> {
    return Promise.all(
      messages.map((message, i) => {
        const worker = this.#workers[i]!;
        const answer = nextMessage(worker);
        worker.postMessage(message);
        return answer;
      }),
    );
  }

  /** One message per item to the first worker, `depth` on their way at a time; resolves when all have been answered. */
  streamToOne(items: readonly unknown[], depth: number): Promise<unknown[]> {
    const worker = this.#workers[0]!;
    return new Promise((resolve) => {
      const answers: unknown[] = [];
      let sent = 0;
      const receive = (answer: unknown) => {
        answers.push(answer);
        if (sent < items.length) worker.postMessage(items[sent++]);
        else if (answers.length === items.length) {
          worker.off('message', receive);
          resolve(answers);
        }
      };
      worker.on('message', receive);
      while (sent < Math.min(depth, items.length)) worker.postMessage(items[sent++]);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** Contiguous, equal shares. */
export function shares<T>(items: readonly T[], count: number): T[][] {
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

export function nextMessage(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) => reject(error);
    worker.once('error', failed);
    worker.once('message', (message) => {
      worker.off('error', failed);
      resolve(message);
    });
  });
}
