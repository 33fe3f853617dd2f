/** A table that is too large to be copied to every worker: in a SharedArrayBuffer it is there once, and all read it. */
import { map, range } from 'allcores';

const POINTS = 100_000;

/** x and y of each point, one after the other. */
const points = new Float64Array(new SharedArrayBuffer(POINTS * 2 * Float64Array.BYTES_PER_ELEMENT));
for (let i = 0; i < points.length; i++) points[i] = Math.abs(Math.sin(i) * 1e4) % 1;

/** The index of the point that is nearest to this one. */
function nearestTo(point: number): number {
  const x = points[2 * point]!;
  const y = points[2 * point + 1]!;
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < POINTS; other++) {
    const squared = (points[2 * other]! - x) ** 2 + (points[2 * other + 1]! - y) ** 2;
    if (squared < least && other !== point) {
      least = squared;
      nearest = other;
    }
  }
  return nearest;
}

const neighbours = await map(range(0, POINTS, 500), nearestTo);

console.log(`${neighbours.length} points and their neighbours: ${neighbours.slice(0, 5).join(' ')} ...`);
// -> 200 points and their neighbours: 51873 14842 6899 52214 894 ...
