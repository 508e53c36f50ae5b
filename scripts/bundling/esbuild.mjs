// What the bundles have in common: how they are built, and which names files export.
import { build, transform } from 'esbuild';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ code: string, map: string }} Code */

/** Whether a name cannot be that of a variable. @param {string} name */
export function isReserved(name) {
  try {
    new Function(`'use strict'; const ${name} = 0;`);
    return false;
  } catch {
    return true;
  }
}

/** @param {string} root @returns {import('esbuild').BuildOptions & { outdir: string, metafile: true, write: false }} */
export const common = (root) => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  logLevel: 'silent',
  outdir: path.join(root, 'dist'),
  metafile: true,
  write: false,
});

/**
 * The names that files of lib/ export.
 * @param {string} root @param {string[]} files @returns {Promise<Record<string, string[]>>}
 */
export async function exportsOf(root, files) {
  const { metafile } = await build({
    ...common(root),
    entryPoints: files.map((file) => path.join(root, 'lib', file)),
    format: 'esm',
  });
  return Object.fromEntries(
    Object.values(metafile.outputs).map(({ entryPoint, exports }) => [
      path.relative('lib', entryPoint ?? ''),
      exports.filter((name) => name !== 'default').sort(),
    ]),
  );
}

/** The file of lib/ that an import means; undefined for what is none. @param {string} root @param {string} folder @param {string} name */
export function fileOf(root, folder, name) {
  if (!name.startsWith('.')) return undefined;
  const base = path.resolve(folder, name);
  const found = [`${base}.ts`, path.join(base, 'index.ts')].find((file) => existsSync(file) && statSync(file).isFile());
  return found === undefined ? undefined : path.relative(path.join(root, 'lib'), found);
}

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

/**
 * A bundle as Node loads it, and the files of lib/ in it.
 * @param {string} root @param {string} contents source text of its entry, beside lib/torch/index.ts
 * @param {string} name @param {import('esbuild').BuildOptions} options @param {(code: string) => string} [change]
 * @returns {Promise<Code & { files: Set<string> }>}
 */
export async function bundled(root, contents, name, options, change = (code) => code) {
  const { outputFiles, metafile } = await build({
    ...common(root),
    stdin: { contents, loader: 'ts', resolveDir: path.join(root, 'lib', 'torch'), sourcefile: `${name}.ts` },
    outdir: undefined,
    outfile: path.join(root, 'dist', `${name}.js`),
    sourcemap: 'inline',
    sourcesContent: false,
    minifyWhitespace: true,
    ...options,
    plugins: [...(options.plugins ?? []), builtins],
  });
  // Comments went with the white space. One letter in them that is not ASCII would double the memory of the whole text.
  const { code, map } = await transform(change(outputFiles?.[0]?.text ?? ''), {
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile: `${name}.js`,
    target: 'node20',
  });
  // A file that esbuild takes for CommonJS (by the `type` of package.json, say) makes it wrap each module in a function: classes
  // lose their names, and the start its speed.
  if (/__(esm|commonJS)\(/.test(code)) {
    throw new Error(`${name}.js holds wrapped modules: a file is taken for CommonJS, or asked for by require()`);
  }
  const inputs = Object.values(metafile?.outputs ?? {}).flatMap((output) => Object.entries(output.inputs));
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => path.relative('lib', file));
  return { code: withClassNames(code), map, files: new Set(files) };
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
