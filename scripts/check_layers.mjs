// The plan of the house: which room may look into which. Refuses an import that goes up, one that passes by a door, and
// circles of files. `node scripts/check_layers.mjs` prints the table.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The rooms of lib/torch/, lowest first: a file may import from its own room and from those of rows above it in this
 * list. Rooms of one row do not know each other. What is in no row is refused, so that a new room gets its place on purpose.
 */
export const ROOMS = [
  ['native'],
  ['core'],
  ['python'],
  ['memory'],
  ['call'],
  ['generated'],
  ['random'],
  ['accelerator', 'backends'],
  ['tensor'],
  ['ops', 'sparse', 'nested', 'signal'],
  ['functional'],
  ['masked', 'legacy'],
  ['autograd'],
  ['install'],
  ['linalg', 'testing'],
  ['nn'],
  ['optim'],
  ['amp', 'serialization', 'cuda'],
  ['export', 'func', 'jit'],
  ['utils'],
  ['index'],
  ['inside'],
];

/** Rooms beside lib/torch/, lowest first. They are users of the package: of torch they import public names only. */
export const OUTSIDE = [
  ['libtorch'],
  ['options', 'envelope', 'system'],
  ['install'],
  ['io'],
  ['data', 'gan'],
  ['train'],
  ['metrics'],
  ['recipes'],
  ['doctor'],
  ['cli'],
  ['testing'],
  ['entries', 'index', 'python'],
];

/** The doors of the package into lib/torch/. */
const ENTRIES = new Set(['entries', 'index', 'python']);

/** The class of tensors names the types of its methods' families, which are above it: the one look upward. */
const LOOKS_UP = 'torch/memory/tensor.ts';

/** The loader: below the wall, too. `torch/native/` starts it, the command line shows and fills what it looks through. */
const LOADER = 'libtorch';
const KNOW_THE_LOADER = ['native', 'install', 'doctor', 'cli'];

/** Files that know each other's types: a module is made of its tree and its state dict, and both are about modules. */
const CIRCLES_BY_TYPE = [
  ['torch/memory/handle.ts', 'torch/memory/tracking.ts'],
  ['convertible', 'hooked', 'load_state_dict', 'module', 'registration', 'state_dict', 'tree'].map(
    (file) => `torch/nn/module/${file}.ts`,
  ),
];

/** Files that put the house together: they see what is behind the doors. */
const WHOLE_HOUSE = new Set(['torch/index.ts', 'torch/install.ts', 'torch/inside.ts', LOOKS_UP]);

/**
 * Whether other rooms may import the file: a room's `index.ts`; its `inside.ts`, where `index.ts` is a namespace of PyTorch and
 * other rooms need more than users do; what is generated, where each file is a namespace.
 * @param {string} file
 */
const isDoor = (file) =>
  /^torch\/\w+\/(index|inside)\.ts$|^torch\/generated\//.test(file) || /^torch\/\w+\.ts$/.test(file);

/** What lib/torch/ may import besides itself; npm packages are for the rooms beside it. */
const NODE = /^node:/;

/**
 * @typedef {{ file: string, specifier: string, target: string | undefined, typeOnly: boolean }} Import
 */

/**
 * Everything wrong with the imports under lib/, one sentence each.
 * @param {string} lib
 * @returns {string[]}
 */
export function layerProblems(lib) {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?ts$/.test(file))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
  /** @type {Import[]} */
  const imports = [];
  const problems = files.flatMap((file) => {
    const source = withoutComments(readFileSync(path.join(lib, file), 'utf8'));
    const own = importsOf(source).map(({ specifier, typeOnly }) => ({
      file,
      specifier,
      typeOnly,
      target: specifier.startsWith('.') ? targetOf(lib, file, specifier) : undefined,
    }));
    imports.push(...own);
    return [...nativeProblems(file, source), ...own.flatMap(importProblems)];
  });
  return [...problems, ...circleProblems(imports)];
}

/** @param {string} file @param {string} source @returns {string[]} */
function nativeProblems(file, source) {
  if (/^(torch\/native|libtorch)\//.test(file) || !/\.node['"`]|process\.dlopen|createRequire/.test(source)) return [];
  return [`${file} loads native code: only torch/native/ and libtorch/ may`];
}

/**
 * The file that a relative import means, under lib/; undefined when there is none.
 * @param {string} lib @param {string} file @param {string} specifier
 */
function targetOf(lib, file, specifier) {
  const bare = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.replace(/\.js$/, '')));
  const names = [`${bare}.ts`, `${bare === '.' ? '' : `${bare}/`}index.ts`, ...(bare.endsWith('.json') ? [bare] : [])];
  return names.find((name) => existsSync(path.join(lib, name)));
}

