export interface Proof {
  readonly name: string;
  prove(run: (fn: () => unknown, args?: readonly unknown[]) => Promise<unknown>): Promise<string>;
}
export function proofs(backend: string): Iterable<Proof>;
export function table(): string;
