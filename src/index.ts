/** The public surface: exports and nothing else. A test compares this list with docs/reference.md. */
export { type ComparableItems, compare } from './compare/compare.ts';
export type { CompareOptions } from './compare/compare-options.ts';
export type { Comparison, ComparisonData, ComparisonMachine, ComparisonRow } from './compare/comparison.ts';
export type { Method, MethodName } from './compare/methods.ts';
export { comparisonPage, type PageOptions } from './compare/page.ts';
export { cpuCount } from './cpu-count.ts';
export {
  type ErrorCode,
  InternalError,
  NotShippableError,
  PoolClosedError,
  TaskTimeoutError,
  UsageError,
  WorkerLostError,
} from './errors.ts';
export { type BatchOf, map, mapBatches, mapSettled, mapStream, run, shutdown } from './map.ts';
export type { BackendName, CallOptions, MapOptions, PoolOptions, StreamOptions } from './options.ts';
export { type ChunkSizeOrOptions, Pool } from './pool.ts';
export { type Range, range } from './range.ts';
export { type FailurePlace, whereFailed } from './run/failures.ts';
export type { ItemOf, Items, MapResult, ResultFor, SpreadArguments } from './types.ts';
