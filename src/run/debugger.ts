/** Whether somebody looks at this program with a debugger: then time stands still in it, and nothing is late. */
export function isDebugged(): boolean {
  // Not there in every runtime.
  return process.getBuiltinModule('node:inspector')?.url() !== undefined;
}
