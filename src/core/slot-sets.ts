/** Slots by what may be asked of them, so that an event costs the same with a thousand slots as with two: only those it has changed are looked at. */
import { Marked } from './marked.ts';
import type { SlotHolding } from './slot-state.ts';

export class SlotSets {
  /** Those that the event has changed. */
  readonly changed = new Marked<SlotHolding>();
  /** Those that may have room. Whoever finds one full takes it out; it comes back when it has changed. */
  readonly roomy = new Set<SlotHolding>();
  readonly idle = new Set<SlotHolding>();
  /** Those of which something can be had back. */
  readonly lending = new Set<SlotHolding>();

  begin(): void {
    this.changed.clear();
  }

  /** What it holds, or may be given, is another. */
  touch(slot: SlotHolding): void {
    this.changed.add(slot);
    this.roomy.add(slot);
    enter(this.idle, slot, slot.idle);
    enter(this.lending, slot, slot.lends);
  }

  /** It gets nothing and gives nothing any more. */
  leave(slot: SlotHolding): void {
    for (const set of [this.roomy, this.idle, this.lending]) set.delete(slot);
  }

  /** Slots that may have room, those that hold least first, then as they came up. */
  leastFirst(): Iterable<SlotHolding> {
    if (this.roomy.size === 1) return [...this.roomy];
    return [...this.roomy].sort((a, b) => a.held.size - b.held.size || a.number - b.number);
  }
}

function enter(set: Set<SlotHolding>, slot: SlotHolding, belongs: boolean): void {
  if (belongs) set.add(slot);
  else set.delete(slot);
}
