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
import type { PoolSettings } from './settings.ts';
import type { WorkerSetup } from './shipped.ts';
import type { WorkerLife } from './worker-life.ts';

interface PlacesOptions extends PoolSettings {
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
  readonly #make: () => Place;
  readonly #inline: boolean;
  readonly #places = new Map<number, Place>();
  readonly #opened = new Set<Place>();
  readonly #observers: readonly Observer[];

  constructor({ backend: name, workers, logs, life }: PlacesOptions, setup: WorkerSetup | undefined, observer: Observer) {
    this.#inline = name === 'inline';
    const first = backendOf(name, { workers, setup, ...life });
    this.#observers = [observer, warnings];
    const options = { observers: this.#observers, logs };
    this.#places.set(0, { backend: first, conductor: new Conductor(first, options) });
    this.#make = () => {
      const backend = new InlineBackend({ beside: first as InlineBackend });
      return { backend, conductor: new Conductor(backend, options) };
    };
  }

  /** The conductor for a call made here, its workers started. */
  open(): Conductor {
    const depth = this.#inline ? (runningTask()?.depth ?? 0) : 0;
    const place = this.#places.get(depth) ?? this.#make();
    this.#places.set(depth, place);
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
}

function backendOf(name: BackendName, options: LocalOptions): Backend {
  if (name === 'inline') return new InlineBackend(options);
  if (name === 'processes') return new ProcessesBackend({ ...options, codec: bytesCodec });
  return new ThreadsBackend({ ...options, codec: hostCodec });
}
