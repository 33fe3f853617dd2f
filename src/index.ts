/** The public surface: exports and nothing else. A test compares this list with docs/reference.md. */
export type { ResourceLimits } from './backends/local-slots.ts';
export type { CompareOptions } from './compare/compare-options.ts';
export type { Comparison, ComparisonData, ComparisonMachine, ComparisonRow } from './compare/comparison.ts';
export type { Method, MethodName } from './compare/methods.ts';
export { type ComparableItems, compare, comparisonPage, type PageOptions } from './compare.ts';
export { context, type TaskContext } from './context.ts';
export { cpuCount } from './cpu-count.ts';
export {
  type ErrorCode,
  InternalError,
  NotShippableError,
  PoolClosedError,
  QueueFullError,
  TaskTimeoutError,
  UsageError,
  WorkerLostError,
} from './errors.ts';
export { type ExplainOptions, type Explanation, type ExplanationData, explain } from './explain.ts';
export { type BatchOf, map, mapBatches, mapSettled, mapStream, run } from './map.ts';
export type { ProgressOption, ProgressSettings } from './observers/progress.ts';
export type { Progress } from './observers/progress-tally.ts';
export type { BackendName, CallOptions, MapOptions, PoolOptions, ReduceOptions, StreamOptions, WorkersOptions } from './options.ts';
export {
  DelayedCall,
  delayed,
  Parallel,
  type ParallelOptions,
  type ParallelResults,
  type ParallelRunner,
  parallelConfig,
  type ReturnAs,
} from './parallel.ts';
export { type PerWorker, type PerWorkerOptions, perWorker } from './per-worker.ts';
export type { Placing } from './placing-option.ts';
export { Pool } from './pool.ts';
export type { ChunkSizeOrOptions } from './pool-arguments.ts';
export { type Range, range } from './range.ts';
export { mapReduce, type Reduction } from './reduce.ts';
export { registerType } from './register-type.ts';
export { type FailurePlace, whereFailed } from './run/failures.ts';
export type { MessageOrigin } from './run/job.ts';
export type { LogOrigin, LogRule } from './run/logs.ts';
export type { FailedTry } from './run/retry-rule.ts';
export type { PoolStats } from './run/stats.ts';
export type { ConfiguredDefaults } from './settings.ts';
export { share } from './share.ts';
export { shutdown } from './shared-pools.ts';
export type { ExplainedCapture, ExplainedFunction, ExplainedProblem } from './ship/explaining.ts';
export type { RetryOptions } from './task-limits.ts';
export { type Movable, transfer } from './transfer.ts';
export type { CustomType } from './transport.ts';
export type { ItemOf, Items, MapResult, ResultFor, SpreadArguments } from './types.ts';
export type { WorkerLife } from './worker-life.ts';
