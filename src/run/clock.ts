/** The host's one clock: monotonic, in milliseconds. Taken at import, so that a program's fake timers do not freeze us. */
export const now: () => number = performance.now.bind(performance);
