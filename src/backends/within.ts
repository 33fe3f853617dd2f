/** Waiting that has an end. */

/** Taken at import, so that a program's fake timers do not freeze us. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;

/** Resolves when it has happened, or when so many milliseconds have passed. Gives whether it has happened. */
export async function within(ms: number, happens: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<boolean>((resolve) => {
    timer = startTimer(resolve, ms, false);
  });
  const happened = await Promise.race([happens.then(() => true), tooLong]);
  stopTimer(timer);
  return happened;
}
