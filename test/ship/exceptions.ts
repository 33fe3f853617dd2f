/** Native cases that do not pass in some mode or place, each with its reason. One that passes nevertheless fails its test. */
import type { Mode } from './modes.ts';
import type { Place } from './remote.native.mjs';

export interface Exception {
  /** Theme and name. */
  readonly case: readonly [theme: string, name: string];
  readonly reason: string;
  /** Where it does not pass; everywhere when not given. */
  readonly modes?: readonly Mode[];
  readonly place?: Place;
  /** The Node versions on which it does not pass. */
  readonly nodes?: (major: number) => boolean;
}

const throughDoors = 'through the doors of the package';
const underVitest: readonly Mode[] = ['as vitest transforms them'];

export const exceptions: readonly Exception[] = [
  {
    case: ['modules', 'imported module keeps its own state per worker'],
    modes: underVitest,
    reason: "what vitest has transformed travels by value, and a module's state with it",
  },
  {
    case: ['modules', 'exports in every form travel by name'],
    modes: underVitest,
    reason: 'what vitest has transformed travels by value',
  },
  {
    case: ['instances', 'none of this needs the debugger'],
    modes: underVitest,
    place: 'thread',
    reason: 'only the debugger knows the source of what vitest has transformed; once read it is kept',
  },
  {
    case: ['constants', 'the inspector is asked nothing about a known function of constants'],
    modes: underVitest,
    reason: 'what vitest has transformed is no module to V8, so that it cannot be told which variables are constants',
  },
  {
    case: ['language', 'an instance of an imported class with private members as argument alone'],
    modes: ['on the main thread', 'inside a worker thread', 'under --import tsx', throughDoors],
    reason: 'the function finds the class by its name, and only a class that travels can have its private members set',
  },
  ...(
    [
      ['scopes', 'shared counter: closures share one variable'],
      ['scopes', 'warning: a captured array is changed'],
      ['language', 'the second call sends no code again'],
    ] as const
  ).map((one): Exception => ({ case: one, modes: [throughDoors], reason: 'warnings and sent codes are asked of what ships' })),
  ...['using and await using', 'a variable declared by using is captured, and hides others'].map(
    (name): Exception => ({ case: ['language', name], nodes: (version) => version < 24, reason: 'Node has `using` from version 24 on' }),
  ),
];

const major = Number(process.versions.node.split('.')[0]);

export function exceptionFor(mode: Mode, place: Place, theme: string, name: string): Exception | undefined {
  return exceptions.find(
    (one) =>
      one.case[0] === theme &&
      one.case[1] === name &&
      (one.modes?.includes(mode) ?? true) &&
      (one.place ?? place) === place &&
      (one.nodes?.(major) ?? true),
  );
}
