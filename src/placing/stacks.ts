/** Stacks of what a task threw in line: as from workers, without our frames and what lies below them. */

/** Cuts an error's stack where our loop called the function. A stack that is no plain text of its own is left alone. */
export function cleanStack(error: unknown, fn: (...args: never[]) => unknown, loop: string): void {
  if (!(error instanceof Error)) return;
  const { stack } = error;
  if (typeof stack !== 'string') return;
  // Of frames with that name the outermost is ours: below it none calls it again.
  const ours = new RegExp(`\\n\\s+at ${loop.replace(/\$/g, '\\$&')} \\(`, 'g');
  const end = [...stack.matchAll(ours)].at(-1)?.index;
  if (end === undefined) return;
  const value = named(stack.slice(0, end), fn);
  Reflect.defineProperty(error, 'stack', { value, writable: true, configurable: true });
}

/** V8 names a function without a name by where it stands in a call, such as `map.placing`. */
function named(stack: string, fn: object): string {
  if (Object.getOwnPropertyDescriptor(fn, 'name')?.value !== '') return stack;
  return stack.replace(/(\n\s+at )[^\n(]* \(([^\n]*)\)$/, '$1$2');
}
