/**
 * Instances for the thread that defined their classes: an object gets the private members of its very class, and no constructor's body
 * runs. Field initialisers do.
 */

import { ClassEntry } from './class-entry.ts';
import { classMembers, isClass } from './class-shape.ts';
import { fieldInitialiserOf } from './field-initialiser.ts';
import { type Constructor, isShipped, nativeStandIn, type OwnInstances, restingConstruct, setWriter, withParent } from './restoring.ts';

const covered = new WeakMap<object, boolean>();
/** Classes whose private fields can be written: that is found out once, by the debugger. */
const known = new WeakSet<object>();
/** One conversation with the inspector for all instances of a graph, when there must be one. */
let entry: ClassEntry | undefined;

export const ownInstances: OwnInstances = {
  covers(classValue) {
    let answer = covered.get(classValue);
    if (answer === undefined) {
      answer = layersOf(classValue).some((layer) => !isShipped(layer));
      covered.set(classValue, answer);
    }
    return answer;
  },

  make(classValue) {
    let object: object | undefined;
    for (const layer of layersOf(classValue)) object = stamped(layer, classValue, object);
    return object as object;
  },

  close() {
    entry?.close();
    entry = undefined;
  },
};

/** The classes of a chain that have private members of their own, base class first. */
function layersOf(classValue: Constructor): Constructor[] {
  const layers: Constructor[] = [];
  for (let at: unknown = classValue; isClass(at); at = Object.getPrototypeOf(at)) if (classMembers(at).hasPrivates) layers.unshift(at);
  return layers;
}

/** Gives the object one class's private members. The first class of the chain makes the object. */
function stamped(layer: Constructor, classValue: Constructor, object: object | undefined): object {
  const parent = object ? standInGiving(object) : nativeStandIn(layer);
  if (isShipped(layer)) return withParent(layer, parent, () => restingConstruct(layer, classValue));
  const { fields, hasMethods, ownConstructor } = classMembers(layer);
  if (!known.has(layer) && fields.length > 0) setWriter(layer, fields, inside().writer(layer, fields));
  known.add(layer);
  // Private methods are a mark that only the constructor sets.
  const initialise = hasMethods ? undefined : fieldInitialiserOf(layer);
  if (initialise) {
    const bare = object ?? Reflect.construct(nativeStandIn(layer), [], classValue);
    Reflect.apply(initialise, bare, []);
    return bare;
  }
  return withParent(layer, parent, () =>
    ownConstructor ? inside().construct(layer, classValue) : Reflect.construct(layer, [], classValue),
  );
}

/** A parent whose constructor gives this object. */
function standInGiving(object: object): object {
  return function standIn() {
    return object;
  };
}

function inside(): ClassEntry {
  entry ??= new ClassEntry();
  return entry;
}
