/** WeakMaps and WeakSets: what they hold cannot be listed, only asked for. */
import type { Ref } from './graph.ts';
import type { Packer } from './pack-graph.ts';
import { step, type Trail } from './refusals.ts';

export type WeakRecord =
  | { readonly collection: WeakMap<object, unknown>; readonly entries: [Ref, Ref][]; readonly trail: Trail | null }
  | { readonly collection: WeakSet<object>; readonly items: Ref[]; readonly trail: Trail | null };

/** A weak collection ships the entries whose keys are shipped anyway. Says whether there were new ones. */
export function weakEntries(packer: Packer): boolean {
  const before = packer.size;
  for (const record of packer.weak) {
    const { has } = 'items' in record ? WeakSet.prototype : WeakMap.prototype;
    const entered = new Set('items' in record ? record.items : record.entries.map(([key]) => key));
    for (const [key, ref] of [...packer.seen()]) {
      const isKey = (typeof key === 'object' && key !== null) || typeof key === 'function';
      if (!isKey || entered.has(ref) || !has.call(record.collection as WeakMap<object, unknown>, key)) continue;
      if ('items' in record) record.items.push(ref);
      else record.entries.push([ref, packer.ref(WeakMap.prototype.get.call(record.collection, key), step(record.trail, '<weak value>'))]);
    }
  }
  return packer.size !== before;
}
