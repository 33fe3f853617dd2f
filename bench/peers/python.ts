/** Python's contenders: a child that is asked for one repetition at a time, so that it takes turns with the others. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Contender, type Effort, mustBe } from '../workload.ts';

const PYTHON = '/usr/bin/python3';
// The folder of the sources: what is compiled lies in .cache/bench/.
const PROGRAM = fileURLToPath(new URL('../../../bench/peers/contest.py', import.meta.url));

export type PythonMethod = 'loop' | 'Pool' | 'joblib';
export const ofPython = (method: PythonMethod): string => (method === 'joblib' ? 'joblib' : `Python's ${method}`);

export interface PythonContest {
  readonly contenders: Readonly<Record<string, Contender>>;
  readonly absent: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Versions, once a child has said them. */
export const versions: { python?: string; joblib?: string } = {};

interface Hello {
  readonly python: string;
  readonly joblib: string | null;
  readonly absent: Readonly<Partial<Record<PythonMethod, string>>>;
}

/** `toUnit` makes the workload's unit of milliseconds. */
export async function startPython(
  { quick }: Effort,
  methods: readonly PythonMethod[],
  request: { readonly workload: string; readonly [key: string]: unknown },
  toUnit: (ms: number) => number = (ms) => ms,
): Promise<PythonContest> {
  const without = (why: string) => ({
    contenders: {},
    absent: Object.fromEntries(methods.map((method) => [ofPython(method), why])),
    close: async () => {},
  });
  if (quick) return without('left out by --quick');
  if (!existsSync(PYTHON)) return without(`there is no ${PYTHON}`);
  const child = spawn(PYTHON, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ask = asking(child);
  const { python, joblib, absent } = (await ask({ ...request, methods })) as Hello;
  Object.assign(versions, { python, ...(joblib && { joblib }) });
  const present = methods.filter((method) => absent[method] === undefined);
  return {
    contenders: Object.fromEntries(
      present.map((method) => [
        ofPython(method),
        async () => {
          const tookMs = await ask(method);
          mustBe(`${ofPython(method)}, ${request.workload}`, typeof tookMs === 'number');
          return toUnit(tookMs as number);
        },
      ]),
    ),
    absent: Object.fromEntries(Object.entries(absent).map(([method, why]) => [ofPython(method as PythonMethod), why])),
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
}

/** A line out, a line back. A child that has ended answers nobody. */
function asking(child: ChildProcess): (question: unknown) => Promise<unknown> {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return async (question) => {
    child.stdin!.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${PYTHON} has ended: what it printed is above`);
    return JSON.parse(value as string);
  };
}
