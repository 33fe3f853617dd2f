/** Refusing what cannot travel: the message names the variable, who captures it, where, why, and the way out. */
import { NotShippableError } from '../errors.ts';
import { builtinInstance, classNameOf } from './builtin-reasons.ts';
import { inEachWorker, type Reason, reasons } from './reasons.ts';
import { threwInType } from './rebuild-custom.ts';

export { builtinInstance, onlyToThreads } from './builtin-reasons.ts';
export { type Reason, reasons, unparsable, unreadableThis } from './reasons.ts';

/** How a value was reached: from the shipped function inwards. */
export interface Trail {
  readonly up: Trail | null;
  /** `.name`, `[3]`, or the variable's name where `owner` is set. */
  readonly key: string;
  /** The object the key was read from; a method finds its `super` there. */
  readonly holder?: object | undefined;
  /** The function that captures the variable `key`. */
  readonly owner?: Capturer | undefined;
}

export interface Capturer {
  readonly name: string;
  /** `file.ts:12:14`. A function, because finding it may cost a source map. */
  readonly place: () => string;
  /** Which parts of its variables it uses. */
  readonly analysis: { readonly free: ReadonlyMap<string, UsedParts>; readonly thisUse: UsedParts };
}

interface UsedParts {
  readonly paths: ReadonlySet<string>;
}

/** A refusal as data. */
export interface Refusal {
  /** `db.pool[0].socket`; empty for the function itself. */
  readonly path: string;
  /** The function that captures it, and where that is. */
  readonly capturedBy: string | undefined;
  readonly place: string | undefined;
  /** Completes "it …". */
  readonly why: string;
  readonly advice: string;
}

const refusals = new WeakMap<Error, Refusal>();

/** What an error of `refuse` says, in parts. */
export function refusalOf(error: Error): Refusal | undefined {
  return refusals.get(error);
}

export function refuse(trail: Trail | null, reason: Reason): never {
  // The class of an object is Node's own: it is the object that cannot travel.
  if (reason === reasons.internalOfNode && trail?.key === '.constructor' && trail.holder) {
    const { name } = (trail.holder as { constructor: { name: string } }).constructor;
    return refuse(trail.up?.key === '.__proto__' ? trail.up.up : trail.up, builtinInstance(name));
  }
  const { why } = reason;
  const advice = adviceFor(trail, reason);
  const error = new NotShippableError(`Cannot ship ${subjectOf(trail)}: it ${why}. ${advice}`);
  const { path, variable } = pathOf(trail);
  refusals.set(error, { path, capturedBy: variable?.owner.name, place: variable?.owner.place(), why, advice });
  throw error;
}

/** A function of a registered type threw. `cause` is the user's own. */
export function refuseType(trail: Trail | null, tag: string, name: 'test' | 'toPlain', cause: unknown): never {
  throw new NotShippableError(`Cannot ship ${subjectOf(trail)}: ${threwInType(tag, name, cause)}`, { cause });
}

export function step(up: Trail | null, key: string, holder?: object): Trail {
  return { up, key, holder };
}

/** The captured variable that a path begins with. */
export function captureOf(trail: Trail | null): Trail | null {
  let at = trail;
  while (at?.up && !at.owner) at = at.up;
  return at;
}

/** `` `db.pool[0].socket` (captured by `h` at file.ts:116:14, itself captured as `h` by `main`) ``. */
export function subjectOf(trail: Trail | null): string {
  const { path, variable } = pathOf(trail);
  if (!variable) return path ? `\`${path}\`` : 'this value';
  const captured = `captured by \`${variable.owner.name}\` at ${variable.owner.place()}`;
  let outer = variable.up;
  while (outer && !outer.owner) outer = outer.up;
  return `\`${path}\` (${captured}${outer?.owner ? `, itself captured as \`${outer.key}\` by \`${outer.owner.name}\`` : ''})`;
}

/** Names the function that gave a result which was refused where it ran: only here is its place in the source known. */
export function nameGiver(error: Error, index: number, giver: string): void {
  const { message } = error;
  const start = new RegExp(`^Cannot ship \`the result of items\\[${index}\\][^\`]*\`(?=: )`).exec(message)?.[0];
  if (start === undefined) return;
  error.message = `${start} (returned by ${giver})${message.slice(start.length)}`;
  if (typeof error.stack === 'string') error.stack = error.stack.replace(message, () => error.message);
}

