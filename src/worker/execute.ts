/**
 * Runs the tasks of one chunk. This file holds the only stopwatch around user code.
 *
 * Rule: a task's own error is a value here; this function never throws.
 */
import type { StopOrder } from '../backend.ts';
import { asTask, enterTask, leaveTask } from '../context.ts';
import { givesPromises, isThenable, learnWhatItGives } from './asynchronous.ts';
import type { ChunkWork, Task } from './chunk-work.ts';
import { nextBlock } from './claiming.ts';
import { FailedItem, type Fold, foldBlock } from './fold.ts';
import { type Output, Part } from './part.ts';
import { type Runner, TaskRun, type Waiting } from './task-run.ts';
import { loopsFor, type Odd, type Tasks, tightTasks, Way } from './tight-loop.ts';

/** Clocks are taken at import, so that a program's fake timers do not freeze us. */
const now = performance.now.bind(performance);
const startTimer = setTimeout;
const stopTimer = clearTimeout;

/** Finished work that is in hand when the next task starts, and is lost with the worker: no more than this, beside the task before. */
const IN_HAND_MS = 2;
/** A failure is handed over at once, but a chunk full of failures not one by one. */
const FAILURE_HAND_OVER_MS = 1;
/** `quietly`: nobody waits for it, but it must not be lost. */
export type HandOver = (output: Output, quietly: boolean) => void;

/** What has not been handed over, and the milliseconds it all took. */
export interface Ended {
  readonly output: Output;
  readonly ranMs: number;
}

/** One chunk being run. */
export class ChunkRun implements Runner {
  readonly #work: ChunkWork;
  readonly #handOver: HandOver;
  readonly #single: Task | undefined;
  /** One for all tasks that run without a storage of their own. */
  readonly #shared: TaskRun;
  #current: TaskRun;
  #part: Part;
  /** Where tasks may go through the tight loop: nobody looks at each of them. */
  readonly #tight: Tasks | undefined;
  readonly #way = new Way();
  #startedAt = 0;
  #handedOverAt = 0;
  #savedAt = 0;
  #waiting: Waiting | undefined;
  #early: (() => void) | undefined;
  #end!: (ended: Ended) => void;
  #broken!: (error: unknown) => void;

  /** `handOver` gets finished results while the chunk runs, in order. */
  constructor(work: ChunkWork, handOver: HandOver) {
    this.#work = work;
    this.#handOver = handOver;
    this.#single = work.which === undefined && work.call !== 'fold' ? (work.functions[0] as Task) : undefined;
    this.#shared = new TaskRun(work.facts, work.claims, this, 0, work.from);
    this.#current = this.#shared;
    this.#part = new Part(work.from, work.into, 0);
    this.#tight = this.#single && tightTasks(work, this.#single, this.#shared);
  }

