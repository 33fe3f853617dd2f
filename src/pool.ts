/** Pool: a set of workers with a lifetime. multiprocessing.Pool's names, argument order and meaning. */
import { type Call, type Crew, collect, type Stream, stream } from './calls.ts';
import { checkOptions } from './check-options.ts';
import { PoolClosedError, UsageError } from './errors.ts';
import type { Note } from './observer.ts';
import type { BackendName, CallOptions, PoolOptions } from './options.ts';
import { ownExports } from './own-exports.ts';
import { Places } from './places.ts';
import type { InLineCall } from './placing/place.ts';
import type { Placing } from './placing-option.ts';
import { type ChunkSizeOrOptions, callOptions, checkLists } from './pool-arguments.ts';
import { WORKER_MARKER } from './protocol.ts';
import type { Conductor } from './run/conductor.ts';
import type { LogRule } from './run/logs.ts';
import type { PoolStats } from './run/stats.ts';
import { placingOf, saidSettings, usualWorkers } from './settings.ts';
import { setupOf } from './setup.ts';
import { show } from './show.ts';
import { staysHere } from './stays-here.ts';
import type { ItemOf, Items, MapResult, ResultFor, SpreadArguments } from './types.ts';
import { lifeOf } from './worker-life.ts';

/** @internal How `map` and its siblings reach a pool. */
export const crewOf = (pool: Pool): Crew => pool[CREW]();

/** By name, and not private: the shared pools are those of the process, and a call may come from another copy of this package. */
const CREW: unique symbol = Symbol.for('allcores.crew/1') as never;

/**
 * A pool of workers. They start at the first call (or at `ready()`), and do not keep the process alive while they are idle.
 *
 * @example
 * await using pool = new Pool(8);
 * const squares = await pool.map((x) => x ** 2, range(100_000));
 */
export class Pool {
  /** Where tasks run. */
  readonly backend: BackendName;
  readonly #places: Places;
  readonly #hasSetup: boolean;
  readonly #streams = new Set<Stream>();
  /** Calls that run on this thread now, slice by slice. */
  readonly #inLine = new Set<InLineCall>();
  readonly #placing: Placing;
  readonly #options: PoolOptions;
  /** For calls that are to run in line. */
  #host: Pool | undefined;
  readonly #logs: LogRule;
  readonly #maxQueue: number | undefined;
  #workers: number | undefined;
  #up = 0;
  /** Why not all workers are up, and never will be. */
  #missing: Error | undefined;
  #state: 'open' | 'closed' | 'terminated' = 'open';
  #ended: Promise<void> | undefined;
  #whenUp: { resolve: () => void; reject: (error: unknown) => void }[] = [];

  /**
   * @param workersOrOptions Number of workers, or options. Default: as many as `cpuCount()` says, fewer where a container's memory would not do.
   * @throws UsageError naming the option, its value and what is allowed.
   */
  constructor(workersOrOptions: number | PoolOptions = {}, ...rest: readonly never[]) {
    if (rest.length > 0) {
      throw new UsageError(
        'BAD_ARGUMENT',
        "new Pool: it takes one argument, a number of workers or options; Python's new Pool(4, init, [1]) is new Pool({ workers: 4, initializer: init, initargs: [1] })",
      );
    }
    const given = typeof workersOrOptions === 'object' ? workersOrOptions : { workers: workersOrOptions };
    const options = checkOptions<PoolOptions>('new Pool', given, ['pool', 'own']);
    this.#options = options;
    this.#placing = placingOf(options);
    this.#logs = options.logs ?? 'inherit';
    this.#maxQueue = options.maxQueue;
    const { workers, backend } = saidSettings(options, WORKER_MARKER in globalThis);
    staysHere.set(this, 'pool');
    this.#workers = backend === 'inline' ? 1 : workers;
    this.backend = backend;
    const where = () => ({ workers: this.workers, runsHere: backend === 'inline', runsElsewhere: backend === 'processes' });
    const setup = setupOf(options, where);
    this.#hasSetup = setup !== undefined;
    const starts = {
      onNote: (note: Note) => {
        if (note.type === 'slotReady') this.#slotStarted();
        else if (note.type === 'broken' || note.type === 'fewer') {
          this.#missing = note.error;
          this.#tellWaiting(note.error);
        }
      },
    };
    this.#places = new Places({ workers: () => this.workers, backend, logs: this.#logs, life: lifeOf(options) }, setup, starts);
  }

