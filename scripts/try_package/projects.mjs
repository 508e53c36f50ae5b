// Empty projects to try the package in: outside of the clone, whose node_modules would else be found.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { capture } from '../tools.mjs';

/** @typedef {{ ok: boolean, output: string }} Outcome */

/** What the README's first example prints. */
export const EXPECTED = '3.315124750137329 3,4';

const BODY = `
torch.manual_seed(0);
const x = torch.randn(3, 4, { requires_grad: true });
const w = torch.randn(4, 2);
const loss = x.matmul(w).tanh().square().sum();
loss.backward();
const net = new nn.Linear(4, 2);
net(x).sum().backward();
console.log(loss.item(), String(x.grad.shape));
`;

/** The programs of every project: the first example, and a layer, by both ways into the package. */
export const PROGRAMS = {
  'program.mjs': `import * as torch from 'isotorch';\nimport { nn } from 'isotorch';\nimport { Linear } from 'isotorch/nn';\nif (Linear !== nn.Linear) throw new Error('two packages');\n${BODY}`,
  'program.cjs': `const torch = require('isotorch');\nconst { nn } = torch;\n${BODY}`,
};

/** @param {string} name @param {Record<string, string>} [files] @returns {string} its folder */
export function project(name, files = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), `isotorch-try-${name.replace(/\W+/g, '_')}-`));
  const all = {
    'package.json': JSON.stringify({ name: 'tried', version: '1.0.0', private: true }),
    ...PROGRAMS,
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return folder;
}

/** @param {string} folder */
export function discard(folder) {
  rmSync(folder, { recursive: true, force: true });
}

/** What npm and test runners tell the programs that they start. */
const INHERITED =
  /^(npm_(lifecycle|package|command|execpath|node|config_local_prefix)|INIT_CWD|NODE_OPTIONS|NODE_PATH|VITEST)/;

/** npm's registry for all: yarn has another one of its own. */
const registry = capture(['npm', 'config', 'get', 'registry']).output.trim();

/**
 * Runs a program in a project as a user's shell would.
 * @param {string} folder @param {string[]} command @param {NodeJS.ProcessEnv} [env] @returns {Outcome}
 */
export function runIn(folder, [program = '', ...args], env = {}) {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !INHERITED.test(name)));
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    env: { ...own, CI: '', YARN_REGISTRY: registry, YARN_NPM_REGISTRY_SERVER: registry, ...env },
    encoding: 'utf8',
    timeout: 300_000,
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}
