/** Tinypool's worker: what it makes of numbers is moved back and not copied. */
import Tinypool from 'tinypool';
import { done, type Work } from './tasks.ts';

export default (work: Work): unknown => {
  const result = done(work);
  return result instanceof Float64Array ? Tinypool.move(result) : result;
};