  /** Number of workers. */
  get workers(): number {
    // Asked of the machine when workers are needed: that takes longer than a small call in line.
    this.#workers ??= usualWorkers(this.backend);
    return this.#workers;
  }

  /** @internal Not an object that looks like one, and not a proxy of one. */
  static is(value: object): value is Pool {
    return #streams in value;
  }

  /** @internal */
  [CREW](): Crew {
    const workers = () => this.workers;
    return {
      get workers() {
        return workers();
      },
      runsHere: this.backend === 'inline',
      runsElsewhere: this.backend === 'processes',
      hasSetup: this.#hasSetup,
      logs: this.#logs,
      maxQueue: this.#maxQueue,
      streams: this.#streams,
      conductor: () => this.#open(),
      placing: this.#placing,
      inLine: this.#inLine,
      areUp: () => this.#up > 0,
      note: (note) => this.#places.note(note),
      refuse: () => this.#refuseIfClosed(),
      late: () => ({ ...this[CREW](), maxQueue: undefined, conductor: () => this.#places.open() }),
      hostCrew: () => crewOf(this.#openHost()),
    };
  }

  /**
   * `fn(item)` for every item, on all workers; results in input order. The first failure rejects at once with the task's own error.
   *
   * @param chunkSizeOrOptions Tasks that travel together, or options. Default: sizes follow the measured durations.
   */
  map<I extends Items, R extends ResultFor<I>>(
    fn: (item: ItemOf<I>) => R,
    items: I,
    chunkSizeOrOptions?: ChunkSizeOrOptions,
  ): Promise<MapResult<I, R>> {
    return this.#collect('pool.map', 'pool.map((x) => x ** 2, items)', fn, items, 'item', chunkSizeOrOptions) as Promise<MapResult<I, R>>;
  }

  /** `fn(...args)` for every list of arguments; results in input order. */
  starmap<const L extends readonly unknown[], R>(
    fn: (...args: SpreadArguments<L>) => R,
    argLists: Items<L>,
    chunkSizeOrOptions?: ChunkSizeOrOptions,
  ): Promise<Awaited<R>[]> {
    const usage = 'pool.starmap((a, b) => a + b, [[1, 2], [3, 4]])';
    return this.#collect('pool.starmap', usage, fn, argLists, 'spread', chunkSizeOrOptions) as Promise<Awaited<R>[]>;
  }

  /** As `map`, but results come one by one, in input order, while later items are still read. A loop that is left cancels the rest. */
  imap<I extends Items, R>(
    fn: (item: ItemOf<I>) => R,
    items: I,
    chunkSizeOrOptions?: ChunkSizeOrOptions,
  ): AsyncIterableIterator<Awaited<R>> & AsyncDisposable {
    return this.#stream('pool.imap', fn, items, chunkSizeOrOptions, true) as never;
  }

  /** As `imap`, but results come as they finish. */
  imapUnordered<I extends Items, R>(
    fn: (item: ItemOf<I>) => R,
    items: I,
    chunkSizeOrOptions?: ChunkSizeOrOptions,
  ): AsyncIterableIterator<Awaited<R>> & AsyncDisposable {
    return this.#stream('pool.imapUnordered', fn, items, chunkSizeOrOptions, false) as never;
  }

  /** One call `fn(...args)` on a worker. A promise is our AsyncResult. */
  async apply<P extends unknown[], R>(fn: (...args: P) => R, args?: Readonly<NoInfer<P>>, options?: CallOptions): Promise<Awaited<R>> {
    const usage = 'pool.apply((a, b) => a + b, [1, 2])';
    if (args !== undefined && !Array.isArray(args))
      throw new UsageError('BAD_ARGUMENT', `pool.apply: the arguments are ${show(args)}; they must be an array, as in ${usage}`);
    const [result] = (await this.#collect('pool.apply', usage, fn, [args ?? []], 'spread', options)) as Awaited<R>[];
    return result as Awaited<R>;
  }

  /** Starts the workers and resolves when all are up: to keep their start out of a measurement. */
  async ready(): Promise<this> {
    this.#open();
    if (this.#missing) throw this.#missing;
    if (this.#up < this.workers) {
      await new Promise<void>((resolve, reject) => this.#whenUp.push({ resolve, reject }));
    }
    return this;
  }

  /**
   * What the pool is doing, in numbers: workers, calls, tasks. A snapshot, which costs a look at every call in progress (microseconds); it
   * starts no worker and may be taken at any time, also of a closed pool.
   */
  stats(): PoolStats {
    return { workers: this.workers, ...this.#places.stats() };
  }

  /** Refuses new calls, waits until those in progress have ended, then ends the workers. Streams go on to their end, read or not; one over an endless input has none: use `terminate()`. */
  close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closed';
      this.#tellWaiting(this.#refusal());
      for (const s of this.#streams) s.unbind();
      this.#ended = this.#closePlaces();
    }
    return this.#ended!;
  }

  /** Ends the workers at once; calls in progress reject with a PoolClosedError. */
  terminate(): Promise<void> {
    if (this.#state !== 'terminated') {
      this.#state = 'terminated';
      this.#tellWaiting(this.#refusal());
      const why = 'the pool was terminated while this call was in progress';
      const error = new PoolClosedError('POOL_TERMINATED', why);
      for (const call of [...this.#inLine]) call.cancel(error);
      this.#ended = Promise.all([this.#places.terminate(error), this.#host?.terminate()]).then(() => {});
    }
    return this.#ended!;
  }

  /** Resolves when a closed or terminated pool has ended. */
  join(): Promise<void> {
    if (this.#state !== 'open') return this.#ended!;
    return Promise.reject(
      new UsageError(
        'BAD_ARGUMENT',
        'pool.join: the pool is still open; call pool.close() or pool.terminate() first (close() already waits)',
      ),
    );
  }

  /** As `close`, but streams that nobody waits for are cancelled: a reader who comes back gets a PoolClosedError. */
  async [Symbol.asyncDispose](): Promise<void> {
    const why = 'the pool was disposed while nobody waited for a result of this stream; dispose the pool when the stream has been read';
    for (const s of [...this.#streams]) s.abandon(new PoolClosedError('POOL_CLOSED', why));
    await this.close();
  }

  #open(): Conductor {
    this.#refuseIfClosed();
    return this.#places.open();
  }

  #refuseIfClosed(): void {
    if (this.#state !== 'open') throw this.#refusal();
  }

  /** Made when it is first asked for: the same pool, on this thread. */
  #openHost(): Pool {
    this.#refuseIfClosed();
    this.#host ??= new Pool({ ...this.#options, workers: 1, backend: 'inline' });
    return this.#host;
  }

  /** Calls that run in line may still go to workers. */
  async #closePlaces(): Promise<void> {
    if (this.#inLine.size > 0) await Promise.all([...this.#inLine].map((call) => call.ended));
    await Promise.all([this.#places.close(), this.#host?.close()]);
  }

  #refusal(): PoolClosedError {
    const [code, how, end] =
      this.#state === 'closed'
        ? (['POOL_CLOSED', 'closed', 'close()'] as const)
        : (['POOL_TERMINATED', 'terminated', 'terminate()'] as const);
    return new PoolClosedError(code, `the pool is ${how} and takes no new calls; make a new Pool, or call before ${end}`);
  }

  #slotStarted(): void {
    this.#up++;
    if (this.#up >= this.workers) for (const { resolve } of this.#whenUp.splice(0)) resolve();
  }

  /** `ready()` is answered also when it cannot come true. */
  #tellWaiting(error: Error): void {
    for (const { reject } of this.#whenUp.splice(0)) reject(error);
  }

  async #collect(
    door: string,
    usage: string,
    fn: unknown,
    items: unknown,
    style: Call['style'],
    third: ChunkSizeOrOptions | undefined,
  ): Promise<unknown> {
    if (door === 'pool.starmap') checkLists(items, usage);
    return collect(crewOf(this), { door, usage, fn, items, style, options: callOptions(door, third) });
  }

  #stream(door: string, fn: unknown, items: unknown, third: ChunkSizeOrOptions | undefined, ordered: boolean): Stream {
    const usage = `for await (const y of ${door}((x) => x ** 2, items))`;
    return stream(crewOf(this), { door, usage, fn, items, style: 'item', options: callOptions(door, third) }, ordered);
  }
}

ownExports({ Pool });
