// Bundles lib/torch/ into one file, dist/bundle.js: Node spends more time on finding and linking 270 small files than on
// running them. What tsc compiled of lib/torch/ goes, but for its declarations, and the package's entries hand on what is in
// the bundle. The rooms beside lib/torch/ stay files of their own: they are users of the package.
import { build, transform } from 'esbuild';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param {string} name */
function isReserved(name) {
  try {
    new Function(`'use strict'; const ${name} = 0;`);
    return false;
  } catch {
    return true;
  }
}

/**
 * The names that files of lib/ export.
 * @param {string} root @param {string[]} files @returns {Promise<Record<string, string[]>>}
 */
async function exportsOf(root, files) {
  const { metafile } = await build({
    ...common(root),
    entryPoints: files.map((file) => path.join(root, 'lib', file)),
    format: 'esm',
    write: false,
    metafile: true,
  });
  return Object.fromEntries(
    Object.values(metafile.outputs).map(({ entryPoint, exports }) => [
      path.relative('lib', entryPoint ?? ''),
      exports.filter((name) => name !== 'default').sort(),
    ]),
  );
}

/** @param {string} root @returns {import('esbuild').BuildOptions & { outdir: string }} */
const common = (root) => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'silent',
  outdir: path.join(root, 'dist'),
});

/**
 * Node's own modules without `require`, which an ES module that a user bundles has not. What is not used of them goes.
 * @type {import('esbuild').Plugin}
 */
const builtins = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name }) => ({ path: name, namespace: 'builtin', sideEffects: false }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => {
      const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter((key) => !isReserved(key));
      const exported = names.map((key) => `export const ${key} = /* @__PURE__ */ (() => builtin.${key})();`);
      return { contents: `const builtin = process.getBuiltinModule('${name}');\n${exported.join('\n')}` };
    });
  },
};

/** `{ a, b as c }`-like lists, one name a line; reserved words get a local name with an underscore. @param {string[]} names */
function lists(names) {
  const local = (/** @type {string} */ name) => (isReserved(name) ? `${name}_` : name);
  return {
    imported: names.map((name) => (isReserved(name) ? `${name} as ${local(name)}` : name)).join(', '),
    literal: names.map((name) => (isReserved(name) ? `${name}: ${local(name)}` : name)).join(', '),
  };
}

/** `isotorch/nn/functional` is `torch.nn.functional`. @param {string} entry @returns {string} where an entry's names are */
function placeOf(entry) {
  return { serialization: 'torch.io' }[entry] ?? `torch.${entry.replaceAll('_', '.')}`;
}

/** @param {string} root the checkout, compiled by tsc before */
export async function bundle(root) {
  const dist = path.join(root, 'dist');
  const entries = readdirSync(path.join(root, 'lib', 'entries')).map((file) => `entries/${file}`);
  const names = await exportsOf(root, ['torch/index.ts', 'torch/inside.ts', 'torch/python/index.ts', ...entries]);
  const torchNames = names['torch/index.ts'] ?? [];
  const { imported, literal } = lists(torchNames);
  // Getters for a thousand names, which a bundler would make of exports, cost as much as the rest of the start.
  const { outputFiles } = await build({
    ...common(root),
    stdin: {
      contents: `
        import { ${imported} } from './index';
        import * as inside from './inside';
        import * as python from './python';
        const torch = { ${literal} };
        torch.default = torch;
        Object.defineProperty(torch, '__esModule', { value: true });
        export = { torch, inside, python };
      `,
      loader: 'ts',
      resolveDir: path.join(root, 'lib', 'torch'),
      sourcefile: 'bundle.ts',
    },
    plugins: [builtins],
    format: 'cjs',
    // As what tsc writes: a method taken from its object has no `this`, and assignments to constants throw.
    banner: { js: `'use strict';` },
    outdir: undefined,
    outfile: path.join(dist, 'bundle.js'),
    sourcemap: 'inline',
    sourcesContent: false,
    write: false,
    minifyWhitespace: true,
  });
  // Comments went with the white space. One letter in them that is not ASCII would double the memory of the whole text.
  const { code, map } = await transform(outputFiles[0]?.text ?? '', {
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile: 'bundle.js',
    target: 'node20',
  });
  // A file that esbuild takes for CommonJS (by the `type` of package.json, say) makes it wrap each module in a function: classes
  // lose their names, and the start its speed.
  if (/__(esm|commonJS)\(/.test(code))
    throw new Error('the bundle holds wrapped modules: a file is taken for CommonJS');
  writeFileSync(path.join(dist, 'bundle.js'), `${withClassNames(code)}//# sourceMappingURL=bundle.js.map\n`);
  writeFileSync(path.join(dist, 'bundle.js.map'), map);
  removeCompiled(path.join(dist, 'torch'));
  const stub = (/** @type {string} */ file, /** @type {string} */ code) => {
    rmSync(path.join(dist, `${file}.map`), { force: true });
    writeFileSync(path.join(dist, file), `'use strict';\n${code}\n`);
  };
  // The second assignment changes nothing: it shows who reads the file without running it that there is a default.
  stub(
    'index.js',
    `const { torch } = require('./bundle.js');\nmodule.exports = torch;\nmodule.exports.default = torch;`,
  );
  stub('torch/inside.js', handOn('inside', 'inside', names['torch/inside.ts'] ?? []));
  stub('python/index.js', handOn('python', 'python', names['torch/python/index.ts'] ?? []));
  for (const file of entries) {
    const name = path.basename(file, '.ts');
    stub(`entries/${name}.js`, handOn('torch', placeOf(name), names[file] ?? []));
  }
  writeFileSync(path.join(dist, 'index.mjs'), esmEntry(torchNames));
  // For `import`, whose default is the object itself; the declarations are those of `require`.
  writeFileSync(path.join(dist, 'index.d.mts'), `export * from './index.js';\nexport { default } from './index.js';\n`);
}

/**
 * A file that exports an object of the bundle. Its last line never runs: it tells Node, for `import`, which names there are.
 * @param {string} part @param {string} place @param {string[]} names
 */
function handOn(part, place, names) {
  return `const { ${part} } = require('../bundle.js');\nmodule.exports = ${place};\n0 && (module.exports = { ${names.join(', ')} });`;
}

/**
 * A class that names itself in its body comes out as `var Generator = class _Generator`, and messages would show that. esbuild's
 * `keepNames` would mend it by a call for each function that is made, also inside of hot functions: a keyword call took 40 % longer.
 * @param {string} code
 */
function withClassNames(code) {
  let named = code;
  for (const [, name] of code.matchAll(/^var (\w+) = class _\1\b/gm)) {
    named = named.replace(new RegExp(`(?<![.\\w$'"\`])_${name}\\b(?!['"\`])`, 'g'), name ?? '');
  }
  return named;
}

/** Deletes the compiled code under a folder, but for the declarations. @param {string} folder */
function removeCompiled(folder) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(file)) rmSync(path.join(folder, file));
  }
}

/**
 * The package for `import`. Names that Node would else have to search the bundle for; a static import, which bundlers follow.
 * @param {string[]} names
 */
function esmEntry(names) {
  const reserved = names.filter(isReserved);
  const plain = names.filter((name) => !isReserved(name));
  const lines = [`import torch from './index.js';`, '', 'export default torch;', 'export const {'];
  lines.push(...plain.map((name) => `  ${name},`), '} = torch;');
  const renamed = reserved;
  lines.push(...renamed.map((name) => `const ${name}_ = torch.${name};`));
  lines.push(`export { ${renamed.map((name) => `${name}_ as ${name}`).join(', ')} };`);
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(path.join(import.meta.dirname, '..'));
