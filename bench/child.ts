/** A fresh process for each figure: what a program pays that has done nothing yet, or what its memory comes to. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The package imports itself by name, which works from anywhere inside its folder. */
const inside = new URL('.', import.meta.url);

/** Runs a module and gives the number that it prints. */
export async function figureOf(program: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: inside });
  const figure = Number(stdout);
  if (stdout === '' || !Number.isFinite(figure)) throw new Error(`a child printed ${JSON.stringify(stdout)} instead of a number`);
  return figure;
}
