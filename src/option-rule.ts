/** What the table of options says of each. */

/** Any call; `new Pool` and `map`; `new Pool` alone; `map` and its siblings; `mapStream`; `mapReduce`; `Parallel`; `parallelConfig`; `explain`. */
export type Scope = 'call' | 'pool' | 'own' | 'door' | 'stream' | 'reduce' | 'parallel' | 'config' | 'explain';

/** What one option may be. */
export interface ValueRule {
  /** What is allowed, to stand after "it must be". */
  readonly allowed: string;
  readonly ok: (value: unknown) => boolean;
}

export interface OptionRule extends ValueRule {
  readonly scopes: readonly Scope[];
  /** The default, for people. */
  readonly byDefault: string;
  readonly unit: string;
  readonly meaning: string;
}
