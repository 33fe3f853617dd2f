/** The functions of the jobs this worker serves, rebuilt once per job and forgotten at its end; only code texts stay. */
import type { Codes, Graph } from '../ship/graph.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { Task } from './execute.ts';

export class Functions {
  readonly #defined = new Map<string, Graph>();
  readonly #rebuilt = new Map<string, Task | Promise<Task>>();

  define({ functionId, graph, codes }: { functionId: string; graph: unknown; codes: Readonly<Record<string, unknown>> }): void {
    learnCodes(codes as Codes);
    this.#defined.set(functionId, graph as Graph);
  }

  forget(functionId: string): void {
    this.#defined.delete(functionId);
    this.#rebuilt.delete(functionId);
  }

  /** The function, ready to call; a promise only while modules it needs are being imported. Throws or rejects when it cannot be rebuilt. */
  get(functionId: string): Task | Promise<Task> {
    const known = this.#rebuilt.get(functionId);
    if (known) return known;
    const graph = this.#defined.get(functionId);
    if (!graph) throw new Error(`function ${functionId} has not been defined in this worker`);
    const preparing = prepare(graph);
    const task = preparing
      ? preparing.then(() => {
          const fn = rebuild(graph) as Task;
          this.#rebuilt.set(functionId, fn);
          return fn;
        })
      : (rebuild(graph) as Task);
    this.#rebuilt.set(functionId, task);
    return task;
  }
}
