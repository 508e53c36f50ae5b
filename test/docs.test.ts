/** What the documents name exists, and the drawing of the house is the house. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { OUTSIDE, ROOMS } from '../scripts/check_layers.mjs';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** What the build or the set-up makes, and PyTorch's own sources. */
const ELSEWHERE = /^(dist|build|node_modules|\.venv|torch)(\/|$)/;

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
  ...readdirSync(path.join(root, 'docs')).map((file) => `docs/${file}`),
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
