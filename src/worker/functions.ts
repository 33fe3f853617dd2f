/**
 * The functions of the jobs this worker serves: rebuilt once per job and forgotten at its end, so that no job sees what another has changed.
 * Only what cannot change stays: code texts, and functions without state, whose definition may stay, too, when it is lasting.
 */
import type { DefineMessage } from '../protocol.ts';
import { bringTypes, forgetTypes, typesOf } from '../register-type.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { forgetCodes, learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { CustomType } from '../transport.ts';
import type { Task } from './chunk-work.ts';
import type { Fold } from './fold.ts';

/** What a chunk calls. */
export type Called = Task | Fold;

/** Stateless functions kept at the most; the one unused for longest goes first. */
const KEPT = 200;

interface Kept {
  readonly task: Called;
  readonly ownKeys: number;
  /** The registered types that it has brought. */
  readonly types: readonly CustomType[];
}

export class Functions {
  readonly #defined = new Map<string, DefineMessage>();
  readonly #rebuilt = new Map<string, Called | Promise<Called>>();
  readonly #stateless = new Map<string, Kept>();

  define(message: DefineMessage): void {
    learnCodes(message.codes as Codes);
    this.#rebuilt.delete(message.functionId);
    this.#defined.set(message.functionId, message);
  }

  forget(functionId: string): void {
    this.#defined.delete(functionId);
    this.#rebuilt.delete(functionId);
    forgetTypes(functionId);
  }

  forgetCodes(): void {
    this.#defined.clear();
    this.#rebuilt.clear();
    this.#stateless.clear();
    forgetCodes();
  }

  /** The function, where nothing has to be done to call it. */
  built(functionId: string): Called | undefined {
    const known = this.#rebuilt.get(functionId);
    return known instanceof Promise ? undefined : known;
  }

  /** The function, ready to call; a promise only while modules it needs are being imported. Throws or rejects when it cannot be rebuilt. */
  get(functionId: string): Called | Promise<Called> {
    const known = this.#rebuilt.get(functionId);
    if (known) return known;
    const message = this.#defined.get(functionId);
    if (!message) throw new Error(`function ${functionId} has not been defined in this worker`);
    const kept = this.#kept(message);
    const task = kept ?? this.#rebuild(message);
    this.#rebuilt.set(functionId, task);
    if (!(task instanceof Promise) && !kept) this.#keep(message, task);
    return task;
  }

  /** A function that has got properties of its own since, such as a count of its calls, is not what it was. */
  #kept({ functionId, stateless }: DefineMessage): Called | undefined {
    if (stateless === undefined) return undefined;
    const kept = this.#stateless.get(stateless);
    if (!kept || Reflect.ownKeys(kept.task).length !== kept.ownKeys) return undefined;
    bringTypes(functionId, kept.types);
    return kept.task;
  }

  #rebuild(message: DefineMessage): Called | Promise<Called> {
    const graph = message.graph as Graph;
    const preparing = prepare(graph);
    if (!preparing) return rebuild(graph) as Called;
    return preparing.then(() => {
      const task = rebuild(graph) as Called;
      if (this.#defined.has(message.functionId)) this.#rebuilt.set(message.functionId, task);
      this.#keep(message, task);
      return task;
    });
  }

  #keep({ functionId, stateless }: DefineMessage, task: Called): void {
    if (stateless === undefined) return;
    this.#stateless.delete(stateless);
    this.#stateless.set(stateless, { task, ownKeys: Reflect.ownKeys(task).length, types: typesOf(functionId) });
    if (this.#stateless.size > KEPT) for (const oldest of this.#stateless.keys()) return void this.#stateless.delete(oldest);
  }
}
