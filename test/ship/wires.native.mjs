// How a remote is reached: a thread by structured clone, a process by one v8.serialize buffer a message.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import v8 from 'node:v8';
import { Worker } from 'node:worker_threads';

export function openThread(text, { onMessage, onFailure }) {
  const worker = new Worker(text, { eval: true, execArgv: [] });
  worker.unref();
  worker.on('message', onMessage);
  worker.on('error', onFailure);
  worker.on('exit', (code) => onFailure(new Error(`the thread ended with code ${code}`)));
  return {
    send: (message) => worker.postMessage(message),
    ref: () => worker.ref(),
    unref: () => worker.unref(),
    close: () => worker.terminate(),
  };
}

// The receiver's text is longer than an argument may be, so it is the first message.
const boot = `process.once('message', (text) => new Function('require', text)(require))`;

export function openProcess(text, { onMessage, onFailure }, node) {
  const child = spawn(node, ['-e', boot], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  const ended = once(child, 'exit');
  const unref = () => {
    child.unref();
    child.channel?.unref();
  };
  child.on('message', (bytes) => onMessage(v8.deserialize(bytes)));
  child.on('error', onFailure);
  child.on('exit', (code, signal) => onFailure(new Error(`the process ended with ${signal ?? `code ${code}`}`)));
  child.send(text);
  unref();
  return {
    send: (message) => child.send(v8.serialize(message)),
    ref() {
      child.ref();
      child.channel?.ref();
    },
    unref,
    async close() {
      child.ref();
      child.kill();
      await ended;
    },
  };
}
