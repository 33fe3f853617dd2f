import type { NativeCase } from './tools.native.mjs';

export declare const themes: Readonly<Record<string, readonly NativeCase[]>>;
