/** Piscina's worker: what it makes of numbers is moved back and not copied. */
import { move } from 'piscina';
import { done, type Work } from './tasks.ts';

export default (work: Work): unknown => {
  const result = done(work);
  return result instanceof Float64Array ? move(result) : result;
};
