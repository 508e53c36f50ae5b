// What a TypeScript user meets: README and examples compile as strict TypeScript, and the declarations need nothing else.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../reference/index.mjs';
import { nodeTool } from '../scripts/tools.mjs';

// Inside the package, so that `import 'isotorch'` finds the package itself.
mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build', 'types-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles files as a strict project does. `said` is one line for each error, and the files that were read. */
function compile(name: string, files: readonly string[], options: object): { ok: boolean; said: string } {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, lib: ['ES2022', 'ESNext.Disposable'] },
    ...{ target: 'es2022', module: 'nodenext', moduleResolution: 'nodenext', ...options },
  };
  const project = join(folder, `tsconfig.${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  const [command = '', ...args] = nodeTool('tsc', '-p', project, '--pretty', 'false', '--listFiles');
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return { ok: status === 0, said: stdout };
}

const errors = (said: string): string[] => said.split('\n').filter((line) => /\): error |^error /.test(line));

/** A document's TypeScript and JavaScript, each in a file where its lines have the numbers they have in the document. */
function snippets(document: string): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```(ts|js)\n([\s\S]*?)^```/gm)].map(({ 1: kind, 2: code = '', index }) => {
    const before = text.slice(0, index).split('\n').length;
    const file = join(folder, `${basename(document)}.${before}.${kind === 'ts' ? 'mts' : 'mjs'}`);
    writeFileSync(file, '\n'.repeat(before) + code);
    return file;
  });
}

/** Where the error is for who reads the document. */
const inDocument = (line: string): string =>
  line.replace(/^.*?([^/]*\.md)\.\d+\.m[tj]s\((\d+),\d+\)/, (_, document, at) => `${document}:${at}`);

it('README and examples are strict TypeScript', { timeout: 120_000 }, () => {
  const examples = readdirSync(join(root, 'examples')).filter((name) => /\.m[tj]s$/.test(name));
  const files = [...snippets('README.md'), ...examples.map((name) => join(root, 'examples', name))];
  expect(files.length).toBeGreaterThan(5);
  const { said } = compile('users', files, { types: ['node'], allowJs: true, checkJs: true, skipLibCheck: true });
  expect(errors(said).map(inDocument)).toEqual([]);
  for (const file of files) expect(said).toContain(relative(root, file));
});

it('an error names the line of the document', () => {
  expect(inDocument('build/types-x/README.md.6.mts(12,5): error TS2322: no')).toBe('README.md:12: error TS2322: no');
});

it('the declarations of every entry need neither skipLibCheck nor @types/node', { timeout: 120_000 }, () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  const file = join(folder, 'entries.mts');
  const lines = entries.map((entry, at) => `export * as entry${at} from 'isotorch${entry.slice(1)}';`);
  // So that a package without types would not pass.
  lines.push(
    "import { ones } from 'isotorch';",
    '// @ts-expect-error: a tensor is no text',
    'export const wrong: string = ones(2);',
  );
  writeFileSync(file, lines.join('\n'));
  const { ok, said } = compile('entries', [file], { types: [], skipLibCheck: false });
  expect(errors(said)).toEqual([]);
  expect(ok, said).toBe(true);
  expect(said).not.toContain('@types/node');
});
