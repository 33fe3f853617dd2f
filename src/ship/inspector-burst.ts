/**
 * One synchronous conversation with V8's inspector on this very thread. A session left connected makes the inspector
 * retain every console.log argument, so a burst always ends before the caller goes on.
 */
import type { Session } from 'node:inspector';

/** Node's module; undefined where Node was built without it, and an import would throw. */
export const inspector = builtInspector();

function builtInspector(): typeof import('node:inspector') | undefined {
  try {
    return process.getBuiltinModule('node:inspector');
  } catch {
    return undefined;
  }
}

/** The inspector's name for a live value. */
export interface RemoteObject {
  readonly objectId?: string;
  readonly unserializableValue?: string;
  readonly value?: unknown;
  readonly description?: string;
}

const KEY = Symbol.for('allcores.ship');
/** The built-in module object is the one thing that all vm contexts share. */
const HOME = 'process.getBuiltinModule("node:inspector")';
export const STASH_EXPRESSION = `${HOME}[Symbol.for("allcores.ship")]`;

interface Answer {
  readonly result: RemoteObject;
}

/** What has been possible once stays so. */
let hasAnswered = false;

export class Burst {
  #session: Session | undefined;
  #stash: string | undefined;
  readonly #held: { value: unknown } = { value: null };
  #debugging = false;

  get session(): Session {
    this.#session ??= this.#connect();
    return this.#session;
  }

  /** Whether there is an inspector that answers: not under --permission without --allow-inspector, nor in every runtime. */
  get isPossible(): boolean {
    try {
      hasAnswered ||= this.#stashId() !== '';
      return hasAnswered;
    } catch {
      return false;
    }
  }

  /** Ends the conversation, and with it all debugging. No user code runs before that. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#stash = undefined;
    this.#debugging = false;
  }

  post<Result>(method: string, params?: object): Result {
    const session = this.session;
    let failure: Error | null = null;
    let result: unknown;
    let answered = false;
    (session.post as (method: string, params: object, callback: (error: Error | null, result: unknown) => void) => void).call(
      session,
      method,
      params ?? {},
      (error, value) => {
        failure = error;
        result = value;
        answered = true;
      },
    );
    if (!answered) throw new Error(`this runtime's inspector does not answer at once (${method})`);
    if (failure) throw new Error(`${method}: ${(failure as Error).message}`);
    return result as Result;
  }

  #connect(): Session {
    try {
      const session = new inspector!.Session();
      session.connect();
      return session;
    } catch (cause) {
      this.close();
      throw new Error('cannot be read without node:inspector', { cause });
    }
  }

  /** While `use` runs, STASH_EXPRESSION means `value`. */
  withStashed<T>(value: unknown, use: () => T): T {
    // Where there is no inspector this says so.
    void this.session;
    const home = inspector as unknown as Record<symbol, unknown>;
    const before = home[KEY];
    home[KEY] = value;
    try {
      return use();
    } finally {
      if (before === undefined) delete home[KEY];
      else home[KEY] = before;
    }
  }

  /** What is held, as the inspector knows it. */
  #stashId(): string {
    this.#stash ??= this.#evaluate(STASH_EXPRESSION).objectId as string;
    return this.#stash;
  }

  #evaluate(expression: string): RemoteObject {
    return this.withStashed(this.#held, () => this.post<Answer>('Runtime.evaluate', { expression })).result;
  }

  /** The inspector's handle of a live value. */
  handle(value: unknown): RemoteObject {
    this.#held.value = value;
    // Most bursts read one function: the value itself is asked for, which is a message less.
    if (this.#stash === undefined) return this.#evaluate(`${STASH_EXPRESSION}.value`);
    return this.post<Answer>('Runtime.callFunctionOn', { objectId: this.#stash, functionDeclaration: 'function(){return this.value}' })
      .result;
  }

  /** The live object behind the inspector's handle. */
  liveObject({ objectId }: RemoteObject): unknown {
    const functionDeclaration = `function(){${STASH_EXPRESSION}.value=this}`;
    this.withStashed(this.#held, () => this.post('Runtime.callFunctionOn', { objectId, functionDeclaration }));
    const { value } = this.#held;
    this.#held.value = null;
    return value;
  }

  /** The live values behind the inspector's handles. */
  live(remotes: readonly RemoteObject[]): unknown[] {
    this.post('Runtime.callFunctionOn', {
      objectId: this.#stashId(),
      functionDeclaration: 'function(...values){this.value=values}',
      arguments: remotes.map(asArgument),
    });
    const values = this.#held.value as unknown[];
    this.#held.value = null;
    return values;
  }

  /**
   * Switches the Debugger domain on until the burst ends. Even once, it slows every later `await` of the process by some 14 ns,
   * so it is only for what cannot be read in any other way.
   */
  debug(): Session {
    if (!this.#debugging) {
      this.#stashId();
      this.handle(null);
      this.post('Debugger.enable');
      this.#debugging = true;
    }
    return this.session;
  }

  stopDebugging(): void {
    if (this.#debugging) this.post('Debugger.disable');
    this.#debugging = false;
  }
}

export function asArgument(remote: RemoteObject): RemoteObject {
  if (remote.objectId) return { objectId: remote.objectId };
  return remote.unserializableValue ? { unserializableValue: remote.unserializableValue } : { value: remote.value };
}
