/** A program of many functions, each of which throws: in many shapes, in bodies of many kinds, laid out in several ways. */

/** Statements that end in an error, some of them after code whose text shipping changes. */
const bodies: Readonly<Record<string, string>> = {
  throws: `throw new RangeError('thrown');`,
  'property of null': `const value = [null][0]; return value.missing;`,
  helper: `return failing(1, 2);`,
  'shared variables': `count += 1; bump(count, count++); if (count > 0) throw new Error(\`\${count} \${{ count }.count}\`);`,
  'several lines': `const list = [\n  1,\n  2,\n];\n\n  for (const item of list) {\n    if (item > 1) throw new Error(\`\${item}\`);\n  }`,
  'private class': `const made = new Private(count, 2); return made.fail(count);`,
  'nested function': `const inner = (x) => { throw new Error(String(x)); }; return [1].map((x) => inner(x));`,
  'import.meta': `const url = import.meta.url; throw new Error(typeof url);`,
};

/** How a body becomes a task of the name `TASK`. */
const shapes: Readonly<Record<string, (body: string) => string>> = {
  arrow: (body) => `const TASK = () => { ${body} };`,
  'async arrow': (body) => `const TASK = async () => { await null; ${body} };`,
  declaration: (body) => `function TASK() { ${body} }`,
  expression: (body) => `const TASK = function inside() { ${body} };`,
  'async function': (body) => `async function TASK(a, b = 2) { await null;\n ${body} }`,
  generator: (body) => `function* generatorOfTASK() { yield 1; ${body} }\nconst TASK = () => [...generatorOfTASK()];`,
  method: (body) => `const objectOfTASK = { before: 1, method() { ${body} } };\nconst TASK = () => objectOfTASK.method();`,
  'method alone': (body) => `const TASK = { method() { ${body} } }.method;`,
  'computed method': (body) => `const keyOfTASK = 'computed';\nconst TASK = { [keyOfTASK]() { ${body} } }[keyOfTASK];`,
  getter: (body) => `const objectOfTASK = { get value() { ${body} } };\nconst TASK = () => objectOfTASK.value;`,
  'class method': (body) => `class ClassOfTASK { #hidden = count; method() { ${body} } }\nconst TASK = () => new ClassOfTASK().method();`,
  'static method': (body) => `class ClassOfTASK { static x = 1; static method() { ${body} } }\nconst TASK = () => ClassOfTASK.method();`,
  'static block before': (body) =>
    `class ClassOfTASK { static { globalThis.blocks = 1; } static y = [1, 2].length; method() { ${body} } }\nconst TASK = () => new ClassOfTASK().method();`,
  'with constructor': (body: string) =>
    `class ClassOfTASK extends Private { #a = 1; #b = this.#a + count; constructor(x, { y } = {}) { super(x); ${body} } }\nconst TASK = () => new ClassOfTASK(1);`,
  'constructor of several lines': (body: string) =>
    `class ClassOfTASK extends Private {\n  #a = 1;\n  constructor(\n    x,\n    { y } = {},\n  ) {\n    super(x);\n    ${body}\n  }\n}\nconst TASK = () => new ClassOfTASK(1);`,
  'field initialiser': (body) => `class ClassOfTASK { #a = 1; b = (() => { ${body} })(); }\nconst TASK = () => new ClassOfTASK();`,
  'default parameter': (body) => `const TASK = (a = (() => { ${body} })()) => a;`,
  accessor: (body) =>
    `class ClassOfTASK { get #value() { ${body} } read() { return this.#value; } }\nconst TASK = () => new ClassOfTASK().read();`,
};

const head = `
let count = 0;
const bump = (x, y) => { count += x - x + y - y + 1; };
function failing(a, b) { if (a < b) throw new TypeError('in the helper'); }
class Private {
  #first = count; second = 2;
  #third;
  constructor(a, b) { this.#third = a; }
  fail(x) { if (this.#first !== this) throw new Error(\`private \${this.#third}\`); }
}
const tasks = [];
`;

/** `api`: the URL of the package. `named`: whether functions are compared by name, too; Node writes those of mapped files in a way of its own. */
export function programOf(api: string, named: boolean): string {
  const parts = [`import { run } from ${JSON.stringify(api)};`, `const NAMED = ${named};`, head];
  let made = 0;
  for (const [shape, write] of Object.entries(shapes)) {
    for (const [body, text] of Object.entries(bodies)) {
      made += 1;
      const indent = ' '.repeat((made * 7) % 23);
      const code = write(text).replaceAll('TASK', `task${made}`);
      // One in three stands in the middle of a line.
      parts.push(`${made % 3 === 0 ? `/* ${made} */ const before${made} = ${made}; ` : indent}${code}`);
      parts.push(`tasks.push([${JSON.stringify(`${shape}, ${body}`)}, task${made}]);`);
    }
  }
  return `${parts.join('\n')}\n${compare}`;
}

/** Each task fails here and in a worker; tells where the two stacks differ. */
const compare = `
const here = /^ +at (?:async )?(?:(.*?) \\(|)((?:file:\\/\\/|\\/)[^()]*?:\\d+:\\d+)\\)?$/;
const frames = (stack) => stack.split('\\n').flatMap((line) => { const at = here.exec(line); return at && !/node:|node_modules|\\/dist\\//.test(at[2]) ? [[NAMED ? (at[1] ?? '<anonymous>') : '', at[2].replace(/^.*\\//, '')]] : []; });
const thrownBy = async (act) => { try { await act(); } catch (error) { return error; } return new Error('nothing was thrown'); };
const different = [];
for (const [what, task] of tasks) {
  count = 0;
  const local = await thrownBy(task);
  count = 0;
  const remote = await thrownBy(() => run(task));
  const [expected, actual] = [frames(local.stack), frames(remote.stack)];
  const same = actual.length > 0 && JSON.stringify(actual) === JSON.stringify(expected.slice(0, actual.length)) && local.name === remote.name;
  const about = (fn) => [fn.name, fn.length];
  const names = await run((fn) => [fn.name, fn.length], [task]);
  if (!same || String(names) !== String(about(task))) different.push({ what, expected: expected.slice(0, actual.length + 1), actual, message: remote.message, names, about: about(task) });
}
console.log(JSON.stringify({ compared: tasks.length, different }));
`;
