/** An explanation as text for a terminal: each function with its captures, the largest first. */
import type { ExplanationData } from './explain.ts';
import type { ExplainedCapture, ExplainedFunction } from './ship/explaining.ts';
import { inBytes } from './show.ts';

const HEADS = ['captures', 'travels', 'size'] as const;

export function explanationText({ name, place, functions, bytes, codeBytes, ms, warnings, problem, placing, as }: ExplanationData): string {
  const taken = Math.max(0, functions.length - 1);
  const along = taken === 0 ? '' : `, with ${taken} function${taken === 1 ? '' : 's'} that it takes along`;
  const sum =
    as === undefined
      ? `In all ${inBytes(bytes)} of values and ${inBytes(codeBytes)} of code${along}, read in ${ms.toFixed(1)} ms. Each worker gets a copy.`
      : `It travels by its name: the worker imports ${as}.`;
  return [
    `${name} (${place})`,
    ...functions.flatMap((one, index) => tableOf(one, index === 0)),
    '',
    ...(problem ? [`  It cannot travel. ${problem.message}`] : [`  ${sum}`]),
    ...(placing.where === 'inline' ? [`  Small work stays on the calling thread: ${placing.why}.`] : []),
    ...warnings.map(({ text }) => `  Warning: ${text}.`),
  ].join('\n');
}

function tableOf({ name, place, captures }: ExplainedFunction, isFirst: boolean): string[] {
  const title = isFirst ? [] : ['', `  ${name} (${place})`];
  if (captures.length === 0) return [...title, '', '  captures nothing'];
  const rows = captures.map((capture) => [capture.path, wayOf(capture), capture.bytes > 0 ? inBytes(capture.bytes) : '–'] as const);
  const [first, second, third] = ([0, 1, 2] as const).map((column) => Math.max(...[HEADS, ...rows].map((row) => row[column].length)));
  const line = ([path, way, size]: readonly [string, string, string]) =>
    `  ${path.padEnd(first!)}  ${way.padEnd(second!)}  ${size.padStart(third!)}`;
  const rule = [first, second, third].map((width) => '─'.repeat(width!)) as unknown as readonly [string, string, string];
  return [...title, '', ...[HEADS, rule, ...rows].map(line)];
}

function wayOf({ travels, as, bytes }: ExplainedCapture): string {
  switch (travels) {
    case 'name':
      return `by name: ${as}`;
    case 'function':
      return 'a function';
    case 'shared':
      return 'shared memory';
    case 'perWorker':
      return 'made in each worker';
    case 'made':
      return `the worker's own: ${as}`;
    default:
      // Even a number takes some bytes.
      return bytes > 0 ? 'by value' : 'by value, counted above';
  }
}
