/** Which of Node's command-line flags a worker inherits: loaders and preloads, but not what concerns the main program alone. */
import type { ResourceLimits } from './local-slots.ts';

/** They would run the main program's text again, start its test runner, or make every worker wait for a debugger. */
const MAIN_ONLY =
  /^(--inspect|--input-type|--eval|--print|--test|--watch|--check|--interactive|--env-file|--cpu-prof|--heap-prof|-[epcit]$|-pe$)/;
/** What a worker needs to load the user's files as the main program does; Node allows each of them for a worker. */
const FOR_WORKERS =
  /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C|--enable-source-maps|--no-warnings|--disable-warning|--preserve-symlinks|--trace-(warnings|deprecation|uncaught)|--no-deprecation|--experimental-(strip-types|transform-types|import-meta-resolve|vm-modules|require-module|detect-module|wasm-modules|default-type))\b/;
const WITH_VALUE = /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C|--disable-warning)$/;

/**
 * The `execArgv` option of a Worker. Flags are left to Node wherever possible: it lets a worker inherit flags, such as those of V8,
 * that it refuses when they are named.
 */
export function inheritedFlags(execArgv: readonly string[]): { execArgv?: string[] } {
  if (!execArgv.some((flag) => MAIN_ONLY.test(flag))) return {};
  const kept = execArgv.filter((flag, i) => FOR_WORKERS.test(flag) || WITH_VALUE.test(execArgv[i - 1] ?? ''));
  return { execArgv: kept };
}

/** Flags of a worker process: the program's own, but what concerns it alone, and V8's for the limits. */
export function childFlags(execArgv: readonly string[], limits: ResourceLimits | undefined): string[] {
  const own = inheritedFlags(execArgv).execArgv ?? execArgv;
  const { maxOldGenerationSizeMb: old, maxYoungGenerationSizeMb: young, stackSizeMb: stack } = limits ?? {};
  return [
    ...own,
    ...(old === undefined ? [] : [`--max-old-space-size=${Math.ceil(old)}`]),
    // A semi-space is a third of the young generation.
    ...(young === undefined ? [] : [`--max-semi-space-size=${Math.max(1, Math.floor(young / 3))}`]),
    // In kilobytes, less what the system's own frames take.
    ...(stack === undefined ? [] : [`--stack-size=${Math.max(64, Math.floor(stack * 1024 * 0.9))}`]),
  ];
}
