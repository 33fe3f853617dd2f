import type { NativeCase } from './tools.native.mjs';

export declare const MARK: string;
export declare function playAll(themes: Readonly<Record<string, readonly NativeCase[]>>): Promise<void>;
