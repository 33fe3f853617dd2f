/**
 * A trick that nothing else can do: reads an arrow's lexical `this`, and finds out whether two closures share one variable.
 * The function is entered by the debugger and terminated at the first place where V8 can stop, so its body never runs.
 */
import inspector from 'node:inspector';
import { asArgument, type Burst, type RemoteObject, STASH_EXPRESSION } from './inspector-burst.ts';
import { lookUp, type Probe, type ScriptFunction } from './scopes.ts';

interface CallFrame {
  readonly callFrameId: string;
  readonly location: { readonly scriptId: string };
  readonly functionLocation?: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
  readonly scopeChain: readonly { readonly type: string; readonly object: RemoteObject }[];
}

const STEPS_AT_MOST = 30;
const STAND_INS = 64;

/** An arrow function's lexical `this`. Throws an error that says why it cannot be read. */
export function lexicalThis(probe: Probe, arrow: object): unknown {
  return inside(probe, arrow, (burst, frame) => {
    // The frame's own `this` is wrong for async arrows, an evaluated one is right.
    const answer = burst.post<{ result: RemoteObject }>('Debugger.evaluateOnCallFrame', {
      callFrameId: frame.callFrameId,
      expression: 'this',
    });
    return burst.live([answer.result])[0];
  });
}

/** Which of `others` close over the very variable `name` that `fn` does: it holds a token for a moment, and they are asked again. */
export function sharing(probe: Probe, fn: object, name: string, others: readonly object[]): object[] {
  return inside(probe, fn, (burst, frame) => {
    const holds = ({ type, object }: CallFrame['scopeChain'][number]) =>
      type !== 'local' && type !== 'global' && Object.hasOwn(burst.live([object])[0] as object, name);
    const scopeNumber = frame.scopeChain.findIndex(holds);
    const assign = (value: unknown) =>
      burst.post('Debugger.setVariableValue', {
        callFrameId: frame.callFrameId,
        scopeNumber,
        variableName: name,
        newValue: asArgument(burst.handle(value)),
      });
    const holdsToken = (other: object) => {
      const facts = probe.readAgain(other);
      return facts.type === 'script' && lookUp(facts.scopes, name)?.value === token;
    };
    const before = lookUp((probe.facts(fn) as ScriptFunction).scopes, name)?.value;
    const token = {};
    assign(token);
    try {
      return others.filter(holdsToken);
    } finally {
      assign(before);
    }
  });
}

function inside<T>(probe: Probe, fn: object, look: (burst: Burst, frame: CallFrame) => T): T {
  // A client attached through an open port would be paused, too.
  if (inspector.url()) throw new Error('cannot be read while a debugger port is open');
  const facts = probe.facts(fn) as ScriptFunction;
  const { burst } = probe;
  const session = burst.debug();
  let found: { readonly value: T } | undefined;
  let steps = 0;
  let ownScript: string | undefined;
  const isOurs = ({ functionLocation: at }: CallFrame) =>
    at !== undefined && at.scriptId === facts.scriptId && at.lineNumber === facts.line && at.columnNumber === facts.column;
  const onPaused = ({ params }: { params: { callFrames: readonly CallFrame[] } }) => {
    ownScript ??= params.callFrames[0]?.location.scriptId;
    if (!params.callFrames.some(({ location }) => location.scriptId === ownScript)) {
      // The call is over already, and this is the host's own code, which must not be terminated.
      session.post('Debugger.resume');
      return;
    }
    const frame = params.callFrames.find(isOurs);
    steps += 1;
    if (!frame && steps <= STEPS_AT_MOST) {
      session.post('Debugger.stepInto');
      return;
    }
    try {
      if (frame) found = { value: look(burst, frame) };
    } finally {
      session.post('Debugger.resume', { terminateOnResume: true });
    }
  };
  session.on('Debugger.paused', onPaused as never);
  const call = Function.prototype.bind.call(fn as () => unknown, undefined, ...new Array(STAND_INS).fill(standIn));
  try {
    // Only Runtime.evaluate contains the termination: callFunctionOn would let it kill its caller.
    burst.withStashed(call, () =>
      session.post('Runtime.evaluate', { expression: `{const f=${STASH_EXPRESSION};debugger;f()}`, silent: true }, () => {}),
    );
  } finally {
    session.off('Debugger.paused', onPaused as never);
  }
  if (!found) throw new Error('cannot be read');
  return found.value;
}

/** An argument that no parameter pattern chokes on, so that no default is evaluated. */
const standIn: object = new Proxy(() => {}, {
  get: (_, key) => {
    if (key === Symbol.iterator) return () => new Array(STAND_INS).fill(standIn)[Symbol.iterator]();
    if (key === Symbol.toPrimitive) return () => 0;
    return key === 'then' || key === 'catch' ? undefined : standIn;
  },
  apply: () => standIn,
  construct: () => standIn,
  ownKeys: () => [],
  getOwnPropertyDescriptor: () => undefined,
});
