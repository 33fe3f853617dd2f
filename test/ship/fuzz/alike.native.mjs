// Are two graphs alike? One walks both at once, and what meets once must meet always.
import { types } from 'node:util';

const PARTS = Symbol.for('parts of the proxy');

/** Everything the language itself brings along: in every copy it is the very same. */
const intrinsics = reachable(
  [Buffer, Int8Array, async () => {}, function* () {}, async function* () {}].flatMap((value) => [value, Object.getPrototypeOf(value)]),
);

function reachable(starts) {
  const found = new Set();
  let next = [...starts, ...Object.values(Object.getOwnPropertyDescriptors(globalThis)).map(({ value }) => value)];
  for (let depth = 0; depth < 4; depth += 1) {
    const values = next.filter((value) => isObject(value) && value !== globalThis && !found.has(value));
    for (const value of values) found.add(value);
    next = values.flatMap((value) =>
      Object.values(Object.getOwnPropertyDescriptors(value)).flatMap(({ value, get, set }) => [value, get, set]),
    );
  }
  return found;
}

/** Throws an error that says where two graphs differ. With `isHome`, classes that went and came back are the very same. */
export async function mustBeAlike(original, copy, { isHome = false } = {}) {
  await new Comparison(isHome).compare(original, copy);
}

class Comparison {
  #isHome;
  #pairs = new Map();
  #reverse = new Map();
  #waiting = [];
  #weak = [];
  #views = [];

  constructor(isHome) {
    this.#isHome = isHome;
  }

  async compare(original, copy) {
    this.pair(original, copy, 'root');
    do await this.#finish();
    while (this.#weakFound());
    this.#memory();
  }

  /** Views travel with the bytes they show: what overlaps is shared, and all of a buffer that is in the graph itself. */
  #memory() {
    for (const [index, [one, other, path]] of this.#views.entries()) {
      const whole = this.#pairs.get(one.buffer);
      if (whole && (whole !== other.buffer || one.byteOffset !== other.byteOffset)) differ(path, 'it is no view of its buffer any more');
      for (const [mine, its, at] of this.#views.slice(0, index)) {
        const overlap =
          mine.buffer === one.buffer && mine.byteOffset < end(one) && one.byteOffset < end(mine) && one.byteLength * mine.byteLength > 0;
        const isShared = its.buffer === other.buffer && its.byteOffset - other.byteOffset === mine.byteOffset - one.byteOffset;
        if (overlap && !isShared) differ(path, `it shares no memory with ${at} any more`);
      }
    }
  }

