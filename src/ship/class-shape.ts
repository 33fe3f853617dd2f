/**
 * What must change in a class's text so that rebuilding it runs none of the user's code, and an instance with private fields
 * can be made without running a constructor.
 */
import type { Class, MethodDefinition, PropertyDefinition } from 'acorn';
import type { Edit } from './edits.ts';
import { type Analysis, analyze } from './free-variables.ts';
import { isIntrinsic } from './intrinsics.ts';
import { type Constructor, privateAccessText } from './restoring.ts';

export interface ClassShape {
  /** It or a class above it has private members, so its instances need `$restoring`. */
  readonly hasPrivates: boolean;
  readonly hasHeritage: boolean;
  /** Its factory also gives the function that writes private fields. */
  readonly writesPrivates: boolean;
  readonly edits: readonly Edit[];
  readonly privateFields: readonly string[];
  readonly privateStatics: readonly string[];
  /** Keys of methods that the text itself brings along, on the prototype and on the class. */
  readonly methods: readonly (string | symbol)[];
  readonly staticMethods: readonly (string | symbol)[];
}

/** The private members of one class's instances, without those of the classes above it. */
export interface ClassMembers {
  readonly hasPrivates: boolean;
  readonly fields: readonly string[];
  /** Methods or accessors. */
  readonly hasMethods: boolean;
  readonly ownConstructor: boolean;
}

const shapes = new WeakMap<object, ClassShape>();

export function isClass(value: unknown): value is new () => object {
  return typeof value === 'function' && /^class\b/.test(textOf(value)) && analyze(textOf(value)).kind === 'class';
}

export function textOf(fn: object): string {
  return Function.prototype.toString.call(fn);
}

/** Not cached: what counts as replaced may change between two shipments. The parse behind it is. */
export function classShape(classValue: object): ClassShape {
  const shape = new ClassReader(classValue).shape();
  shapes.set(classValue, shape);
  return shape;
}

const membersOf = new WeakMap<object, ClassMembers>();

export function classMembers(classValue: object): ClassMembers {
  let members = membersOf.get(classValue);
  if (!members) {
    members = readMembers(classValue);
    membersOf.set(classValue, members);
  }
  return members;
}

function readMembers(classValue: object): ClassMembers {
  const fields: string[] = [];
  let hasMethods = false;
  let ownConstructor = false;
  for (const member of (analyze(textOf(classValue)).node as Class).body.body) {
    if (member.type === 'StaticBlock') continue;
    if (member.type === 'MethodDefinition' && member.kind === 'constructor') ownConstructor = true;
    else if (!member.static && member.key.type === 'PrivateIdentifier') {
      if (member.type === 'PropertyDefinition') fields.push(`#${member.key.name}`);
      else hasMethods = true;
    }
  }
  return { hasPrivates: hasMethods || fields.length > 0, fields, hasMethods, ownConstructor };
}

/** The classes of a chain that have private members of their own, base class first. */
export function layersOf(classValue: Constructor): Constructor[] {
  const layers: Constructor[] = [];
  for (let at: unknown = classValue; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    if (isClass(at) && classMembers(at).hasPrivates) layers.unshift(at);
  }
  return layers;
}

/** The most derived class of an object that has private members, its own or inherited. */
export function classOfPrivates(object: object): object | undefined {
  for (let at = Object.getPrototypeOf(object); at; at = Object.getPrototypeOf(at)) {
    const classValue = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof classValue !== 'function' || classValue.prototype !== at || !isClass(classValue)) continue;
    if ((shapes.get(classValue) ?? classShape(classValue)).hasPrivates) return classValue;
  }
  return undefined;
}

class ClassReader {
  readonly #class: object;
  readonly #analysis: Analysis;
  readonly #node: Class;
  readonly #edits: Edit[] = [];

  constructor(classValue: object) {
    this.#class = classValue;
    this.#analysis = analyze(textOf(classValue));
    this.#node = this.#analysis.node as Class;
  }

