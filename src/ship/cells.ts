/** Variables that several shipped functions share, and at least one assigns, become cells `{ $ }`. */
import { sharing } from './breakpoint-conditions.ts';
import type { Captured, FunctionRecord } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import { type FunctionScope, isModuleScope, UNINITIALISED, variable } from './scopes.ts';

/** One function's view of one scope. V8 gives each function copies of its scopes, without identity. */
interface View {
  readonly record: FunctionRecord;
  readonly scope: FunctionScope;
  readonly captures: Map<string, Captured>;
}

export function packCells(packer: Packer): void {
  shareGiven(packer);
  for (const views of viewsByPlace(packer.functions).values()) {
    const written = new Set(views.flatMap((view) => [...view.captures.values()].filter((one) => one.written).map((one) => one.name)));
    let left = views.filter((view) => [...view.captures.keys()].some((name) => written.has(name)));
    // A class cannot be called to be looked into, if there is something else.
    left = [...left.filter((view) => !view.record.shape), ...left.filter((view) => view.record.shape)];
    while (left.length > 1) {
      const [first, ...others] = left as [View, ...View[]];
      const same = sharersOf(packer, first, others, written);
      for (const name of written) {
        shareVariable(
          packer,
          [first, ...same].flatMap((view) => view.captures.get(name) ?? []),
        );
      }
      left = others.filter((view) => !same.includes(view));
    }
  }
}

/** The names of the option `with` are one scope for all functions that find them. */
function shareGiven(packer: Packer): void {
  const given = packer.functions.flatMap((record) => record.captures.filter((capture) => capture.isGiven));
  for (const name of new Set(given.filter((capture) => capture.written).map((capture) => capture.name))) {
    shareVariable(
      packer,
      given.filter((capture) => capture.name === name),
    );
  }
}

/** Views that may be of one scope: same script, same depth, same kind. */
function viewsByPlace(records: readonly FunctionRecord[]): Map<string, View[]> {
  const places = new Map<string, Map<FunctionScope, View>>();
  for (const record of records) {
    const { scopes, scriptId } = record.facts;
    for (const capture of record.captures) {
      if (!capture.scope || typeof capture.value !== 'number') continue;
      const place = `${scriptId} ${scopes.length - scopes.indexOf(capture.scope)} ${capture.scope.type}`;
      const views = places.get(place) ?? new Map<FunctionScope, View>();
      places.set(place, views);
      const view = views.get(capture.scope) ?? { record, scope: capture.scope, captures: new Map() };
      views.set(capture.scope, view);
      view.captures.set(capture.name, capture);
    }
  }
  return new Map([...places].map(([place, views]) => [place, [...views.values()]]));
}

function sharersOf(packer: Packer, first: View, others: readonly View[], written: ReadonlySet<string>): View[] {
  const alike = others.filter((other) => looksAlike(first, other));
  const isOutermost = first.scope === first.record.facts.scopes.at(-1);
  const name = [...first.captures.keys()].find((captured) => written.has(captured));
  if (alike.length === 0 || isOutermost || name === undefined) return alike;
  // Equal values all the way out may be one activation of a function, or two alike: only V8 can tell.
  try {
    const functions = sharing(
      packer.probe,
      callable(first.record),
      name,
      alike.map((view) => view.record.fn),
    );
    return alike.filter((view) => functions.includes(view.record.fn));
  } catch {
    const [one, other] = [first.record, alike[0]!.record];
    const text = `\`${one.name}\` (${one.place()}) and \`${other.name}\` are taken to share \`${name}\`, because nothing tells their variables apart`;
    packer.warnings.push({ code: 'ALLCORES_SHARING', text });
    return alike;
  }
}

/** A function that closes over what the record's does: of a class, one of its methods. */
function callable({ fn, shape }: FunctionRecord): object {
  if (!shape) return fn;
  const members = [fn.prototype as object, fn].flatMap((holder) => Object.entries(Object.getOwnPropertyDescriptors(holder)));
  return members.find(([key, { value }]) => key !== 'constructor' && typeof value === 'function')?.[1].value ?? fn;
}

function shareVariable(packer: Packer, captures: readonly Captured[]): void {
  const [first] = captures;
  if (captures.length < 2 || typeof first?.value !== 'number') return;
  const cell = packer.add({ type: 'cell', value: first.value });
  for (const capture of captures) {
    capture.value = cell;
    capture.cell = true;
    capture.late = false;
  }
}

function looksAlike(one: View, other: View): boolean {
  const outward = ({ record: { facts }, scope }: View) => facts.scopes.slice(facts.scopes.indexOf(scope));
  const [mine, theirs] = [outward(one), outward(other)];
  if (mine.length !== theirs.length) return false;
  return mine.every((scope, index) => {
    const counterpart = theirs[index] as FunctionScope;
    if (scope.type !== counterpart.type) return false;
    if (isModuleScope(scope) || index === mine.length - 1) return true;
    const [values, others] = [valuesOf(scope), valuesOf(counterpart)];
    return values.length === others.length && values.every((value, at) => Object.is(value, others[at]));
  });
}

function valuesOf(scope: FunctionScope): unknown[] {
  return Object.getOwnPropertyNames(scope.variables).map((name) => variable(scope, name) ?? UNINITIALISED);
}
