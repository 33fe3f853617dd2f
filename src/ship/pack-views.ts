/**
 * Views of memory: typed arrays, DataViews, Buffers. A view takes the bytes it shows along, and views that overlap keep sharing them; the rest
 * of the memory behind them stays, be it a file of gigabytes or the pool that Node's Buffers lie in.
 */
import util from 'node:util';
import type { Draft, GraphNode } from './graph.ts';
import { isIntrinsic } from './intrinsics.ts';
import type { Packer } from './pack-graph.ts';
import { reasons, refuse, step, type Trail } from './refusals.ts';

const { types } = util;

type ViewNode = GraphNode & { type: 'view' };

/** A view on its way: where its bytes go is known when all views are. */
export interface ViewRecord {
  readonly view: NodeJS.ArrayBufferView;
  readonly node: Draft<ViewNode>;
}

export function packView(packer: Packer, view: NodeJS.ArrayBufferView, trail: Trail | null): GraphNode {
  if (types.isSharedArrayBuffer(view.buffer) && packer.carrier === 'bytes') refuse(trail, reasons.sharedMemory);
  const kind = Buffer.isBuffer(view) ? 'Buffer' : types.isTypedArray(view) ? view[Symbol.toStringTag] : 'DataView';
  const length = types.isTypedArray(view) ? view.length : view.byteLength;
  const node: Draft<ViewNode> = { type: 'view', kind, buffer: 0, offset: view.byteOffset, length, prototype: null };
  packer.views.push({ view, node });
  packer.later(() => {
    const prototype: unknown = Object.getPrototypeOf(view);
    if (!isIntrinsic(prototype, `${kind}.prototype`)) node.prototype = packer.ref(prototype, step(trail, '.__proto__'));
  });
  return node;
}

/** Gives the views their memory. The last step of packing, when it is known what else is captured of it. */
export function packMemory(packer: Packer): void {
  const byBuffer = new Map<ArrayBufferLike, ViewRecord[]>();
  for (const record of packer.views) {
    const views = byBuffer.get(record.view.buffer);
    if (views) views.push(record);
    else byBuffer.set(record.view.buffer, [record]);
  }
  for (const [buffer, records] of byBuffer) {
    if (travelsWhole(packer, buffer)) {
      const whole = packer.ref(buffer, null);
      for (const { node } of records) node.buffer = whole;
    } else for (const part of overlapping(records)) packPart(packer, buffer, part);
  }
}

/** Memory that is captured itself, that threads share, or that may still grow. */
function travelsWhole(packer: Packer, buffer: ArrayBufferLike): boolean {
  const { resizable = false } = buffer as { resizable?: boolean };
  return types.isSharedArrayBuffer(buffer) || resizable || packer.hasReached(buffer);
}

/** Views that show common bytes, directly or through others, together. */
function overlapping(records: readonly ViewRecord[]): ViewRecord[][] {
  const parts: ViewRecord[][] = [];
  let end = -1;
  for (const record of records.toSorted((a, b) => a.view.byteOffset - b.view.byteOffset)) {
    const { byteOffset, byteLength } = record.view;
    if (byteOffset < end) parts.at(-1)?.push(record);
    else parts.push([record]);
    end = Math.max(end, byteOffset + byteLength);
  }
  return parts;
}

/** The strictest alignment that a typed array asks of its place in memory. */
const ALIGNMENT = 8;

function packPart(packer: Packer, buffer: ArrayBufferLike, part: readonly ViewRecord[]): void {
  const start = part[0]!.view.byteOffset;
  const end = Math.max(...part.map(({ view }) => view.byteOffset + view.byteLength));
  const base = start - (start % ALIGNMENT);
  packer.plainData.bytes += end - start;
  const memory = packer.add({ type: 'plain', value: bytesBetween(buffer, base, start, end) });
  for (const { node } of part) {
    node.buffer = memory;
    node.offset -= base;
  }
}

/** The bytes from `start` to `end`; what lies between `base` and `start` is nobody's, and blank. */
function bytesBetween(buffer: ArrayBufferLike, base: number, start: number, end: number): ArrayBufferLike {
  if (start === 0 && end === buffer.byteLength) return buffer;
  const bytes = new Uint8Array(end - base);
  if (end > start) bytes.set(new Uint8Array(buffer, start, end - start), start - base);
  return bytes.buffer;
}
