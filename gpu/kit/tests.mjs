// The suites as plain JavaScript: each test file and what it imports of test/ in one, Vitest replaced by ../vitest/. The package
// and reference/ stay outside, at the places they have in the repository.
import { build } from 'esbuild';
import path from 'node:path';
import { root } from '../../reference/index.mjs';

/** Everything outside by its path from the bundle, which lies two folders deep, as its source does. */
const OUTSIDE = [
  [/^vitest$/, () => '../../gpu/vitest/index.mjs'],
  [/^isotorch(\/|$)/, (name) => name],
  [/\/reference\/index\.mjs$/, () => '../../reference/index.mjs'],
  [/\/dist\/torch\/inside\.js$/, () => '../../dist/torch/inside.js'],
];

/** @type {import('esbuild').Plugin} */
const outside = {
  name: 'outside',
  setup({ onResolve }) {
    for (const [filter, place] of OUTSIDE) {
      onResolve({ filter }, ({ path: name }) => ({ path: place(name), external: true }));
    }
  },
};

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'silent',
};

/** @param {string} kit @param {string[]} files such as test/parity/init.test.ts */
export async function bundleTests(kit, files) {
  const options = { ...COMMON, outExtension: { '.js': '.mjs' } };
  await build({ ...options, entryPoints: files, outbase: root, outdir: kit, plugins: [outside] });
  await build({
    ...options,
    entryPoints: ['gpu/vitest/index.mjs'],
    outdir: path.join(kit, 'gpu', 'vitest'),
    // chai asks for Node's modules by require.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  });
}
