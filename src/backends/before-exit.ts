/** What is still to be done when the program has nothing left to do: one listener for all who ask. */

const waiting = new Set<() => Promise<void>>();

/** Called when the event loop is empty, each time it is. Gives what takes it back. */
export function beforeExit(act: () => Promise<void>): () => void {
  if (waiting.size === 0) process.on('beforeExit', actAll);
  waiting.add(act);
  return () => {
    if (waiting.delete(act) && waiting.size === 0) process.off('beforeExit', actAll);
  };
}

function actAll(): void {
  for (const act of waiting) void act();
}
