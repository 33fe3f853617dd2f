export type Place = 'thread' | 'process';

export declare class Remote {
  static start(place?: Place, node?: string): Promise<Remote>;
  readonly warnings: readonly string[];
  run(fn: (...args: never[]) => unknown, ...args: unknown[]): Promise<unknown>;
  close(): Promise<unknown>;
}
