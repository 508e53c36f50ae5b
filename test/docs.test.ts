/** What the documents name exists, and the drawing of the house is the house. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OUTSIDE, ROOMS } from '../scripts/check_layers.mjs';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What the build or the set-up makes, libtorch's libraries and PyTorch's own sources. */
const ELSEWHERE = /^(dist|build|prebuilds|node_modules|\.venv|torch)(\/|$)|^lib\/lib\w+\.so$/;

const top = new Set(readdirSync(root));

/** Whether a text in backticks is meant as a path of the repository. */
function looksLikePath(text: string): boolean {
  if (ELSEWHERE.test(text) || !/^[\w.][\w./-]*$/.test(text)) return false;
  const [first = '', ...rest] = text.split('/');
  const named = /\.(ts|mjs|cjs|py|h|cpp|md|txt|json|gyp)$/.test(text);
  return rest.length > 0 ? top.has(first) || named : top.has(first);
}

/** Paths that a document names: in backticks, or as the aim of a link. */
function pathsIn(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '');
  const quoted = [...prose.matchAll(/`([^`\s]+)`/g)].map(([, name = '']) => name).filter(looksLikePath);
  const linked = [...prose.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, name = '']) => name);
  return [...quoted, ...linked];
}

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.split(path.sep).join('/')}`),
];

test('paths are told from other code', () => {
  expect(
    pathsIn('`lib/no.ts` `a/b` `torch.nn` `native/x` `loss.ts` `bridge/kinds.cpp` [x](docs/y.md) `CMakeLists.txt`'),
  ).toEqual(['lib/no.ts', 'native/x', 'bridge/kinds.cpp', 'CMakeLists.txt', 'docs/y.md']);
});

test.each(documents)('every file and folder that %s names exists', (document) => {
  const isThere = (name: string) =>
    existsSync(path.join(root, name)) || existsSync(path.join(root, path.dirname(document), name));
  expect(pathsIn(read(document)).filter((name) => !isThere(name))).toEqual([]);
});

test('the drawing of the house has the rows of the layer check', () => {
  const drawing = /## The house\s+```\n([\s\S]*?)```/.exec(read('docs/architecture.md'))?.[1] ?? '';
  const [beside = '', inside = ''] = drawing.split(/╞═══ [^\n]*/);
  const rows = (part: string) =>
    [...part.matchAll(/│ {2}(\w+(?: {2}\w+)*) {3,}/g)].map(([, names = '']) => names.split('  ').sort()).reverse();
  const sorted = (list: readonly (readonly string[])[]) => list.map((names) => [...names].sort());
  expect(rows(beside)).toEqual(sorted(OUTSIDE));
  expect(rows(inside)).toEqual(sorted(ROOMS));
});

test("Node-API's C functions are called in the files that the architecture names, and in no other", () => {
  const sources = readdirSync(path.join(root, 'native'), { recursive: true, encoding: 'utf8' })
    .map((file) => `native/${file.replaceAll(path.sep, '/')}`)
    .filter((file) => /\.(cpp|h)$/.test(file));
  const calling = sources.filter((file) => /\b(napi|node_api)_\w+\(/.test(read(file)));

  const table = /\| file \| what \| why \|\n([\s\S]*?)\n\n/.exec(read('docs/architecture.md'))?.[1] ?? '';
  const firstColumns = table.split('\n').map((row) => row.split('|')[1] ?? '');
  const named = firstColumns.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  const fits = (name: string, file: string) =>
    new RegExp(`^${name.replaceAll('.', '\\.').replaceAll('*', '\\w*')}$`).test(file);
  expect(named.length).toBeGreaterThan(5);
  expect(calling.filter((file) => !named.some((name) => fits(name, file)))).toEqual([]);
  expect(named.filter((name) => !calling.some((file) => fits(name, file)))).toEqual([]);
});
