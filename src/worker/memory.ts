/**
 * Whether this worker holds more memory than it may. What could be collected does not count: before it says so, it collects. As loky does it
 * (github.com/joblib/loky, `_MAX_MEMORY_LEAK_SIZE`), but by an absolute size, so that a large first task is no false alarm.
 */
import { nodeV8, nodeVm } from '../late-builtins.ts';

/** Looking costs about 10 µs, collecting tens of milliseconds: neither is done more often than this. */
const LOOK_MS = 50;
const COLLECT_MS = 200;
const now = performance.now.bind(performance);

export class MemoryWatch {
  readonly #maxBytes: number;
  readonly #measure: () => number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #collectedAt = Number.NEGATIVE_INFINITY;

  /** A process is measured by what the system keeps for it, a thread by what lives in its own heap and buffers. */
  constructor(maxBytes: number, isProcess: boolean) {
    this.#maxBytes = maxBytes;
    this.#measure = isProcess ? () => process.memoryUsage.rss() : ownBytes;
  }

  isOver(at = now()): boolean {
    if (at - this.#lookedAt < LOOK_MS) return false;
    this.#lookedAt = at;
    if (this.#measure() <= this.#maxBytes || at - this.#collectedAt < COLLECT_MS) return false;
    this.#collectedAt = at;
    collect();
    return this.#measure() > this.#maxBytes;
  }
}

function ownBytes(): number {
  const { used_heap_size, external_memory } = nodeV8().getHeapStatistics();
  return used_heap_size + external_memory;
}

let collectNow: (() => void) | undefined;

function collect(): void {
  if (!collectNow) {
    nodeV8().setFlagsFromString('--expose-gc');
    collectNow = nodeVm().runInNewContext('gc') as () => void;
  }
  collectNow();
}
