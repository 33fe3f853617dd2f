/** Captures that are too large, or so large that the caller should know. */
import { NotShippableError } from '../errors.ts';
import type { LargeCaptures } from '../shipped.ts';
import { inBytes } from '../show.ts';
import type { GraphNode, Ref } from './graph.ts';
import type { FunctionRecord } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import { inEachWorker } from './reasons.ts';
import { bytesOfNodes, Measure } from './sizes.ts';

/** From here on the caller is told once. */
export const LARGE_BYTES = 64e6;
export const DEFAULT_MAX_SHIP_BYTES = 1e9;

/** Places that have been told of: listing what is large takes a walk over all of it. */
const told = new Set<string>();
const PARTS_LISTED = 5;
/** Of a list, for a warning: all of them would take as long as packing. */
const ITEMS_READ = 1000;

/**
 * Refuses captures above the limit, and lists large ones, once for each place. The quick sum may count twice what is reached twice, so
 * nothing is refused before all of it has been walked.
 */
export function largeCaptures(packer: Packer, nodes: readonly GraphNode[], maxBytes: number): LargeCaptures | undefined {
  const roughly = packer.plainData.bytes + bytesOfNodes(nodes);
  const [task] = packer.started;
  if (roughly <= Math.min(LARGE_BYTES, maxBytes) || !task) return undefined;
  const place = task.place();
  if (roughly <= maxBytes && (told.has(place) || packer.runsHere)) return undefined;
  const measure = new Measure(nodes, roughly > maxBytes ? undefined : ITEMS_READ);
  const parts = packer.started
    .flatMap((record) =>
      capturesOf(record).map(([variable, ref]) => {
        const { bytes, path, isBinary } = measure.part(ref);
        return { path: variable + path, variable, by: record.name, bytes, isBinary };
      }),
    )
    .sort((one, other) => other.bytes - one.bytes);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const listed = parts.slice(0, PARTS_LISTED).filter(({ bytes: own }) => own > bytes / 100);
  const text = listed
    .map(({ path, by, bytes: own }) => `\`${path}\` ${inBytes(own)}${by === task.name ? '' : ` (captured by \`${by}\`)`}`)
    .join(', ');
  const biggest = listed[0];
  const advice = !biggest
    ? ''
    : biggest.isBinary && packer.carrier === 'memory'
      ? `Share binary data instead of copying it: \`share(${biggest.variable})\`, which lies in a SharedArrayBuffer.`
      : inEachWorker(biggest.variable, 'load()');
  if (bytes > maxBytes) {
    throw new NotShippableError(
      `Cannot ship \`${task.name}\` (${place}): what it captures takes ${inBytes(bytes)}, more than maxShipBytes, ${inBytes(maxBytes)}: ${text}. ` +
        `Each worker would get a copy. ${advice} Or raise the option maxShipBytes.`,
    );
  }
  if (bytes <= LARGE_BYTES || packer.runsHere || told.has(place)) return undefined;
  told.add(place);
  return { bytes, place, text, advice };
}

/** By name, the `this` around an arrow among them; not what each side makes for itself. */
export function capturesOf({ captures, node }: FunctionRecord): [name: string, ref: Ref][] {
  const own = captures.flatMap(({ name, value }) => (typeof value === 'number' ? [[name, value] as [string, Ref]] : []));
  return node.self === null ? own : [...own, ['this', node.self]];
}
