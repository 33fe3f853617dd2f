/** Where the calls of a pool run: its workers, or the places of what runs in line. */
import type { Backend } from './backend.ts';
import { InlineBackend } from './backends/inline.ts';
import type { LocalOptions } from './backends/local-slots.ts';
import { ProcessesBackend } from './backends/processes.ts';
import { ThreadsBackend } from './backends/threads.ts';
import { runningTask } from './context.ts';
import type { Note, Observer } from './observer.ts';
import { warnings } from './observers/warnings.ts';
import type { BackendName } from './options.ts';
import { Conductor } from './run/conductor.ts';
import { bytesCodec, hostCodec } from './run/host-codec.ts';
import type { LogRule } from './run/logs.ts';
import { addStats, type ConductorStats } from './run/stats.ts';
import type { WorkerSetup } from './shipped.ts';
import type { WorkerLife } from './worker-life.ts';

interface PlacesOptions {
  readonly backend: BackendName;
  /** Asked when the first place is made. */
  readonly workers: () => number;
  /** For what no call has printed. */
  readonly logs: LogRule;
  readonly life: WorkerLife;
}

interface Place {
  readonly backend: Backend;
  readonly conductor: Conductor;
}

/**
 * Threads are one place for all calls. What runs in line has one for each depth of nesting: a call that a task makes must not wait for
 * that task to end.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #setup: WorkerSetup | undefined;
  /** By depth. Made when a call needs them: most that run in line do not. */
  readonly #places = new Map<number, Place>();
  readonly #opened = new Set<Place>();
  readonly #observers: readonly Observer[];

  constructor(options: PlacesOptions, setup: WorkerSetup | undefined, observer: Observer) {
    this.#options = options;
    this.#setup = setup;
    this.#observers = [observer, warnings];
    // A setup that cannot travel is refused before anything starts.
    if (setup) this.#placeAt(0);
  }

  /** The conductor for a call made here, its workers started. */
  open(): Conductor {
    const depth = this.#options.backend === 'inline' ? (runningTask()?.depth ?? 0) : 0;
    const place = this.#placeAt(depth);
    if (!this.#opened.has(place)) {
      this.#opened.add(place);
      place.conductor.open();
    }
    return place.conductor;
  }

  /** Tells observers what no conductor knows. */
  note(note: Note): void {
    for (const observer of this.#observers) observer.onNote?.(note);
  }

  /** Numbers of this moment, of all places. */
  stats(): ConductorStats {
    this.#placeAt(0);
    return addStats([...this.#places.values()].map(({ conductor }) => conductor.counts.stats()));
  }

  /** Lets the calls in progress end, then ends the workers. */
  async close(): Promise<void> {
    await Promise.all([...this.#places.values()].map(({ conductor }) => conductor.whenEmpty()));
    await Promise.all([...this.#places.values()].map(({ backend }) => backend.close({ force: false })));
  }

  /** Ends the calls in progress with this error, and the workers at once. */
  async terminate(error: Error): Promise<void> {
    for (const { conductor } of this.#places.values()) conductor.cancelAll(error);
    await Promise.all([...this.#places.values()].map(({ backend }) => backend.close({ force: true })));
  }

  #placeAt(depth: number): Place {
    const place = this.#places.get(depth) ?? this.#make(depth);
    this.#places.set(depth, place);
    return place;
  }

  #make(depth: number): Place {
    const { backend: name, workers, logs, life } = this.#options;
    const backend =
      depth === 0
        ? backendOf(name, { workers: workers(), setup: this.#setup, ...life })
        : new InlineBackend({ beside: this.#placeAt(0).backend as InlineBackend });
    return { backend, conductor: new Conductor(backend, { observers: this.#observers, logs }) };
  }
}

function backendOf(name: BackendName, options: LocalOptions): Backend {
  if (name === 'inline') return new InlineBackend(options);
  if (name === 'processes') return new ProcessesBackend({ ...options, codec: bytesCodec });
  return new ThreadsBackend({ ...options, codec: hostCodec });
}