  async #finish() {
    for (;;) {
      const next = this.#waiting.shift();
      if (!next) return;
      await next();
    }
  }

  /** Two values that must be alike. */
  pair(one, other, path) {
    if (!isObject(one) && typeof one !== 'symbol') {
      if (!Object.is(one, other)) differ(path, `${show(one)} became ${show(other)}`);
      return;
    }
    if (typeof one !== typeof other || other === null) differ(path, `${show(one)} became ${show(other)}`);
    if (intrinsics.has(one) || (typeof one === 'symbol' && isShared(one))) {
      if (one !== other) differ(path, `${show(one)} is not the language's own any more`);
      return;
    }
    if (this.#pairs.has(one) || this.#reverse.has(other)) {
      if (this.#pairs.get(one) !== other || this.#reverse.get(other) !== one) differ(path, `the identity of ${show(one)} is lost`);
      return;
    }
    this.#pairs.set(one, other);
    this.#reverse.set(other, one);
    if (typeof one === 'symbol') {
      if (one.description !== other.description) differ(path, `${String(one)} became ${String(other)}`);
      return;
    }
    // What came home needs no look: it is the caller's own.
    if (this.#isHome && one === other) return;
    if (one === other) differ(path, `${show(one)} is no copy`);
    if (this.#isHome && isClass(one) && !types.isProxy(one)) differ(path, `${show(one)} came back as another class`);
    this.#waiting.push(() => this.#look(one, other, path));
  }

  async #look(one, other, path) {
    if (types.isProxy(one) || types.isProxy(other)) {
      if (!types.isProxy(one) || !types.isProxy(other)) differ(path, 'one is a proxy, the other is not');
      this.pair(one[PARTS], other[PARTS], `${path}[parts]`);
      return;
    }
    const [mine, theirs] = [kindOf(one), kindOf(other)];
    if (mine !== theirs) differ(path, `a ${mine} became a ${theirs}`);
    this.pair(Object.getPrototypeOf(one), Object.getPrototypeOf(other), `${path}.__proto__`);
    this.#content(mine, one, other, path);
    this.#properties(one, other, path);
    // A bound function that came home may lead to the caller's own functions, and these to all that was left here.
    const leadsHome = this.#isHome && one.name?.startsWith?.('bound ');
    if (mine === 'function' && !leadsHome) await this.#calls(one, other, path);
    if (typeof one !== 'function') await this.#secrets(one, other, path);
  }

  #content(kind, one, other, path) {
    switch (kind) {
      case 'map':
        return this.#lists([...Map.prototype.entries.call(one)].flat(), [...Map.prototype.entries.call(other)].flat(), `${path}<entries>`);
      case 'set':
        return this.#lists([...Set.prototype.values.call(one)], [...Set.prototype.values.call(other)], `${path}<items>`);
      case 'date':
        return this.pair(Date.prototype.getTime.call(one), Date.prototype.getTime.call(other), `${path}<time>`);
      case 'regexp':
        return this.pair(RegExp.prototype.toString.call(one), RegExp.prototype.toString.call(other), `${path}<text>`);
      case 'boxed':
        return this.pair(unboxed(one), unboxed(other), `${path}<value>`);
      case 'weakMap':
      case 'weakSet':
        this.#weak.push([one, other, kind === 'weakMap' ? WeakMap.prototype : WeakSet.prototype, path]);
        return;
      case 'buffer':
        return this.pair(hex(one), hex(other), `${path}<bytes>`);
      case 'view': {
        this.pair(one.byteLength, other.byteLength, `${path}.byteLength`);
        this.#views.push([one, other, path]);
        return this.pair(shown(one), shown(other), `${path}<bytes>`);
      }
    }
  }

  #lists(mine, theirs, path) {
    if (mine.length !== theirs.length) differ(path, `${mine.length} became ${theirs.length}`);
    for (const [index, value] of mine.entries()) this.pair(value, theirs[index], `${path}[${index}]`);
  }

  #properties(one, other, path) {
    const isList = types.isTypedArray(one);
    const [mine, theirs] = [one, other].map((object) => Reflect.ownKeys(object).filter((key) => !isList || !/^\d+$/.test(String(key))));
    if (mine.map(String).join() !== theirs.map(String).join()) differ(path, `keys ${mine.map(String)} became ${theirs.map(String)}`);
    mine.forEach((key, index) => {
      const at = `${path}.${String(key)}`;
      this.pair(key, theirs[index], `${path}<key ${String(key)}>`);
      // V8 may keep a stack behind an accessor of its own; on the other side it is a value.
      if (key === 'stack' && types.isNativeError(one) && !('value' in Object.getOwnPropertyDescriptor(one, key))) {
        this.pair(one.stack, other.stack, at);
        return;
      }
      const [had, has] = [Object.getOwnPropertyDescriptor(one, key), Object.getOwnPropertyDescriptor(other, theirs[index])];
      if (attributes(had) !== attributes(has)) differ(at, `${attributes(had)} became ${attributes(has)}`);
      for (const part of ['value', 'get', 'set'])
        if (part in had) this.pair(had[part], has[part], part === 'value' ? at : `${at}<${part}>`);
    });
    if (Object.isExtensible(one) !== Object.isExtensible(other))
      differ(path, `extensible: ${Object.isExtensible(one)} became ${Object.isExtensible(other)}`);
  }

  async #calls(one, other, path) {
    this.#outcomes(await outcome(one), await outcome(other), `${path}()`);
  }

  /** What an instance keeps in private members, by its class's own method. */
  async #secrets(one, other, path) {
    if (typeof one.secrets !== 'function') return;
    const [mine, theirs] = [await outcome(() => one.secrets()), await outcome(() => other.secrets())];
    if (this.#isHome && !mine.thrown && !theirs.thrown) this.#ownSecrets(mine.result, theirs.result, `${path}<private>`);
    else this.#outcomes(mine, theirs, `${path}<private>`);
  }

  /** What came home is of the caller's own class: its private members are copies, and what the class captures is the caller's. */
  #ownSecrets(mine, theirs, path) {
    if (isObject(mine) && mine === theirs) return;
    if (!Array.isArray(mine) || !Array.isArray(theirs)) this.pair(mine, theirs, path);
    else for (const [index, secret] of mine.entries()) this.#ownSecrets(secret, theirs[index], `${path}.${index}`);
  }

  #outcomes(mine, theirs, path) {
    if (mine.thrown !== theirs.thrown) differ(path, `${mine.thrown ?? 'a result'} became ${theirs.thrown ?? 'a result'}`);
    if (isObject(mine.result) && mine.result === theirs.result) return; // another's own, such as a bound intrinsic's
    // An error that was made by the call, such as that of a bound `Error`, has the stack of the call.
    if (types.isNativeError(mine.result) && !this.#pairs.has(mine.result))
      return this.pair(mine.result.message, theirs.result?.message, path);
    this.pair(mine.result, theirs.result, path);
  }

  /** Weak collections hold what both graphs have otherwise. Says whether there was something new. */
  #weakFound() {
    const before = this.#pairs.size;
    for (const [one, other, { has, get }, path] of this.#weak) {
      for (const [key, its] of [...this.#pairs]) {
        if (!isObject(key)) continue;
        if (has.call(one, key) !== has.call(other, its))
          differ(`${path}<weak ${show(key)}>`, `${has.call(one, key)} became ${has.call(other, its)}`);
        if (get && has.call(one, key)) this.pair(get.call(one, key), get.call(other, its), `${path}<weak ${show(key)}>`);
      }
    }
    return this.#pairs.size !== before;
  }
}

