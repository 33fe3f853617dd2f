/**
 * A trick that nothing else can do: enters a class of this thread by conditional breakpoints, which run our code in its scope. There private
 * fields can be written, and there an object has its private members before the constructor's body has begun. The condition asks for the
 * call's end and answers no, so that nothing is ever paused, not even for a debugger that is attached.
 */

import { standIn, standIns } from './breakpoint-conditions.ts';
import { textOf } from './class-shape.ts';
import { analyze } from './free-variables.ts';
import { STASH_EXPRESSION } from './inspector-burst.ts';
import { type Constructor, type PrivateAccess, privateAccessText } from './restoring.ts';
import { Probe, type ScriptFunction } from './scopes.ts';

interface Place {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What conditions find in the stash. */
interface Stash {
  readonly call: () => void;
  /** Ends the call at hand at once. */
  stop(): false;
  /** The object under construction; those of other classes are left alone. */
  take(object: object): false;
  access?: PrivateAccess;
}

export class ClassEntry {
  readonly #probe = new Probe();
  /** The class whose constructor has breakpoints now, and their ids. */
  #guarded: object | undefined;
  #breakpoints: string[] = [];

  close(): void {
    this.#probe.burst.close();
  }

  /** What reads and writes the private fields of one class. */
  privateAccess(classValue: Constructor, fields: readonly string[]): PrivateAccess {
    const condition = `${STASH_EXPRESSION}.access=${privateAccessText(fields)},${STASH_EXPRESSION}.stop()`;
    this.#guarded = undefined;
    for (const { start, end, call } of this.#waysInto(classValue)) {
      this.#arm(start, end, condition);
      const { access } = this.#run(call);
      if (access) return access;
    }
    throw new Error(
      `an instance of ${classValue.name} cannot be restored: no code of the class can be entered to reach its private fields`,
    );
  }

  /** An instance of `newTarget` with the private members of the class, whose constructor ends as soon as they are there. */
  construct(classValue: Constructor, newTarget: Constructor): object {
    if (this.#guarded !== classValue) this.#arm(this.#placeOf(classValue), undefined, `${STASH_EXPRESSION}.take(this)`);
    this.#guarded = classValue;
    const { taken, error } = this.#run(() => Reflect.construct(classValue, standIns(), newTarget), newTarget.prototype);
    if (taken) return taken;
    throw new Error(`an instance of ${classValue.name} cannot be restored: its constructor did not get as far as its private members`, {
      cause: error,
    });
  }

  /** Functions of the class to enter, in the order of promise. Each ends at its first statement. */
  *#waysInto(classValue: Constructor): Generator<{ start: Place; end?: Place; call: () => void }> {
    const construct = () => Reflect.construct(classValue, standIns());
    yield { start: this.#placeOf(classValue), call: construct };
    const [start, end] = this.#extentOf(classValue);
    for (const holder of [classValue.prototype, classValue]) {
      for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(holder))) {
        for (const fn of [get, set, value]) {
          if (typeof fn !== 'function' || fn === classValue || !this.#isWithin(fn, start, end)) continue;
          yield { start: this.#placeOf(fn), call: () => Reflect.apply(fn, standIn, standIns()) };
        }
      }
    }
    // What is left are field initialisers.
    yield { start, end, call: construct };
  }

  #placeOf(fn: object): Place {
    const { scriptId, line, column } = this.#probe.facts(fn) as ScriptFunction;
    return { scriptId, lineNumber: line, columnNumber: column };
  }

  #isWithin(fn: object, start: Place, end: Place): boolean {
    const facts = this.#probe.facts(fn);
    if (facts.type !== 'script' || facts.scriptId !== start.scriptId) return false;
    const isAfter = (place: Place) =>
      facts.line > place.lineNumber || (facts.line === place.lineNumber && facts.column >= place.columnNumber);
    return isAfter(start) && !isAfter(end);
  }

  /** Where the class's text starts and ends in its script. */
  #extentOf(classValue: object): [start: Place, end: Place] {
    const text = textOf(classValue);
    const { origin } = analyze(text);
    const at = this.#placeOf(classValue);
    const linesBefore = text.slice(0, origin).split('\n').length - 1;
    // Of a first line that stands above, the column is not known, and need not be.
    const start = { ...at, lineNumber: at.lineNumber - linesBefore, columnNumber: linesBefore > 0 ? 0 : at.columnNumber - origin };
    const lines = text.split('\n');
    const lastColumn = lines.at(-1)!.length + (lines.length === 1 ? start.columnNumber : 0);
    return [start, { ...start, lineNumber: start.lineNumber + lines.length - 1, columnNumber: lastColumn }];
  }

  /** Breakpoints at all places of a function, or of an extent. */
  #arm(start: Place, end: Place | undefined, condition: string): void {
    const { burst } = this.#probe;
    burst.debug();
    for (const breakpointId of this.#breakpoints) burst.post('Debugger.removeBreakpoint', { breakpointId });
    this.#breakpoints = [];
    const { locations } = burst.post<{ locations: readonly Place[] }>('Debugger.getPossibleBreakpoints', {
      start,
      end,
      restrictToFunction: end === undefined,
    });
    for (const location of locations) {
      this.#breakpoints.push(burst.post<{ breakpointId: string }>('Debugger.setBreakpoint', { location, condition }).breakpointId);
    }
  }

  #run(
    call: () => void,
    prototype?: unknown,
  ): { readonly access: PrivateAccess | undefined; readonly taken: object | undefined; readonly error: unknown } {
    const { burst } = this.#probe;
    const { session } = burst;
    let taken: object | undefined;
    let error: unknown;
    const stash: Stash = {
      call() {
        try {
          call();
        } catch (thrown) {
          error = thrown;
        }
      },
      stop() {
        session.post('Runtime.terminateExecution');
        return false;
      },
      take(object) {
        if (Object.getPrototypeOf(object) !== prototype) return false;
        taken = object;
        return this.stop();
      },
    };
    // A breakpoint or a `debugger` statement in a field initialiser is nobody's to resume but ours.
    const onPaused = () => session.post('Debugger.resume');
    session.on('Debugger.paused', onPaused);
    try {
      // Only Runtime.evaluate contains the termination.
      burst.withStashed(stash, () => session.post('Runtime.evaluate', { expression: `${STASH_EXPRESSION}.call()`, silent: true }));
    } finally {
      session.off('Debugger.paused', onPaused);
    }
    return { access: stash.access, taken, error };
  }
}
