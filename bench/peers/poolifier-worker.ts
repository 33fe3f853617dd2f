/** Poolifier's worker. It has no way to move a result. */
import { ThreadWorker } from 'poolifier';
import { done, type Work } from './tasks.ts';

export default new ThreadWorker<Work, unknown>((work) => done(work!));