/** The room a file is in: `torch/nn/module/module.ts` is in `nn`, `io/png.ts` in `io`. @param {string} file */
function roomOf(file) {
  const parts = file.replace(/^torch\//, '').split('/');
  return (parts[0] ?? '').replace(/\.ts$/, '');
}

/** @param {string} file */
const isTorch = (file) => file.startsWith('torch/');

/** @param {string} file @returns {number} the row, -1 for none */
function rowOf(file) {
  return (isTorch(file) ? ROOMS : OUTSIDE).findIndex((row) => row.includes(roomOf(file)));
}

/** @param {Import} import_ @returns {string[]} */
function importProblems({ file, specifier, target, typeOnly }) {
  const said = `${file} imports ${specifier}`;
  if (rowOf(file) < 0) return [`${file} is in no room: give it a place in scripts/check_layers.mjs`];
  if (!specifier.startsWith('.')) {
    if (roomOf(file) === LOADER) return NODE.test(specifier) ? [] : [`${said}: lib/libtorch/ depends on Node alone`];
    if (!isTorch(file)) return [];
    if (/^isotorch(\/|$)/.test(specifier)) return [`${said}, the package itself: use a relative path`];
    return NODE.test(specifier) ? [] : [`${said}: lib/torch/ has no dependency but Node and libtorch`];
  }
  if (specifier.endsWith('.node')) return [];
  if (target === undefined) return [`${said}, which is not a file of lib/`];
  if (roomOf(target) === LOADER && roomOf(file) !== LOADER) {
    const knows = KNOW_THE_LOADER.includes(roomOf(file)) && target === `${LOADER}/index.ts`;
    return knows ? [] : [`${said}: lib/libtorch/ is for the loader of the addon and the command line, by its index.ts`];
  }
  if (isTorch(target) && !isTorch(file)) {
    return ENTRIES.has(roomOf(file)) ? [] : [`${said}: outside of lib/torch/ only public names may be imported`];
  }
  if (!isTorch(target) && isTorch(file)) return [`${said}, which is outside of lib/torch/`];
  if (roomOf(file) === roomOf(target) || (file === LOOKS_UP && typeOnly)) return [];
  if (rowOf(target) < 0) return [`${said}, which is in no room`];
  if (isTorch(file) && !WHOLE_HOUSE.has(file) && !isDoor(target)) {
    return [`${said}: the door of ${roomOf(target)} is its index.ts (or inside.ts)`];
  }
  if (rowOf(target) === rowOf(file)) return [`${said}: ${roomOf(file)} and ${roomOf(target)} do not know each other`];
  return rowOf(target) < rowOf(file) ? [] : [`${said}, which is above it`];
}

/** Files that import each other, types included. @param {Import[]} imports @returns {string[]} */
function circleProblems(imports) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { file, target, typeOnly } of imports) {
    if (target === undefined || (file === LOOKS_UP && typeOnly)) continue;
    next.set(file, [...(next.get(file) ?? []), target]);
  }
  const known = new Set(CIRCLES_BY_TYPE.map((circle) => circle.join()));
  const circles = circlesOf(next).filter((circle) => !known.has(circle.sort().join()));
  return circles.map((circle) => `a circle of ${circle.length} files: ${circle.join(', ')}`);
}

/** The strongly connected parts of a graph that have several nodes (Tarjan). @param {Map<string, string[]>} next */
function circlesOf(next) {
  /** @type {string[][]} */
  const circles = [];
  /** @type {string[]} */
  const stack = [];
  /** @type {Map<string, number>} */
  const order = new Map();
  /** @type {Map<string, number>} */
  const lowest = new Map();
  /** @param {string} node */
  const visit = (node) => {
    order.set(node, order.size);
    lowest.set(node, order.get(node) ?? 0);
    stack.push(node);
    for (const other of next.get(node) ?? []) {
      if (!order.has(other)) visit(other);
      if (stack.includes(other)) lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(other) ?? 0));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const part = stack.splice(stack.indexOf(node));
    if (part.length > 1) circles.push(part);
  };
  for (const node of next.keys()) if (!order.has(node)) visit(node);
  return circles;
}

/** @param {string} source */
function withoutComments(source) {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|(['"`])(?:\\[\s\S]|(?!\1)[^\\])*\1/g, (text) =>
    text.startsWith('/') ? ' ' : text,
  );
}

/**
 * @param {string} source
 * @returns {{ specifier: string, typeOnly: boolean }[]}
 */
export function importsOf(source) {
  const found = [];
  const statements = /^[ \t]*(?:import|export)\s+(type\s+)?([\w$*{},\s]*?)\s*(?:from\s*)?['"]([^'"]+)['"]/gm;
  for (const [, type, names = '', specifier = ''] of source.matchAll(statements)) {
    found.push({ specifier, typeOnly: Boolean(type) || onlyTypes(names) });
  }
  for (const [, specifier = ''] of source.matchAll(/\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g)) {
    found.push({ specifier, typeOnly: false });
  }
  return found;
}

/** `{ type A, type B }` @param {string} names */
function onlyTypes(names) {
  const inner = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  if (inner === undefined) return false;
  return inner
    .split(',')
    .filter((name) => name.trim() !== '')
    .every((name) => /^\s*type\s/.test(name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [where, rows] of Object.entries({ 'lib/torch/': ROOMS, 'lib/': OUTSIDE })) {
    console.log(`${where}, lowest first`);
    for (const row of rows) console.log(`  ${row.join('  ')}`);
  }
  const problems = layerProblems(fileURLToPath(new URL('../lib', import.meta.url)));
  console.log(problems.length === 0 ? 'nothing goes up, no circles' : problems.join('\n'));
}
