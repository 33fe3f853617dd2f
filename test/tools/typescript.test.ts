/** TypeScript, by whatever runs it: places in stacks are those of the source. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bin, installBuilt, Project } from '../users/project.ts';
import { lateModule, ownModule, placeOfThrow, printedBy, program, worksEverywhere } from './program.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const esm = (own: string) => program({ module: 'esm', typed: true, own });
const cjs = (own: string, syntax: 'import' | 'require') => program({ module: 'cjs', syntax, typed: true, own });
const options = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: true, types: ['node'] };

let project: Project;
beforeAll(() => {
  project = new Project('commonjs', installBuilt);
  project.link('ts-node');
  // ts-node needs the compiler as a library, which TypeScript 7 is not.
  project.link('typescript', 'typescript-5');
  project.link('@types/node');
  project.write('tsconfig.json', JSON.stringify({ compilerOptions: options, 'ts-node': { transpileOnly: true } }));
  project.write('module/package.json', '{ "type": "module" }');
  const noEmit = { ...options, allowImportingTsExtensions: true, noEmit: true };
  project.write('module/tsconfig.json', JSON.stringify({ compilerOptions: noEmit, 'ts-node': { transpileOnly: true } }));
  project.write('late.mjs', lateModule);
  project.write('module/late.mjs', lateModule);
  project.write('program.mts', esm('./own.mts'));
  project.write('own.mts', ownModule({ module: 'esm', typed: true }));
  project.write('program.ts', cjs('./own', 'import'));
  project.write('own.ts', ownModule({ module: 'cjs', syntax: 'import', typed: true }));
  project.write('module/program.ts', esm('./own.ts'));
  project.write('module/own.ts', ownModule({ module: 'esm', typed: true }));
  project.write('required.cts', cjs('./lib.cts', 'require'));
  project.write('lib.cts', ownModule({ module: 'cjs', typed: true }));
});
afterAll(() => project.remove());

function works(args: readonly string[], file: string, text: string): void {
  const printed = printedBy(project.run(args));
  expect(printed).toEqual(worksEverywhere);
  expect(printed.error.stack).toContain(`${file}:${placeOfThrow(text)}`);
}

test('tsx runs ES modules and CommonJS', () => {
  works(['--import', 'tsx', 'program.mts'], 'program.mts', esm('./own.mts'));
  works([bin('tsx/dist/cli.mjs'), 'program.ts'], 'program.ts', cjs('./own', 'import'));
});

test('ts-node runs CommonJS', () => {
  works([bin('ts-node/dist/bin.js'), 'program.ts'], 'program.ts', cjs('./own', 'import'));
});

test("ts-node's loader runs ES modules", () => {
  works(['--no-warnings', '--loader', 'ts-node/esm', 'module/program.ts'], 'program.ts', esm('./own.ts'));
});

const strips = major > 22 || (major === 22 && minor >= 18);
test.skipIf(!strips)('Node itself strips types of ES modules and CommonJS (skipped where node strips no types)', () => {
  works(['program.mts'], 'program.mts', esm('./own.mts'));
  works(['required.cts'], 'required.cts', cjs('./lib.cts', 'require'));
});

test('what tsc has compiled has its places in the source with --enable-source-maps, and in the .js without', () => {
  const text = program({ module: 'esm', typed: true, own: './own.js' });
  project.write('src/program.ts', text);
  project.write('src/own.ts', ownModule({ module: 'esm', typed: true }));
  project.write('src/late.mts', lateModule);
  project.write('out/package.json', '{ "type": "module" }');
  project.write('src/package.json', '{ "type": "module" }');
  const tsc = [
    bin('typescript/bin/tsc'),
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    'node',
    '--skipLibCheck',
  ];
  const compiled = project.run([...tsc, '--strict', '--sourceMap', '--outDir', 'out', 'src/program.ts', 'src/late.mts']);
  expect(compiled.stdout).toBe('');
  works(['--enable-source-maps', 'out/program.js'], 'src/program.ts', text);
  const plain = printedBy(project.run(['out/program.js']));
  expect(plain).toEqual(worksEverywhere);
  expect(plain.error.stack).toMatch(/out\/program\.js:\d+:\d+/);
});
