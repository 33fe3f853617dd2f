// Compiles the bench with tsc and runs it. Not tsx: a loader rewrites functions and slows the start of workers, and both are measured here.
import { execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}.cache/bench`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}bench/tsconfig.json`], { stdio: 'inherit' });
// A process of its own, which is younger than its files: what was written since a process began is not trusted to be what it runs.
const isService = process.argv[2] === 'service';
const [program, args] = isService ? ['service/main.js', process.argv.slice(3)] : ['run.js', process.argv.slice(2)];
const child = spawn(process.execPath, [`${root}.cache/bench/${program}`, ...args], { stdio: 'inherit' });
// Whoever ends this program ends what it runs.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
