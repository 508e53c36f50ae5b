// Bundles lib/torch/ into two files, because Node spends more time on finding and linking hundreds of small files than on
// running them: dist/bundle.js, what every program needs, and dist/later.js, the rooms that load when first used. What tsc
// compiled of lib/torch/ goes, but for its declarations, and the package's entries hand on what is in the bundles. The rooms
// beside lib/torch/ stay files of their own: they are users of the package.
//
// torch.nn and its like are in the first bundle as objects whose properties load the second one, which makes them its own:
// `import { nn } from 'isotorch'` costs nothing until `nn.Linear`. The second bundle takes what it shares with the first from
// there, so that there is one class Tensor.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportsOf, isReserved } from './bundling/esbuild.mjs';
import { laterNames, split } from './bundling/split.mjs';

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
  const bundles = await split(root, torchNames);
  for (const [file, { code, map }] of Object.entries({ 'bundle.js': bundles.first, 'later.js': bundles.later })) {
    writeFileSync(path.join(dist, file), `${code}//# sourceMappingURL=${file}.map\n`);
    writeFileSync(path.join(dist, `${file}.map`), map);
  }
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
  // What the worker threads of a DataLoader run.
  stub('data_worker.js', `require('./torch/inside.js').runDataWorker();`);
  stub('torch/inside.js', handOn('later', 'inside', 'inside', names['torch/inside.ts'] ?? []));
  stub('python/index.js', handOn('bundle', 'python', 'python', names['torch/python/index.ts'] ?? []));
  const { namespaces } = laterNames(root);
  for (const file of entries) {
    const name = path.basename(file, '.ts');
    const place = placeOf(name);
    const [, namespace = ''] = place.split('.');
    stub(`entries/${name}.js`, handOn(namespace in namespaces ? 'later' : 'bundle', 'torch', place, names[file] ?? []));
  }
  writeFileSync(path.join(dist, 'index.mjs'), esmEntry(torchNames));
  // For `import`, whose default is the object itself; the declarations are those of `require`.
  writeFileSync(path.join(dist, 'index.d.mts'), `export * from './index.js';\nexport { default } from './index.js';\n`);
}

/**
 * A file that exports an object of a bundle. Its last line never runs: it tells Node, for `import`, which names there are.
 * @param {'bundle' | 'later'} file @param {string} part @param {string} place @param {string[]} names
 */
function handOn(file, part, place, names) {
  return `const { ${part} } = require('../${file}.js');\nmodule.exports = ${place};\n0 && (module.exports = { ${names.join(', ')} });`;
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
