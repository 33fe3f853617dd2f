/** Workerpool's worker: methods by name, and what it makes of numbers is moved back and not copied. */
import workerpool from 'workerpool';
import { done, type Work } from './tasks.ts';

workerpool.worker({
  done: (work: Work): unknown => {
    const result = done(work);
    return result instanceof Float64Array ? new workerpool.Transfer(result, [result.buffer as ArrayBuffer]) : result;
  },
});
