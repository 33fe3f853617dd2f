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
    watchInspector,
    named: mustTravelByName,
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

/** All that a function captures are exports that a worker imports, some of them of this package. */
function mustTravelByName(fn, packageName) {
  const { graph } = ship(fn);
  const [own, ...captured] = graph.nodes;
  const byValue = captured.filter(({ type }) => !['module', 'required', 'builtin', 'intrinsic'].includes(type));
  assert.equal(own.type, 'function');
  assert.deepEqual(byValue, []);
  assert.ok(captured.some(({ specifier, file }) => `${specifier} ${file}`.includes(packageName)));
}

/** Which methods of the Debugger domain shipping a function takes. */
function debuggerMethods(fn) {
  const { methods, end } = watchInspector();
  try {
    ship(fn);
  } finally {
    end();
  }
  return methods.filter((name) => name.startsWith('Debugger'));
}

/** What this thread asks of the inspector until `end`, and how many sessions it leaves connected. */
function watchInspector() {
  const watched = { methods: [], open: 0, end: () => Object.assign(inspector.Session.prototype, { post, connect, disconnect }) };
  const { post, connect, disconnect } = inspector.Session.prototype;
  Object.assign(inspector.Session.prototype, {
    post(name, ...rest) {
      watched.methods.push(name);
      return post.call(this, name, ...rest);
    },
    connect() {
      watched.open++;
      return connect.call(this);
    },
    disconnect() {
      watched.open--;
      return disconnect.call(this);
    },
  });
  return watched;
}
