/** Hears a backend in the place of the conductor. */
import type { Backend, BackendListener, ChunkOutput, SlotLoss, TaskOfChunk } from '../../src/backend.ts';
import type { StateDifference } from '../../src/shipped.ts';
import type { Packed } from '../../src/transport.ts';

interface OutputTold {
  type: 'part' | 'done';
  chunkId: number;
  results: unknown[];
  failed: { index: number; item: number | undefined; timedOut: boolean | undefined; error: unknown }[];
}
type Told =
  | { type: 'slotUp'; slot: string; depth: number }
  | { type: 'slotReady'; slot: string }
  | ({ type: 'slotDown'; slot: string; progress: unknown } & SlotLoss)
  | (OutputTold & { type: 'part' })
  | (OutputTold & { type: 'done' })
  | { type: 'shortened'; chunkId: number; to: number }
  | { type: 'differs'; chunkId: number; names: string[] }
  | { type: 'output'; stream: string; text: string; task: TaskOfChunk | undefined }
  | { type: 'message'; task: TaskOfChunk; value: unknown }
  | { type: 'tired'; slot: string }
  | { type: 'lateError'; error: unknown; index: number | undefined }
  | { type: 'fewer'; reason: Error }
  | { type: 'broken'; reason: Error };

/** Hears a backend, and waits for what it tells. */
export class Ear implements BackendListener {
  readonly told: Told[] = [];
  readonly #backend: Backend;
  #waiting: (() => void)[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async heard<T extends Told['type']>(
    type: T,
    matches: (told: Extract<Told, { type: T }>) => boolean = () => true,
  ): Promise<Extract<Told, { type: T }>> {
    for (;;) {
      const found = this.told.find((t): t is Extract<Told, { type: T }> => t.type === type && matches(t as Extract<Told, { type: T }>));
      if (found) return found;
      // Nothing else will ever be heard.
      const broken = this.told.find((t) => t.type === 'broken');
      if (broken) throw broken.reason;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** All results of a chunk, with those that came in parts. */
  async results(chunkId: number): Promise<unknown[]> {
    await this.heard('done', (d) => d.chunkId === chunkId);
    return this.told.flatMap((t) => ((t.type === 'part' || t.type === 'done') && t.chunkId === chunkId ? t.results : []));
  }

  slotUp(slot: string, depth: number): void {
    this.#tell({ type: 'slotUp', slot, depth });
  }
  slotTired(slot: string): void {
    this.#tell({ type: 'tired', slot });
  }
  lateError(_slot: string, error: Packed, index: number | undefined): void {
    this.#tell({ type: 'lateError', error: (this.#backend.transport.unpack(error) as unknown[])[0], index });
  }
  slotReady(slot: string): void {
    this.#tell({ type: 'slotReady', slot });
  }
  slotDown(slot: string, progress: unknown, loss: SlotLoss): void {
    this.#tell({ type: 'slotDown', slot, progress, ...loss });
  }
  chunkPart(_slot: string, chunkId: number, output: ChunkOutput): void {
    this.#tell({ type: 'part', chunkId, ...this.#unpack(output) });
  }
  chunkDone(_slot: string, chunkId: number, output: ChunkOutput): void {
    this.#tell({ type: 'done', chunkId, ...this.#unpack(output) });
  }
  chunkShortened(_slot: string, chunkId: number, to: number): void {
    this.#tell({ type: 'shortened', chunkId, to });
  }
  chunkDiffers(_slot: string, chunkId: number, differences: readonly StateDifference[]): void {
    this.#tell({ type: 'differs', chunkId, names: differences.map(({ name }) => name) });
  }
  output(_slot: string, stream: string, text: string, task: TaskOfChunk | undefined): void {
    this.#tell({ type: 'output', stream, text, task });
  }
  message(_slot: string, task: TaskOfChunk, value: Packed): void {
    this.#tell({ type: 'message', task, value: (this.#backend.transport.unpack(value) as unknown[])[0] });
  }
  fewer(reason: Error): void {
    this.#tell({ type: 'fewer', reason });
  }
  broken(reason: Error): void {
    this.#tell({ type: 'broken', reason });
  }

  #unpack(output: ChunkOutput) {
    const { transport } = this.#backend;
    const results = [...(transport.unpack(output.results) as unknown[])];
    const failed = output.failed.map(({ index, item, timedOut, error, packed }) => ({
      index,
      item,
      timedOut,
      error: packed ? (transport.unpack(error as never) as unknown[])[0] : error,
    }));
    return { results, failed };
  }
  #tell(told: Told): void {
    this.told.push(told);
    for (const go of this.#waiting.splice(0)) go();
  }
}
