import type { NativeCase } from './tools.native.mjs';

export declare const cases: readonly NativeCase[];
