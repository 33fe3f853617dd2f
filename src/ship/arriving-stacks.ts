/** Stacks of errors that arrive. A host shows them with the positions of the user's files; a worker, which knows no source maps, leaves them. */
let shown = (stack: string): string => stack;

/** Called by hosts: source maps are nothing that a worker loads at its start. */
export function showStacksBy(show: (stack: string) => string): void {
  shown = show;
}

export function arrivingStack(stack: string): string {
  return shown(stack);
}
