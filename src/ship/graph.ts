/**
 * The structured-cloneable form of a value and everything it reaches: nodes that refer to each other by number, and code texts by hash.
 * Types only: this file costs nothing at run time.
 */

/** Any function or class of the user's. Never called here with arguments of our own. */
export type AnyFunction = ((...args: never) => unknown) & { prototype?: unknown };

/** The number of a node in its graph. */
export type Ref = number;

export interface Graph {
  readonly root: Ref;
  readonly nodes: readonly GraphNode[];
  /** The shipped function whose worker receives this. Values take the classes that came with it. */
  readonly job?: string;
  /** Set in the graph of the shipped function itself: its classes are built anew. */
  readonly makes?: string;
  /** The registered types that a shipped function brings along. */
  readonly types?: readonly TypeEntry[];
  /** The nodes of registered types, those that others are made of first. */
  readonly customs?: readonly Ref[];
}

/** A registered type: its class or its test, and its two functions. */
export interface TypeEntry {
  readonly tag: string;
  readonly type: Ref | null;
  readonly test: Ref | null;
  readonly toPlain: Ref;
  readonly fromPlain: Ref;
}

/** One function's factory text. `line` and `column` place it so that V8 reports the positions of the original file. */
export interface Code {
  readonly text: string;
  readonly filename: string;
  readonly line: number;
  readonly column: number;
  readonly kind: FunctionKind;
  /** How many captures are set after the function exists, because they lead back to it. */
  readonly late: number;
  /** The function's `name`. */
  readonly name: string;
  /** Names of the private fields that the factory gives access to, with their `#`. */
  readonly privates: readonly string[];
}

export type FunctionKind = 'arrow' | 'function' | 'method' | 'class';

/** By content hash. */
export type Codes = Readonly<Record<string, Code>>;

export interface Packed {
  readonly graph: Graph;
  readonly codes: Codes;
}

/** What a function's factory receives for one captured name: a node, or something each side makes for itself. */
export type Capture =
  | Ref
  | { readonly make: 'restoring' }
  | { readonly make: 'importMeta'; readonly url: string }
  /** `root` is set where vite has rewritten the specifiers: they may start at the project's root. */
  | { readonly make: 'import'; readonly url: string; readonly root?: string }
  | { readonly make: 'require'; readonly url: string }
  | { readonly make: 'sink' };

/** A property key: a string, or the node of a symbol. */
export type Key = string | { readonly symbol: Ref };

/** An own property that is not simply writable, enumerable and configurable. `flags`: 1 writable, 2 enumerable, 4 configurable. */
export type SpecialProperty =
  | { readonly key: Key; readonly flags: number; readonly value: Ref }
  | { readonly key: Key; readonly flags: number; readonly get: Ref | null; readonly set: Ref | null };

export const OPEN = 0;
export const SEALED = 1;
export const FROZEN = 2;
export const NOT_EXTENSIBLE = 3;

/** An object's own properties. */
export interface Shape {
  /** The node of its prototype; null when it has the usual one for its kind. */
  readonly prototype: Ref | null;
  /** Keys and nodes in turn. */
  readonly plain: readonly (Key | Ref)[];
  /** From the first special property on all of them, so that their order stays. */
  readonly special: readonly SpecialProperty[];
  readonly integrity: typeof OPEN | typeof SEALED | typeof FROZEN | typeof NOT_EXTENSIBLE;
}

/** Something both sides have, so that only its name travels. */
export type NameNode =
  | { readonly type: 'intrinsic'; readonly name: string }
  /** What this package gives to tasks: every worker has it. */
  | { readonly type: 'own'; readonly name: string }
  | { readonly type: 'builtin'; readonly module: string; readonly path: readonly string[] }
  | RequiredNode
  | ModuleNode;

/** What a CommonJS module exports. */
export interface RequiredNode {
  readonly type: 'required';
  readonly file: string;
  readonly path: readonly string[];
  readonly state?: ModuleState | undefined;
}

/** What a named thing looked like at the call: the worker's own must be like it. */
export interface ModuleState {
  /** The CommonJS file that exports it: then it is the state of all that the file exports. */
  readonly file: string | undefined;
  /** Of a module's namespace, the exports that are used, if it is used for nothing else: then it is their state. */
  readonly members: readonly string[] | undefined;
  /** See module-state.ts; absent for what has nothing to differ in. */
  readonly seen: string | undefined;
  readonly hidden: HiddenSettings | undefined;
}

/** Settings in variables that only the inspector sees. */
export interface HiddenSettings {
  /** A configuring function, and the variables it assigns. */
  readonly variables: readonly (readonly [fn: string, names: readonly string[]])[];
  readonly lines: readonly string[];
}