  shape(): ClassShape {
    const members = this.#node.body.body;
    const parent = Object.getPrototypeOf(this.#class);
    const ownPrivates = members.some(
      (member) => member.type !== 'StaticBlock' && !member.static && member.key.type === 'PrivateIdentifier',
    );
    const hasPrivates = ownPrivates || (isClass(parent) && classShape(parent).hasPrivates);
    const { superClass } = this.#node;
    const hasHeritage = superClass != null && superClass.type !== 'Literal' && !isIntrinsic(parent, 'Function.prototype');
    // The expression's variables are often out of reach; the prototype chain has the class itself.
    if (hasHeritage) this.#edit(superClass.start, superClass.end, '$super');
    const privateFields: string[] = [];
    const privateStatics: string[] = [];
    const methods: (string | symbol)[] = [];
    const staticMethods: (string | symbol)[] = [];
    for (const member of members) {
      if (member.type === 'StaticBlock') this.#edit(member.start, member.end, this.#blanked(member.start, member.end));
      else if (member.type === 'PropertyDefinition') {
        if (member.key.type === 'PrivateIdentifier') (member.static ? privateStatics : privateFields).push(`#${member.key.name}`);
        this.#initialiser(member, hasPrivates);
      } else if (member.kind === 'constructor') {
        if (hasPrivates) this.#guard(member);
      } else if (member.key.type !== 'PrivateIdentifier') {
        const key = keyOf(member);
        // Its key may need variables that only the class's own definition could read. The method travels like any other property.
        if (key === undefined) this.#edit(member.start, member.end, this.#blanked(member.start, member.end));
        else if (this.#isUnchanged(key, member.static)) (member.static ? staticMethods : methods).push(key);
      }
    }
    const writesPrivates = hasPrivates || privateStatics.length > 0;
    if (writesPrivates) this.#addAccess([...privateFields, ...privateStatics]);
    return { hasPrivates, hasHeritage, writesPrivates, edits: this.#edits, privateFields, privateStatics, methods, staticMethods };
  }

  /** Static values travel as values. Other initialisers rest while an instance is restored. */
  #initialiser(member: PropertyDefinition, hasPrivates: boolean): void {
    const { key, value, computed } = member;
    if (!value) return;
    if (member.static) {
      const from = computed ? this.#textIndex(']', key.end) + 1 : key.end;
      const blank = this.#blanked(from, value.end);
      // Without its initialiser, a field may swallow the next line; a semicolon in the last place keeps it apart.
      const isEnded = /^\s*;/.test(this.#textAt(value.end, this.#node.end));
      this.#edit(from, value.end, isEnded ? blank : blank.replace(/.$/, ';'));
    } else if (hasPrivates) {
      this.#edit(value.start, value.start, '$restoring.on?void 0:(');
      this.#edit(value.end, value.end, ')');
    }
  }

  /** The constructor's body, and the patterns and defaults of its parameters, rest while an instance is restored. */
  #guard(classValue: MethodDefinition): void {
    const { params, body } = classValue.value;
    const rest = `if($restoring.on){${this.#node.superClass ? 'super();' : ''}return}`;
    // Plain names run no code. A rest parameter taken apart again would cost every construction dearly.
    if (params.every(({ type }) => type === 'Identifier')) {
      this.#edit(body.start + 1, body.start + 1, rest);
      return;
    }
    const [first, last] = [params[0]!, params.at(-1)!];
    const from = this.#textIndex('(', classValue.key.end) + 1;
    // The parameters' own text stays in place, since other edits may lie in it.
    this.#edit(from, first.start, `...$a){${rest}var[`);
    this.#edit(last.end, body.start + 1, ']=$a;');
  }

  #addAccess(names: readonly string[]): void {
    const end = this.#node.body.end - 1;
    // The last member may end without a semicolon.
    this.#edit(end, end, `;static{$leak=${privateAccessText(names)}}`);
  }

  /** Is this method still the one of the text, and not one assigned since? */
  #isUnchanged(key: string | symbol, isStatic: boolean): boolean {
    const holder = isStatic ? this.#class : (this.#class as { prototype: object }).prototype;
    const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
    const name = typeof key === 'symbol' ? `[${key.description ?? ''}]` : key;
    const parts = [
      [value, name],
      [get, `get ${name}`],
      [set, `set ${name}`],
    ].filter(([part]) => part !== undefined);
    // By its name too: another method of the same class may have been put in its place.
    return (
      parts.length > 0 &&
      parts.every(([part, own]) => typeof part === 'function' && part.name === own && this.#analysis.text.includes(textOf(part)))
    );
  }

  // Offsets in the syntax tree count the text the parser's form put before ours.
  #edit(start: number, end: number, text: string): void {
    this.#edits.push({ start: start - this.#analysis.shift, end: end - this.#analysis.shift, text });
  }

  #blanked(start: number, end: number): string {
    return this.#textAt(start, end).replace(/[^\n]/g, ' ');
  }

  #textAt(start: number, end: number): string {
    return this.#analysis.text.slice(start - this.#analysis.shift, end - this.#analysis.shift);
  }

  #textIndex(part: string, from: number): number {
    return this.#analysis.text.indexOf(part, from - this.#analysis.shift) + this.#analysis.shift;
  }
}

/** The key a member has for certain; undefined for a computed one, which is then shipped like any other property. */
function keyOf(member: MethodDefinition): string | symbol | undefined {
  const { key } = member;
  if (key.type === 'Literal') return String(key.value);
  if (!member.computed) return key.type === 'Identifier' ? key.name : undefined;
  if (key.type !== 'MemberExpression' || key.object.type !== 'Identifier' || key.object.name !== 'Symbol') return undefined;
  const wellKnown: unknown = key.property.type === 'Identifier' ? Symbol[key.property.name as 'iterator'] : undefined;
  return typeof wellKnown === 'symbol' ? wellKnown : undefined;
}
