/**
 * A trick that nothing else can do: reads an arrow's lexical `this`, and finds out whether two closures share one variable. The condition
 * of a breakpoint is evaluated inside the function, and ends the call before its body runs. Nothing pauses, so that no other debugger
 * of this thread has to resume.
 */
import { type Burst, inspector, STASH_EXPRESSION } from './inspector-burst.ts';
import { lookUp, type Probe, type ScriptFunction } from './scopes.ts';

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

const KEY = 'allcores.look';
const STAND_INS = 64;
const FIRST_PLACES = 16;

/** Can a debugger be attached from outside? */
export function hasOpenPort(): boolean {
  return inspector?.url() !== undefined;
}

/** An arrow function's lexical `this`. Throws an error that says why it cannot be read. */
export function lexicalThis(probe: Probe, arrow: object): unknown {
  return inside(probe, arrow, 'this', (self) => self);
}

/** Which of `others` close over the very variable `name` that `fn` does: it holds a token for a moment, and they are asked again. */
export function sharing(probe: Probe, fn: object, name: string, others: readonly object[]): object[] {
  return inside(probe, fn, `function(){${name}=arguments[0]}`, (assign: (value: unknown) => void) => {
    const token = {};
    const holdsToken = (other: object) => {
      const facts = probe.readAgain(other);
      return facts.type === 'script' && lookUp(facts.scopes, name)?.value === token;
    };
    const before = lookUp((probe.facts(fn) as ScriptFunction).scopes, name)?.value;
    assign(token);
    try {
      return others.filter(holdsToken);
    } finally {
      assign(before);
    }
  });
}

/** What `look` makes of an expression's value inside the function. */
function inside<Seen, T>(probe: Probe, fn: object, expression: string, look: (seen: Seen) => T): T {
  const { burst } = probe;
  const session = burst.debug();
  let found: { readonly value: T } | undefined;
  const takeALook = (seen: Seen) => {
    try {
      found ??= { value: look(seen) };
    } finally {
      // The call ends when the condition has been evaluated. No code of ours may follow: it would be what ends.
      session.post('Runtime.terminateExecution');
    }
  };
  // A function inherits the key whatever its realm is, and whatever names its surroundings declare.
  const home = functionPrototypeOf(fn);
  Object.defineProperty(home, KEY, { value: takeALook, configurable: true });
  const condition = `(()=>{})[${JSON.stringify(KEY)}](${expression}),false`;
  const places = placesIn(probe, fn);
  try {
    // A long function has hundreds of places, at milliseconds each, and is nearly always stopped at the first.
    withConditions(burst, places.slice(0, FIRST_PLACES), condition, () => call(burst, fn));
    if (!found && places.length > FIRST_PLACES) withConditions(burst, places, condition, () => call(burst, fn));
  } finally {
    delete (home as { [KEY]?: unknown })[KEY];
  }
  if (!found) throw new Error('cannot be read');
  return found.value;
}

/** `Function.prototype` of the function's own realm; whatever is put in between belongs to the user. */
function functionPrototypeOf(fn: object): object {
  let found: object = fn;
  for (let next = Object.getPrototypeOf(found); Object.getPrototypeOf(next) !== null; next = Object.getPrototypeOf(next)) found = next;
  return found;
}

/** Where V8 can stop in a function, in the order of the text. With a default parameter the body can be entered past the first. */
function placesIn(probe: Probe, fn: object): readonly Location[] {
  const { scriptId, line, column } = probe.facts(fn) as ScriptFunction;
  const start: Location = { scriptId, lineNumber: line, columnNumber: column };
  const options = { start, restrictToFunction: true };
  return probe.burst.post<{ locations: readonly Location[] }>('Debugger.getPossibleBreakpoints', options).locations;
}

function withConditions(burst: Burst, places: readonly Location[], condition: string, use: () => void): void {
  const set: string[] = [];
  try {
    for (const { scriptId, lineNumber, columnNumber } of places) {
      const location = { scriptId, lineNumber, columnNumber };
      set.push(burst.post<{ breakpointId: string }>('Debugger.setBreakpoint', { location, condition }).breakpointId);
    }
    use();
  } finally {
    for (const breakpointId of set) burst.post('Debugger.removeBreakpoint', { breakpointId });
  }
}

function call(burst: Burst, fn: object): void {
  const bound = Function.prototype.bind.call(fn as () => unknown, undefined, ...standIns());
  // Only Runtime.evaluate contains the termination: callFunctionOn would let it kill its caller.
  burst.withStashed(bound, () =>
    burst.session.post('Runtime.evaluate', { expression: `{const f=${STASH_EXPRESSION};f()}`, silent: true }, () => {}),
  );
}

/** An argument that no parameter pattern chokes on, so that no default is evaluated. */
export const standIn: object = new Proxy(() => {}, {
  get: (_, key) => {
    if (key === Symbol.iterator) return () => standIns()[Symbol.iterator]();
    if (key === Symbol.toPrimitive) return () => 0;
    return key === 'then' || key === 'catch' ? undefined : standIn;
  },
  apply: () => standIn,
  construct: () => standIn,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
});

export function standIns(): unknown[] {
  return new Array(STAND_INS).fill(standIn);
}