/** A captured variable on the way to what cannot travel. */
type Variable = Trail & { readonly owner: Capturer };

/** The path from the innermost captured variable on, or from the label. `rest` is what follows the variable. */
function pathOf(trail: Trail | null): { path: string; rest: string; variable: Variable | undefined } {
  let rest = '';
  for (let at = trail; at; at = at.up) {
    if (at.owner) return { path: at.key + rest, rest, variable: at as Variable };
    rest = at.key + rest;
  }
  return { path: rest, rest, variable: undefined };
}

function adviceFor(trail: Trail | null, reason: Reason): string {
  const { path, rest, variable } = pathOf(trail);
  const general = typeof reason.advice === 'string' ? reason.advice : reason.advice(identifierOf(trail, variable));
  if (!variable) {
    // What a task gives back was made inside it: advice for captures would mislead.
    const isGiven = /^(the (result|error) of|what the task of) /.test(path);
    return (isGiven ? (reason.forResult ?? general) : reason.forItem) ?? general;
  }
  return (
    (reason.isLive ? undefined : copyAdvice(variable, rest)) ??
    (reason.isState ? instanceAdvice(trail, variable, reason.why) : undefined) ??
    general
  );
}

const PARTS_NAMED = 3;

/** Where the function uses only other parts of the variable, these can travel by themselves. */
function copyAdvice({ key, owner }: Variable, rest: string): string | undefined {
  const all = [...((key === 'this' ? owner.analysis.thisUse : owner.analysis.free.get(key))?.paths ?? [''])];
  const parts = all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
  if (parts.some((path) => isWithin(rest, path))) return undefined;
  const used = parts.slice(0, PARTS_NAMED).map((path) => `\`${key}${path}\``);
  const consts = parts.slice(0, PARTS_NAMED).map((path) => `const ${path.split('.').at(-1)} = ${key}${path};`);
  const more = parts.length > PARTS_NAMED ? ' and others' : '';
  return `\`${owner.name}\` uses only ${used.join(', ')}${more}: copy ${parts.length > 1 ? 'them' : 'it'} to a const first (\`${consts.join(' ')}\`), and use that.`;
}

/** `.body.id` is within `.body`, and all is within the empty path. */
function isWithin(path: string, part: string): boolean {
  return path === part || (path.startsWith(part) && (part === '' || /^[.[]/.test(path.slice(part.length))));
}

/** What is inside a client, a logger, a service: the whole is made in each worker. */
function instanceAdvice(trail: Trail | null, variable: Variable, why: string): string | undefined {
  const name = outermostClass(trail, variable);
  // A file handle keeps a handle of the same name, and its class is not for users to construct.
  if (name === undefined || why.startsWith(`is a ${name},`)) return undefined;
  const own = identifierOf(trail, variable);
  const prints = /log(ger)?s?$/i.test(own) || /log(ger)?$/i.test(name);
  const otherwise = prints ? ' Or call console.log: what a task prints arrives here.' : '';
  return `It is part of a ${name}. ${inEachWorker(own, `new ${name}(…)`)}${otherwise}`;
}

/** The class of the outermost object on the way that is an instance of one, from the variable on. */
function outermostClass(trail: Trail | null, variable: Variable): string | undefined {
  let found: string | undefined;
  for (let at = trail; at && at !== variable; at = at.up) found = (at.holder && classNameOf(at.holder)) ?? found;
  return found;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** What to call what each worker makes: as the variable, or, behind a compiler's name for a module, as its export. */
function identifierOf(trail: Trail | null, variable: Variable | undefined): string {
  if (!variable) return 'value';
  if (variable.key === 'this') {
    const name = outermostClass(trail, variable);
    return name ? name[0]!.toLowerCase() + name.slice(1) : 'own';
  }
  if (!/^(__vi|import_)|_\d+$/.test(variable.key)) return IDENTIFIER.test(variable.key) ? variable.key : 'value';
  let inner = trail;
  while (inner && inner.up !== variable) inner = inner.up;
  const name = inner?.key.slice(1) ?? '';
  return IDENTIFIER.test(name) ? name : 'value';
}
