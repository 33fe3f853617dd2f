export declare class Remote {
  static start(): Promise<Remote>;
  readonly warnings: readonly string[];
  run(fn: (...args: never[]) => unknown, ...args: unknown[]): Promise<unknown>;
  close(): Promise<number>;
}