/** What a call with a probe gives or throws; of a generator, all that it yields. */
async function outcome(fn) {
  try {
    let result = Reflect.apply(fn, undefined, ['probe']);
    if (types.isPromise(result)) result = await result;
    if (types.isGeneratorObject(result)) {
      const all = [];
      for (;;) {
        const { value, done } = await result.next();
        all.push(value);
        if (done) break;
      }
      result = all;
    }
    return { result };
  } catch (error) {
    return { thrown: types.isNativeError(error) ? error.name : 'something' };
  }
}

function kindOf(value) {
  if (typeof value === 'function') return isClass(value) ? 'class' : 'function';
  const kinds = {
    array: Array.isArray,
    map: types.isMap,
    set: types.isSet,
    date: types.isDate,
    regexp: types.isRegExp,
    error: types.isNativeError,
    boxed: types.isBoxedPrimitive,
    weakMap: types.isWeakMap,
    weakSet: types.isWeakSet,
    buffer: types.isAnyArrayBuffer,
    view: ArrayBuffer.isView,
  };
  return Object.keys(kinds).find((kind) => kinds[kind](value)) ?? 'object';
}

function unboxed(value) {
  for (const { prototype } of [Number, String, Boolean, BigInt, Symbol]) {
    try {
      return prototype.valueOf.call(value);
    } catch {}
  }
}

function attributes(descriptor) {
  if (!descriptor) return 'nothing';
  const names = ['writable', 'enumerable', 'configurable'].filter((name) => descriptor[name]);
  return `${'value' in descriptor ? 'value' : 'accessor'} ${names.join()}`;
}

function end(view) {
  return view.byteOffset + view.byteLength;
}

function shown(view) {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');
}

function hex(buffer) {
  return Buffer.from(buffer).toString('hex');
}

function isShared(symbol) {
  return (
    Symbol.keyFor(symbol) !== undefined || Object.values(Object.getOwnPropertyDescriptors(Symbol)).some(({ value }) => value === symbol)
  );
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isClass(value) {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function show(value) {
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'string') return JSON.stringify(value);
  if (isObject(value)) return `a ${types.isProxy(value) ? 'proxy' : kindOf(value)}`;
  return String(value);
}

function differ(path, what) {
  throw new Error(`at ${path}: ${what}`);
}
