import { InlineBackend } from '../../src/backends/inline.ts';
import { ProcessesBackend } from '../../src/backends/processes.ts';
import { ThreadsBackend } from '../../src/backends/threads.ts';

import { bytesCodec, hostCodec } from '../../src/run/host-codec.ts';
import { describeBackend } from './backend.ts';

describeBackend('threads', (setup) => new ThreadsBackend({ workers: 1, codec: hostCodec, setup }));
describeBackend('processes', (setup) => new ProcessesBackend({ workers: 1, codec: bytesCodec, setup }));
describeBackend('inline', (setup) => new InlineBackend({ setup }), [
  {
    reason: 'what runs on the host cannot be killed',
    tests: [
      'a killed slot goes down, tells how far it was, and is replaced',
      'a worker that exits under a task goes down and names the code',
    ],
  },
  {
    reason: 'an error that nobody catches on the host is the program’s own',
    tests: ['an error that nobody catches fails the task it came from, and is told as late where that has ended'],
  },
  { reason: 'what runs on the host prints directly', tests: ['what a task prints arrives in whole lines before its result'] },
]);
