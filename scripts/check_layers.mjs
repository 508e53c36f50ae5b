// Refuses an import that goes up. The layers of lib/, lowest first; a file may import from its own layer and from those
// below it.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folders (and files) of lib/ by layer. What is in no row is refused, so that a new folder gets its place on purpose. */
export const LAYERS = [
  ['native.ts', 'native_table.ts', 'errors.ts'],
  ['tensor', 'functional', 'generated', 'random', 'system', 'backends'],
  ['autograd', 'testing'],
  ['nn'],
  ['optim'],
  ['amp'],
  ['data', 'io'],
  ['gan'],
  ['train'],
  ['cli'],
  ['utils.ts'],
  ['torch.ts', 'index.ts'],
];

// Types vanish when compiled. The tensor layer may name types from above, because what a tensor's methods return or take
// (a hook's handle, a parameter) is defined there; other layers have no such need.
const MAY_NAME_TYPES_ABOVE = new Set(['tensor', 'functional', 'generated']);

/**
 * Everything wrong with the imports under lib/, one sentence each.
 * @param {string} lib
 * @returns {string[]}
 */
export function layerProblems(lib) {
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    // index.mts is made by tools/esm_entry.mjs and only hands on what index.ts exports.
    .filter((file) => /\.[cm]?ts$/.test(file) && file !== 'index.mts')
    .sort();
  return files.flatMap((file) => fileProblems(lib, file));
}

/** @param {string} lib @param {string} file */
function fileProblems(lib, file) {
  const layer = layerOf(file);
  if (layer < 0) return [`${file} is in no layer: give it a place in scripts/check_layers.mjs`];
  const source = withoutComments(readFileSync(path.join(lib, file), 'utf8'));
  const problems = [];
  if (file !== 'native.ts' && /\.node['"`]|process\.dlopen|createRequire/.test(source)) {
    problems.push(`${file} loads native code: only native.ts may`);
  }
  for (const { specifier, typeOnly } of importsOf(source)) {
    if (/^isotorch(\/|$)/.test(specifier)) {
      problems.push(`${file} imports the package itself (${specifier}): use a relative path`);
    }
    if (!specifier.startsWith('.') || specifier.endsWith('.node')) continue;
    const target = path.normalize(path.join(path.dirname(file), specifier));
    if (target === '..' || target.startsWith(`..${path.sep}`)) {
      problems.push(`${file} imports ${specifier}, which is outside lib/`);
      continue;
    }
    const targetLayer = layerOf(target);
    if (targetLayer < 0) problems.push(`${file} imports ${specifier}, which is in no layer`);
    if (targetLayer <= layer || (typeOnly && MAY_NAME_TYPES_ABOVE.has(topOf(file)))) continue;
    problems.push(`${file} imports ${specifier}, which is above it`);
  }
  return problems;
}

/** @param {string} file */
const topOf = (file) => file.split(path.sep)[0] ?? '';

/** @param {string} file a path under lib/, with or without its extension */
function layerOf(file) {
  const top = topOf(file);
  const names = [top, `${top.replace(/\.[cm]?js$/, '')}.ts`];
  // './' means the index file of lib/ itself.
  if (top === '.') names.push('index.ts');
  return LAYERS.findIndex((layer) => layer.some((entry) => names.includes(entry)));
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