/** An export of an ES module (`*` is its namespace), imported as code in `parent` would import it. */
export interface ModuleNode {
  readonly type: 'module';
  readonly specifier: string;
  readonly parent: string;
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly state?: ModuleState | undefined;
}

export interface FunctionNode {
  readonly type: 'function';
  readonly code: string;
  readonly captures: readonly Capture[];
  /** An arrow's lexical `this` and `arguments`. */
  readonly self: Ref | null;
  readonly args: Ref | null;
  /** Where a method's `super` looks. */
  readonly superOf: Ref | null;
  /** The identity of a class, by which its instances find their own class on the way back. */
  readonly identity: string | null;
  readonly shape: Shape | null;
  /** Values of private static fields. */
  readonly statics: readonly (readonly [string, Ref])[];
  /** What was added to its prototype object. */
  readonly prototype: Shape | null;
}

export interface ErrorNode {
  readonly type: 'error';
  readonly base: string;
  readonly stack: string | undefined;
  readonly shape: Shape;
}

/** What each worker makes for itself (see per-worker.ts). */
export interface PerWorkerNode {
  readonly type: 'perWorker';
  readonly id: string;
  readonly make: Ref;
  readonly dispose: Ref | null;
}

/** A value of a registered type, in the form that `fromPlain` takes. */
export interface CustomNode {
  readonly type: 'custom';
  readonly tag: string;
  readonly plain: Ref;
}

export interface MapNode {
  readonly type: 'map';
  /** Keys and values in turn. */
  readonly entries: readonly Ref[];
  readonly shape: Shape;
}

export interface SetNode {
  readonly type: 'set';
  readonly items: readonly Ref[];
  readonly shape: Shape;
}

export interface DateNode {
  readonly type: 'date';
  readonly time: number;
  readonly shape: Shape;
}

/** The kinds made empty and filled afterwards, so that cycles close. */
export type GraphNode =
  | NameNode
  | FunctionNode
  | ErrorNode
  | PerWorkerNode
  | CustomNode
  | { readonly type: 'plain'; readonly value: unknown }
  | { readonly type: 'known'; readonly identity: string }
  /** Something that was to travel by name, and whose state there is another: the part with this number of the graph of them all. */
  | { readonly type: 'graft'; readonly graph: Graph; readonly part: number }
  | { readonly type: 'symbol'; readonly id: string; readonly description: string | undefined }
  | { readonly type: 'registeredSymbol'; readonly key: string }
  | { readonly type: 'bound'; readonly target: Ref; readonly self: Ref; readonly args: readonly Ref[]; readonly shape: Shape | null }
  | { readonly type: 'proxy'; readonly target: Ref; readonly handler: Ref }
  | { readonly type: 'prototypeOf'; readonly constructor: Ref }
  /** A method or accessor as the text of its class has it. */
  | { readonly type: 'member'; readonly of: Ref; readonly isStatic: boolean; readonly key: Key; readonly part: 'value' | 'get' | 'set' }
  | { readonly type: 'cell'; readonly value: Ref }
  | { readonly type: 'array'; readonly length: number; readonly shape: Shape }
  | { readonly type: 'object'; readonly shape: Shape }
  | MapNode
  | SetNode
  | DateNode
  | { readonly type: 'regexp'; readonly source: string; readonly flags: string; readonly lastIndex: number; readonly shape: Shape }
  | { readonly type: 'boxed'; readonly value: Ref; readonly shape: Shape }
  | { readonly type: 'weakMap'; readonly entries: readonly (readonly [Ref, Ref])[]; readonly shape: Shape }
  | { readonly type: 'weakSet'; readonly items: readonly Ref[]; readonly shape: Shape }
  /** A typed array, a DataView or a Buffer. */
  | {
      readonly type: 'view';
      readonly kind: string;
      readonly buffer: Ref;
      readonly offset: number;
      readonly length: number;
      readonly prototype: Ref | null;
    }
  /** An instance of a global class, made by its constructor. */
  | { readonly type: 'made'; readonly kind: 'URL' | 'URLSearchParams' | 'TextEncoder' | 'TextDecoder'; readonly args: readonly unknown[] }
  | { readonly type: 'domException'; readonly name: string; readonly message: string; readonly stack: string | undefined }
  | { readonly type: 'intl'; readonly kind: string; readonly options: { readonly locale: string } }
  /** An instance of a class with private members, made without running its constructor. */
  | {
      readonly type: 'instance';
      readonly constructor: Ref;
      readonly privates: readonly (readonly [string, Ref])[];
      /** What it holds beside properties, when its class extends Map, Set, Date or Error. */
      readonly content: ErrorNode | MapNode | SetNode | DateNode | null;
      readonly shape: Shape;
    };

/** A type whose fields may still be filled in: what the packer writes while a node is being made. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };
