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
  #stash = '';
  readonly #held: { value: unknown } = { value: null };
  #debugging = false;

  get session(): Session {
    this.#session ??= this.#connect();
    return this.#session;
  }

  /** Whether there is an inspector that answers: not under --permission without --allow-inspector, nor in every runtime. */
  get isPossible(): boolean {
    try {
      hasAnswered ||= this.session !== undefined;
      return hasAnswered;
    } catch {
      return false;
    }
  }

  /** Ends the conversation, and with it all debugging. No user code runs before that. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
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
      this.#session = session;
      this.#stash = this.withStashed(this.#held, () => this.post<Answer>('Runtime.evaluate', { expression: STASH_EXPRESSION })).result
        .objectId as string;
      return session;
    } catch (cause) {
      this.close();
      throw new Error('cannot be read without node:inspector', { cause });
    }
  }

  /** While `use` runs, STASH_EXPRESSION means `value`. */
  withStashed<T>(value: unknown, use: () => T): T {
    const home = inspector as unknown as Record<symbol, unknown>;
    home[KEY] = value;
    try {
      return use();
    } finally {
      delete home[KEY];
    }
  }

  /** The inspector's handle of a live value. */
  handle(value: unknown): RemoteObject {
    void this.session;
    this.#held.value = value;
    return this.post<Answer>('Runtime.callFunctionOn', { objectId: this.#stash, functionDeclaration: 'function(){return this.value}' })
      .result;
  }

  /** The live values behind the inspector's handles. */
  live(remotes: readonly RemoteObject[]): unknown[] {
    this.post('Runtime.callFunctionOn', {
      objectId: this.#stash,
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
