/**
 * Instances for the thread that defined their classes: an object gets the private members of its very class, and no constructor's body
 * runs. Field initialisers do.
 */

import { ClassEntry } from './class-entry.ts';
import { classMembers, layersOf } from './class-shape.ts';
import { fieldInitialiserOf } from './field-initialiser.ts';
import {
  bareObject,
  type Constructor,
  hasPrivateAccess,
  isShipped,
  nativeBaseOf,
  nativeStandIn,
  type OwnInstances,
  restingConstruct,
  setPrivateAccess,
  withParent,
} from './restoring.ts';

/** The classes to stamp an instance with; none where all of them came from elsewhere. */
const layersToStamp = new WeakMap<object, readonly Constructor[]>();
/** One conversation with the inspector for all instances of a graph, when there must be one. */
let entry: ClassEntry | undefined;

export function ownInstances(): OwnInstances {
  return instances;
}

const instances: OwnInstances = {
  covers(classValue) {
    let layers = layersToStamp.get(classValue);
    if (!layers) {
      layers = layersOf(classValue);
      if (layers.every(isShipped)) layers = [];
      layersToStamp.set(classValue, layers);
    }
    return layers.length > 0;
  },

  make(classValue) {
    let object: object | undefined;
    for (const layer of layersToStamp.get(classValue) ?? []) object = stamped(layer, classValue, object);
    return object as object;
  },

  close() {
    entry?.close();
    entry = undefined;
  },
};

/** Gives the object one class's private members. The first class of the chain makes the object. */
function stamped(layer: Constructor, classValue: Constructor, object: object | undefined): object {
  if (isShipped(layer)) return withParent(layer, parentFor(layer, object), () => restingConstruct(layer, classValue));
  const { fields, hasMethods, ownConstructor } = classMembers(layer);
  if (!hasPrivateAccess(layer) && fields.length > 0) setPrivateAccess(layer, fields, inside().privateAccess(layer, fields));
  // Private methods are a mark that only the constructor sets.
  const initialise = hasMethods ? undefined : fieldInitialiserOf(layer);
  if (initialise) {
    const bare = object ?? bareObject(nativeBaseOf(layer), classValue);
    Reflect.apply(initialise, bare, []);
    return bare;
  }
  return withParent(layer, parentFor(layer, object), () =>
    ownConstructor ? inside().construct(layer, classValue) : Reflect.construct(layer, [], classValue),
  );
}

/** In the place of a class's parent: gives the object that there is already. */
function parentFor(layer: Constructor, object: object | undefined): object {
  if (!object) return nativeStandIn(layer);
  return function standIn() {
    return object;
  };
}

function inside(): ClassEntry {
  entry ??= new ClassEntry();
  return entry;
}
