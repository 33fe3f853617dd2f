/**
 * What a worker process runs first. It is small, since it travels as an argument: it reads the worker's text from descriptor 4 and runs it.
 * `node -e` makes Node's own modules global names, which programs from files do not have; they go again.
 */
export const childText: string = `{
const { readSync } = process.getBuiltinModule('node:fs');
const read = (length) => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const count = readSync(4, bytes, at, length - at);
    if (count === 0) process.exit(0);
    at += count;
  }
  return bytes;
};
const length = new DataView(read(4).buffer).getUint32(0, true);
const v8 = process.getBuiltinModule('node:v8');
const deserializer = new v8.Deserializer(read(length));
deserializer.readHeader();
const start = deserializer.readValue();
const { webcrypto } = process.getBuiltinModule('node:crypto');
for (const name of process.getBuiltinModule('node:module').builtinModules)
  if (name !== 'process' && name !== 'console') delete globalThis[name];
Object.defineProperty(globalThis, 'crypto', { value: webcrypto, configurable: true, enumerable: true, writable: true });
process.argv.splice(0, Infinity, ...start.argv);
process.execArgv.splice(0, Infinity, ...start.execArgv);
process.title = 'allcores ' + start.slot;
globalThis[Symbol.for('allcores.start')] = start;
process.getBuiltinModule('node:vm').runInThisContext(start.texts.worker, { filename: 'allcores/worker' });
}`;
