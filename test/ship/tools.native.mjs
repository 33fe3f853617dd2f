// What the native cases ask for beside `run`.
import assert from 'node:assert/strict';
import inspector from 'node:inspector';
import v8 from 'node:v8';
import { packValue, ship } from '../../dist/ship/ship.js';
import { learnCodes, rebuild } from '../../dist/ship/unship.js';

/** Runs one case on a remote. */
export function play(remote, body) {
  let graph;
  const run = (fn, ...args) => {
    const sent = remote.run(fn, ...args);
    graph = remote.graph;
    return sent;
  };
  return body(run, {
    equal: assert.deepEqual,
    ok: assert.ok,
    place: remote.place,
    ship,
    packValue,
    warnings: () => remote.warnings,
    codesSent: () => remote.codesSent,
    size: () => v8.serialize(graph).length,
    rebuild: (shipped) => {
      learnCodes(shipped.codes);
      return rebuild(shipped.graph);
    },
    methods: debuggerMethods,
    throws: async (act) => {
      try {
        await act();
      } catch (error) {
        return error;
      }
      return assert.fail('did not throw');
    },
  });
}

/** Which methods of the Debugger domain shipping a function takes. */
function debuggerMethods(fn) {
  const methods = [];
  const { post } = inspector.Session.prototype;
  inspector.Session.prototype.post = function (name, ...rest) {
    if (name.startsWith('Debugger')) methods.push(name);
    return post.call(this, name, ...rest);
  };
  try {
    ship(fn);
  } finally {
    inspector.Session.prototype.post = post;
  }
  return methods;
}
