type Run = typeof import('../../dist/index.js').run;
export interface Proof {
  readonly name: string;
  prove(run: Run): Promise<string>;
}
export function proofs(): Iterable<Proof>;
export function table(): string;
