// Random graphs go there and back, and must come back as they went.
import v8 from 'node:v8';
import fc from 'fast-check';
import { ship } from '../../../dist/ship/ship.js';
import { learnCodes, rebuild } from '../../../dist/ship/unship.js';
import { mustBeAlike } from './alike.native.mjs';
import { build } from './graphs.native.mjs';
import { recipes, slowRecipes } from './recipes.native.mjs';

/** How a graph goes to the other side and comes to be there. Both sides are this thread, so classes are made anew. */
export const ways = {
  'cloned to a thread': { carrier: 'memory', carry: structuredClone },
  'as bytes': { carrier: 'bytes', carry: (sent) => v8.deserialize(v8.serialize(sent)) },
};

/** A random graph there, and on from there to another side. */
export async function goesThere(recipe, { carrier, carry }) {
  const root = build(recipe);
  const there = trip(() => root, carrier, carry);
  await mustBeAlike(root, there);
  await mustBeAlike(
    there,
    trip(() => there, carrier, carry),
  );
}

function trip(give, carrier, carry) {
  const { graph, codes } = ship(give, { carrier });
  const sent = carry({ graph, codes });
  learnCodes(sent.codes);
  return rebuild(sent.graph)();
}

/** A random graph to a worker thread and back: classes are the caller's own. */
export async function comesBack(recipe, remote) {
  const root = build(recipe);
  let back;
  try {
    back = await remote.run(() => root);
  } catch (error) {
    // The known limit: the host could not set them.
    if (/class with private members, which cannot be set on the side/.test(error.message)) return;
    throw error;
  }
  await mustBeAlike(root, back, { isHome: true });
}

/** A random graph as item and result of a door. The function beside it keeps it off plain cloning, which drops freezing by design. */
export async function passesDoor(recipe, pool) {
  const item = [build(recipe), () => 0];
  let back;
  try {
    [back] = await pool.map((x) => x, [item]);
  } catch (error) {
    if (/class with private members, which cannot be set on the side/.test(error.message)) return;
    throw error;
  }
  await mustBeAlike(item, back, { isHome: true });
}

/** Throws an error with the seed, the shrunk counterexample and what differs. */
export async function fuzz(test, { cases, seed, slow = false }) {
  await fc.assert(fc.asyncProperty(slow ? slowRecipes : recipes, test), { numRuns: cases, seed });
}
