/** Errors on the command line: a line or two about a wrong command, and the stack only of what is the user's own program. */
import { UsageError } from '../index.ts';

/** The command is wrong. The second line says what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly advice: string | undefined;
  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

/** What to print, and the exit code: 2 for a wrong command, 1 for what failed in it. */
export function complaintOf(error: unknown): { readonly text: string; readonly exitCode: 1 | 2 } {
  if (error instanceof CommandError) {
    return { text: [`allcores: ${error.message}`, ...(error.advice ? [error.advice] : [])].join('\n'), exitCode: 2 };
  }
  // The parser's class is not exported; its messages are one line.
  if (error instanceof Error && error.name === 'CACError') return { text: `allcores: ${error.message}`, exitCode: 2 };
  if (error instanceof UsageError) {
    const exitCode = error.code === 'DIFFERENT_RESULTS' ? 1 : 2;
    return { text: `allcores: ${inFlags(error.message)}`, exitCode };
  }
  return { text: error instanceof Error ? (error.stack ?? String(error)) : `the function threw ${String(error)}`, exitCode: 1 };
}

/** `option "maxSeconds"` is `--max-seconds` here. */
function inFlags(message: string): string {
  return message
    .replace(/^compare: /, '')
    .replace(/option "(\w+)(?:\[\d+\])?"/, (_, name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
}
