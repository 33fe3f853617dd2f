/** Errors that nobody catches in a worker: from a timer, from an event nobody listens to, from a promise that nobody awaits. */

type Handler = (error: unknown) => void;

let handler: Handler | undefined;

/** From here on they end here, and not the worker. */
export function catchUncaught(handle: Handler): void {
  handler = (error) => {
    try {
      handle(error);
    } catch (fault) {
      crash(fault);
    }
  };
  process.on('uncaughtException', handler);
  process.on('unhandledRejection', handler);
}

/** Ends the worker with an error of our own. */
export function crash(error: unknown): void {
  if (handler) {
    process.off('uncaughtException', handler);
    process.off('unhandledRejection', handler);
  }
  queueMicrotask(() => {
    throw error;
  });
}
