/** `allcores explain`: what would travel with a function of a file. */
import { explain } from '../index.ts';
import { CommandError } from './complaints.ts';
import { exportAt } from './user-module.ts';

export interface ExplainFlags {
  readonly json?: unknown;
}

/** Prints the table, or the data. Gives the exit code: 1 when it cannot travel. */
export async function explainCommand(place: string, { json }: ExplainFlags): Promise<number> {
  const fn = await exportAt(place, 'function');
  if (typeof fn !== 'function') throw new CommandError(`${place} is no function, but ${typeof fn}`);
  const explanation = explain(fn as () => unknown);
  console.log(json ? JSON.stringify(explanation, null, 2) : `\n${explanation}\n`);
  return explanation.problem ? 1 : 0;
}
