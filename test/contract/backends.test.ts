import { InlineBackend } from '../../src/backends/inline.ts';
import { ProcessesBackend } from '../../src/backends/processes.ts';
import { ThreadsBackend } from '../../src/backends/threads.ts';

import { bytesCodec, hostCodec } from '../../src/run/host-codec.ts';
import { describeBackend } from './backend.ts';

describeBackend('threads', (options) => new ThreadsBackend({ workers: 1, codec: hostCodec, ...options }), [
  { reason: 'it would end the host', tests: ['a worker that is killed from outside tells what was delivered and what had started'] },
]);
describeBackend('processes', (options) => new ProcessesBackend({ workers: 1, codec: bytesCodec, ...options }));
describeBackend('inline', ({ setup }) => new InlineBackend({ setup }), [
  {
    reason: 'what runs on the host cannot be killed',
    tests: [
      'a killed slot goes down, tells how far it was, and is replaced',
      'a worker that exits under a task goes down and names the code',
      'a worker that is killed from outside tells what was delivered and what had started',
    ],
  },
  {
    reason: 'an error that nobody catches on the host is the program’s own',
    tests: ['an error that nobody catches fails the task it came from, and is told as late where that has ended'],
  },
  { reason: 'what runs on the host prints directly', tests: ['what a task prints arrives in whole lines before its result'] },
  { reason: 'what runs on the host is not rebuilt', tests: ['a worker that dies of what it rebuilds blames no item'] },
  { reason: 'while it computes, nobody else does', tests: ['a worker that computes gives back what it has not started, at once'] },
  {
    reason: 'the host stays',
    tests: [
      'a retired slot goes as planned, lets go of what its tasks have made, and another takes its place',
      'a slot with nothing to do goes after its time, as planned, and comes back when there is work',
    ],
  },
]);
