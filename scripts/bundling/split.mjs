// The two bundles: what every program needs, and the rooms that load when first used.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bundled, exportsOf, fileOf, isReserved } from './esbuild.mjs';

/** Folders of lib/torch/ that load when first used. */
const LATER = ['nn', 'optim', 'serialization', 'utils', 'func', 'export', 'jit', 'random/numpy', 'random/python'];

/** Namespaces that load when first used although functions of their rooms are names of torch, too, and load at once. */
const LATER_NAMESPACES = ['random'];

/** Whether a file of lib/ loads when first used. @param {string | undefined} file */
const isLater = (file) => LATER.some((folder) => file?.startsWith(`torch/${folder}/`));

/** What the later bundle takes from the first: names by file. @typedef {Map<string, string[]>} Shared */

/**
 * The names of torch that load later, and the files of lib/ that they are: whole namespaces, and single functions.
 * @param {string} root
 */
export function laterNames(root) {
  const index = path.join(root, 'lib', 'torch', 'index.ts');
  /** @type {Record<string, string>} */
  const namespaces = {};
  /** @type {Record<string, string>} */
  const functions = {};
  const exported = /^export (?:\* as (\w+)|\{([^}]*)\}) from '(\.\/[^']*)';/gm;
  for (const [, namespace, list = '', from = ''] of readFileSync(index, 'utf8').matchAll(exported)) {
    const file = fileOf(root, path.dirname(index), from);
    if (file === undefined) throw new Error(`lib/torch/index.ts: there is no ${from}`);
    if (namespace !== undefined && (isLater(file) || LATER_NAMESPACES.includes(namespace)))
      namespaces[namespace] = file;
    if (!isLater(file)) continue;
    const names = list.split(',').map((name) => name.trim());
    for (const name of names) if (name !== '' && !name.startsWith('type ')) functions[name] = file;
  }
  return { namespaces, functions };
}

/**
 * Both bundles.
 * @param {string} root @param {string[]} torchNames all names of torch
 */
export async function split(root, torchNames) {
  const names = laterNames(root);
  const exported = await exportsOf(root, Object.values(names.namespaces));
  const ofFirst = torchNames.filter((name) => !(name in names.namespaces) && !(name in names.functions));
  const firstBundle = (/** @type {Shared} */ shared) =>
    bundled(root, firstEntry(ofFirst, names, exported, shared), 'bundle', {
      plugins: [leavingOut(root)],
      format: 'cjs',
      // As what tsc writes: a method taken from its object has no `this`, and assignments to constants throw.
      banner: { js: `'use strict';` },
      external: ['./later.js'],
    });
  /** @type {Shared} */
  let shared = new Map();
  let first = await firstBundle(shared);
  let later = await laterBundle(root, laterEntry(names), first.files);
  // What is shared may bring in what nothing of the first bundle used: again, until nothing comes.
  for (let size = -1; size !== first.files.size; ) {
    size = first.files.size;
    shared = await withAllNames(root, later.taken);
    first = await firstBundle(shared);
    later = await laterBundle(root, laterEntry(names), first.files);
  }
  return { first, later };
}

/** An import of a name under another one. @param {string} name @param {string} as */
const renamed = (name, as) => (name === as ? name : `${name} as ${as}`);

/** @param {string} name */
const local = (name) => (isReserved(name) ? `${name}_` : name);

/**
 * Getters for a thousand names, which a bundler would make of exports, cost as much as the rest of the start: an object.
 * @param {string[]} names @param {ReturnType<typeof laterNames>} later @param {Record<string, string[]>} exported @param {Shared} shared
 */
function firstEntry(names, later, exported, shared) {
  const imports = [...shared].map(([file, list], i) => {
    const named = list.map((name) => `${name} as s${i}_${name}`).join(', ');
    return `import { ${named} } from ${importOf(file)};`;
  });
  const parts = [...shared].map(
    ([file, list], i) => `'${file}': { ${list.map((name) => `${name}: s${i}_${name}`).join(', ')} }`,
  );
  const namespaces = Object.entries(later.namespaces).map(
    ([name, file]) => `${name}: later('${name}', ${JSON.stringify(exported[file])})`,
  );
  const functions = Object.keys(later.functions).map(
    (name) => `${name}(...args) { return loaded().${name}(...args); }`,
  );
  return `
    import { ${names.map((name) => renamed(name, local(name))).join(', ')} } from './index';
    import * as python from './python';
    ${imports.join('\n')}
    const loaded = () => require('./later.js').functions;
    function later(namespace, names) {
      const made = {};
      for (const name of names) {
        const get = () => (loaded(), torch[namespace][name]);
        Object.defineProperty(made, name, { get, enumerable: true, configurable: true });
      }
      return made;
    }
    const torch = { ${names.map((name) => (isReserved(name) ? `${name}: ${local(name)}` : name)).join(', ')},
      ${[...namespaces, ...functions].join(',\n')} };
    torch.default = torch;
    Object.defineProperty(torch, '__esModule', { value: true });
    const shared = () => ({ ${parts.join(',\n')} });
    export = { torch, python, shared };`;
}

