/** A fresh process for each figure: what a program pays that has done nothing yet, or what its memory comes to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The package imports itself by name, which works from anywhere inside its folder. */
const inside = new URL('.', import.meta.url);

/** Runs a module and gives what it prints, which is JSON. */
export async function answerOf(program: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: inside });
  return JSON.parse(stdout);
}

/** The same for one that prints a number. */
export async function figureOf(program: string): Promise<number> {
  const figure = await answerOf(program);
  if (typeof figure !== 'number') throw new Error(`a child printed ${JSON.stringify(figure)} instead of a number`);
  return figure;
}
