/** Examples that a stranger has copied into a project with the package installed in it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from '../users/project.ts';
import { AT_MOST_MS, promised, root } from './program.ts';

let project: Project;
beforeAll(() => {
  project = new Project('module');
  for (const folder of ['article', 'first-week']) {
    const natives = join(root, 'examples', folder, 'native-code');
    cpSync(join(root, 'examples', folder), join(project.folder, folder), { recursive: true, filter: (path) => path !== natives });
  }
}, AT_MOST_MS);
afterAll(() => project.remove());

describe('copied into another project', () => {
  for (const file of [
    'article/06-starmap.ts',
    'article/07-joblib-one-parameter.ts',
    'first-week/log-stream.ts',
    'first-week/bad-rows.ts',
  ]) {
    test(
      `${file} runs and prints the same`,
      () => {
        expect(project.run(['--import', 'tsx', file])).toMatchObject({ status: 0, stdout: promised(file), stderr: '' });
      },
      AT_MOST_MS,
    );
  }
});
