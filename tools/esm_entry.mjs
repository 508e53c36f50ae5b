// Writes lib/index.mts, the package's entry for `import`: node tools/esm_entry.mjs, after a change of public names.
//
// Without it Node reads the whole compiled package once more, to find out what the CommonJS files export; that costs
// a third of the start-up time. test/index.test.ts fails when the list is stale.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const names = Object.keys(require('../dist/index.js'))
  .filter((name) => name !== 'default' && name !== '__esModule')
  .sort();

/** @param {string} name */
function isReserved(name) {
  try {
    new Function(`'use strict'; const ${name} = 0;`);
    return false;
  } catch {
    return true;
  }
}

const plain = names.filter((name) => !isReserved(name));
const reserved = names.filter(isReserved);
writeFileSync(
  new URL('../lib/index.mts', import.meta.url),
  `/** The package for \`import\`. Made by tools/esm_entry.mjs from what index.ts exports; types come from index.ts. */
import { createRequire } from 'node:module';

const torch = createRequire(import.meta.url)('./index.js') as typeof import('./index.js');

export default torch;
export const {
${plain.map((name) => `  ${name},`).join('\n')}
} = torch;
${reserved.map((name) => `const ${name}_ = torch.${name};`).join('\n')}
export { ${reserved.map((name) => `${name}_ as ${name}`).join(', ')} };
`,
);
