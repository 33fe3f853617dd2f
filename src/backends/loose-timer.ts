/** A timer that keeps nothing alive, such as that of an idle worker. */

/** Taken at import, so that a program's fake timers do not freeze us. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;

export class LooseTimer {
  readonly #afterMs: number | undefined;
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** Without a time it never tells. */
  constructor(afterMs: number | undefined, tell: () => void) {
    this.#afterMs = afterMs;
    this.#tell = tell;
  }

  start(): void {
    if (this.#afterMs === undefined) return;
    this.stop();
    this.#timer = startTimer(this.#tell, this.#afterMs);
    this.#timer.unref();
  }

  stop(): void {
    stopTimer(this.#timer);
    this.#timer = undefined;
  }
}
