import type { Remote } from './remote.native.mjs';

export type NativeCase = readonly [name: string, body: (run: Remote['run'], t: unknown) => Promise<void>];
export declare function play(remote: Remote, body: NativeCase[1]): Promise<void>;