  /** Runs the first tasks, which have been `claimed`, and every one that can be. Gives a promise only where one of them has to be awaited. */
  run(claimed = 0): Ended | Promise<Ended> {
    this.#startedAt = now();
    this.#handedOverAt = this.#startedAt;
    this.#savedAt = this.#startedAt;
    let ended: Ended | undefined;
    this.#end = (how) => {
      ended = how;
    };
    // Where nothing is awaited it has come to its end before it returns.
    const looping = this.#loop(0, claimed);
    if (ended) return ended;
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#broken = reject;
      looping.catch(reject);
    });
  }

  /** Tells what is awaited to stop. If it does not end within the grace time, it is given up, and `gaveUp` is told. */
  stop(order: StopOrder, gaveUp: () => void): void {
    const { index, reason, graceMs } = order;
    const waiting = this.#waiting;
    // In line the order may come from the task itself, while it still runs: it is told when it waits.
    this.#early = waiting ? undefined : () => this.stop(order, gaveUp);
    // It has ended meanwhile; what has not started sees the shared cell.
    if (!waiting || (index !== undefined && index !== this.#work.from + waiting.position)) return;
    if (Number.isFinite(graceMs) && waiting.timer === undefined) {
      waiting.timer = startTimer(() => {
        if (this.#leave(waiting, undefined)) gaveUp();
      }, graceMs);
    }
    waiting.task.stop(reason);
  }

  /** An error that nobody has caught came from one of its tasks. */
  failed(task: TaskRun, error: unknown): boolean {
    return this.#waiting?.task === task && this.#leave(this.#waiting, { error });
  }

  /** Hands over what has finished; quietly, so that it outlives this worker without interrupting anybody. */
  flush(at = now(), quietly = false): void {
    const ready = this.#part;
    if (ready.length === 0) return;
    this.#part = ready.next();
    this.#savedAt = at;
    if (!quietly) this.#handedOverAt = at;
    this.#handOver(ready.output, quietly);
  }

  /** Runs what is left of a claimed block, [next, end), and then block after block. A loop whose task is given up is left standing. */
  async #loop(next: number, end: number): Promise<void> {
    const { call, from, items, skip, claims, timed, sideBySide } = this.#work;
    const { mayBeKilled } = claims;
    const fn = this.#single;
    const shared = this.#shared;
    let position = next;
    let blockEnd = end;
    let block = 1;
    let blockAt = now();
    let apart = true;
    for (;;) {
      if (position === blockEnd) {
        position = claims.claim(block);
        blockEnd = position + claims.claimed;
        apart = sideBySide || fn === undefined || givesPromises(fn);
        if (!apart) this.#current = shared;
      }
      // What a block has claimed can be neither taken back nor started once its job has ended.
      if (position === blockEnd || claims.allStopped) break;
      for (; position < blockEnd; position++) {
        let odd: Odd | undefined;
        if (!apart && this.#tight) {
          odd = this.#runTight(this.#tight, position, blockEnd);
          position = this.#way.position;
          if (position === blockEnd) break;
        }
        if (typeof odd !== 'object' && claims.allStopped) break;
        const index = from + position;
        if (timed) claims.startTimed(position);
        else claims.start(position);
        if (skip.size > 0 && skip.has(index)) {
          this.#part.push(undefined);
          continue;
        }
        let waiting: Waiting | undefined;
        try {
          let result: unknown;
          if (typeof odd === 'object') {
            if ('threw' in odd) throw odd.threw;
            result = odd.gave;
          } else if (apart) result = this.#callApart(position);
          else {
            shared.become(position, index);
            enterTask(shared);
            const item = items[position];
            result = call === 'itemAndIndex' ? fn!(item, index) : call === 'item' ? fn!(item) : fn!(...(item as unknown[]));
          }
          let value = result;
          if (isThenable(result)) {
            // It gave none before.
            if (!apart) learnWhatItGives(fn!, true);
            waiting = { task: this.#current, position, end: blockEnd };
            this.#waiting = waiting;
            this.#early?.();
            value = await result;
            if (this.#waiting !== waiting) return;
            this.#arrived(waiting);
          }
          if (timed && claims.stopped(position)) this.#fails(position, undefined);
          else this.#part.push(value);
        } catch (error) {
          if (waiting) {
            if (this.#waiting !== waiting) return;
            this.#arrived(waiting);
          }
          this.#fails(position, { error });
        }
        // A look at the clock for each task costs a thread too much, and it seldom ends without a word.
        if (mayBeKilled) this.#save(now());
      }
      const at = now();
      const tookMs = at - blockAt;
      blockAt = at;
      // Whose time is watched is claimed alone, and safe before the next one starts.
      block = timed ? 1 : nextBlock(block, tookMs);
      if (this.#isDue(at)) this.flush(at);
      else if (timed) this.flush(at, true);
      else this.#save(at);
    }
    leaveTask(shared);
    this.#end({ output: this.#part.output, ranMs: now() - this.#startedAt });
  }

  /** Goes as far as it can. Gives why it has not come to the end. */
  #runTight(tasks: Tasks, position: number, end: number): Odd | undefined {
    const way = this.#way;
    const part = this.#part;
    enterTask(tasks.task);
    const { column } = part;
    const { intoColumn, intoList } = loopsFor(tasks.fn, this.#work.items.length);
    if (column) {
      intoColumn(tasks, column, position, end, way);
      part.wrote(way.position - position);
    } else intoList(tasks, part.list, position, end, way);
    return way.odd;
  }

  /** A task in a storage of its own, which follows it over its awaits: asynchronous ones, those that may be, and those side by side. */
  #callApart(position: number): unknown {
    const { functions, which, from, facts, claims, sideBySide } = this.#work;
    const index = from + position;
    const called = functions[which?.[position] ?? 0]!;
    let result: unknown;
    if (sideBySide || givesPromises(called)) {
      const task = new TaskRun(facts, claims, this, position, index);
      this.#current = task;
      // Without a name of its own: the bundler would give it one each time, which costs more than the call.
      result = asTask(task, () => this.#call(called, position, index, task));
    } else {
      const task = this.#shared;
      this.#current = task;
      task.become(position, index);
      enterTask(task);
      result = this.#call(called, position, index, task);
    }
    if (!sideBySide) learnWhatItGives(called, isThenable(result));
    return result;
  }

  #call(called: Task | Fold, position: number, index: number, task: TaskRun): unknown {
    const { call, from, items } = this.#work;
    if (call === 'fold') return foldBlock(called as Fold, items, from, index, task);
    const fn = called as Task;
    const item = items[position];
    return call === 'itemAndIndex' ? fn(item, index) : call === 'item' ? fn(item) : fn(...(item as unknown[]));
  }

  /** Books a failure; `thrown` is absent where there is nothing but that its time was up. */
  #fails(position: number, thrown: { readonly error: unknown } | undefined): void {
    const { call, from, claims, timed } = this.#work;
    const task = this.#current;
    const index = from + position;
    const error = call === 'fold' && thrown?.error instanceof FailedItem ? thrown.error.error : thrown?.error;
    const item = call !== 'fold' ? undefined : thrown?.error instanceof FailedItem ? thrown.error.item : task.index;
    this.#part.push(undefined);
    if (timed && claims.stopped(position))
      this.#part.failed.push({ index, item, error: task.wasToldBy(error) ? undefined : error, timedOut: true });
    else this.#part.failed.push({ index, item, error });
  }

  #arrived({ timer }: Waiting): void {
    this.#waiting = undefined;
    if (timer !== undefined) stopTimer(timer);
  }

  /** Ends an awaited task with a failure, whatever it still does, and goes on behind it. Gives false where it has ended already. */
  #leave(waiting: Waiting, thrown: { readonly error: unknown } | undefined): boolean {
    if (this.#waiting !== waiting) return false;
    this.#arrived(waiting);
    this.#fails(waiting.position, thrown);
    this.#loop(waiting.position + 1, waiting.end).catch(this.#broken);
    return true;
  }

  /** Hands over quietly what would be missed if this worker died now. */
  #save(at: number): void {
    if (at - this.#savedAt > IN_HAND_MS) this.flush(at, true);
  }

  #isDue(at: number): boolean {
    const waitedMs = at - this.#handedOverAt;
    return waitedMs > this.#work.handOverMs || (this.#part.failed.length > 0 && waitedMs > FAILURE_HAND_OVER_MS);
  }
}