/** An import path of a file of lib/torch/. @param {string} file */
const importOf = (file) => `'./${path.relative('torch', file).replace(/\.ts$/, '')}'`;

/** @param {ReturnType<typeof laterNames>} later */
function laterEntry({ namespaces, functions }) {
  const imports = [
    ...Object.entries(namespaces).map(([name, file]) => `import * as ${local(name)} from ${importOf(file)};`),
    ...Object.entries(functions).map(([name, file]) => `import { ${name} } from ${importOf(file)};`),
  ];
  return `
    ${imports.join('\n')}
    import * as inside from './inside';
    const namespaces = { ${Object.keys(namespaces)
      .map((name) => `${name}: ${local(name)}`)
      .join(', ')} };
    for (const [name, made] of Object.entries(namespaces)) {
      for (const [key, value] of Object.entries(made)) {
        Object.defineProperty($first.torch[name], key, { value, enumerable: true, configurable: true, writable: true });
      }
    }
    const functions = { ${Object.keys(functions).join(', ')} };
    $handOut({ torch: $first.torch, inside, functions });`;
}

/** Leaves out what loads later, unless something else uses it. @param {string} root @returns {import('esbuild').Plugin} */
function leavingOut(root) {
  return {
    name: 'leaving out',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
        const file = fileOf(root, resolveDir, name);
        if (file === undefined || !isLater(file)) return undefined;
        return { path: path.join(root, 'lib', file), sideEffects: false };
      });
    },
  };
}

/**
 * The later bundle, and what it takes from files of the first: imports, which become constants.
 * @param {string} root @param {string} contents @param {Set<string>} firstFiles
 */
async function laterBundle(root, contents, firstFiles) {
  /** @type {import('esbuild').Plugin} */
  const outside = {
    name: 'outside',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: name, resolveDir }) => {
        const file = fileOf(root, resolveDir, name);
        return file !== undefined && firstFiles.has(file) ? { path: `first:${file}`, external: true } : undefined;
      });
    },
  };
  /** @type {Map<string, Set<string>>} */
  const taken = new Map();
  const made = await bundled(
    root,
    contents,
    'later',
    {
      plugins: [outside],
      format: 'esm',
      banner: {
        js: `'use strict'; const $first = require('./bundle.js'); const $shared = $first.shared(); const $handOut = (made) => { module.exports = made; };`,
      },
    },
    (code) => withConstants(code, taken),
  );
  return { ...made, taken };
}

/**
 * Imports from the first bundle as constants, and notes their names by file.
 * @param {string} code @param {Map<string, Set<string>>} taken
 */
function withConstants(code, taken) {
  const imports = /\bimport\b([^"]*?)(?:\bfrom)?\s*"first:([^"]+)";/g;
  return code.replace(imports, (_, /** @type {string} */ what, /** @type {string} */ file) => {
    const names = taken.get(file) ?? new Set();
    taken.set(file, names);
    const source = `$shared[${JSON.stringify(file)}]`;
    const [, namespace] = /^\s*\*\s*as (\w+)/.exec(what) ?? [];
    if (namespace !== undefined) {
      for (const name of used(code, namespace)) names.add(name);
      return `const ${namespace} = ${source};`;
    }
    const pairs = [...what.matchAll(/(\w+)(?: as (\w+))?/g)];
    for (const [, name = ''] of pairs) names.add(name);
    return pairs.length === 0
      ? ''
      : `const { ${pairs.map(([, name, as = name]) => `${name}: ${as}`).join(', ')} } = ${source};`;
  });
}

/**
 * The names that are used of a namespace; `*` where it is used as a whole, too.
 * @param {string} code @param {string} namespace
 */
function used(code, namespace) {
  const uses = [...code.matchAll(new RegExp(`(?<![.\\w$'"])${namespace}\\b(?!['"])(?:\\.(\\w+))?`, 'g'))];
  // One is the import.
  const wholly = uses.filter(([, name]) => name === undefined).length > 1;
  return new Set(wholly ? ['*'] : uses.flatMap(([, name]) => name ?? []));
}

/** A file that is taken as a whole is taken by all its names. @param {string} root @param {Map<string, Set<string>>} taken @returns {Promise<Shared>} */
async function withAllNames(root, taken) {
  const whole = [...taken].filter(([, names]) => names.has('*')).map(([file]) => file);
  const all = whole.length === 0 ? {} : await exportsOf(root, whole);
  return new Map([...taken].map(([file, names]) => [file, all[file] ?? [...names].sort()]));
}
