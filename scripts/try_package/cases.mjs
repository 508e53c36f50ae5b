// What the packed package must do in a project that knows nothing of the clone. Each case says '' where all is well.
import { build } from 'esbuild';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { nodeTool } from '../tools.mjs';
import { discard, EXPECTED, project, runIn } from './projects.mjs';
import { managerProgram, MANAGERS, nodeProgram } from './tools.mjs';

/** @typedef {{ tarball: string, env: NodeJS.ProcessEnv }} Given the package, and the variables that say where libtorch is */

/** The last lines of what a command printed. @param {string} output */
const ending = (output) => output.trim().split('\n').slice(-6).join('\n');

/** @param {string} what @param {import('./projects.mjs').Outcome} outcome @param {string} [expected] */
function problem(what, { ok, output }, expected) {
  if (ok && (expected === undefined || output.trim() === expected)) return '';
  return `${what}: ${ending(output)}`;
}

/** The first problem of several steps; later ones are not tried. @param {(() => string | Promise<string>)[]} steps */
async function first(...steps) {
  for (const step of steps) {
    const found = await step();
    if (found) return found;
  }
  return '';
}

/**
 * Installs with a package manager on a Node, and runs both programs.
 * @param {Given} given @param {string} major @param {import('./tools.mjs').Manager} manager
 */
export async function installAndRun({ tarball, env }, major, manager) {
  const node = nodeProgram(major);
  const folder = project(`${manager.name}-node${major}`, manager.files);
  const { file } = managerProgram(manager);
  const variables = { ...env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const run = (/** @type {string} */ program) =>
    runIn(folder, manager.plugged ? [node, file, 'node', program] : [node, program], variables);
  try {
    return await first(
      () => {
        const outcome = runIn(folder, [node, file, ...manager.add(tarball)], variables);
        const speaks = manager.quiet && /^.*\b(scripts?|node-gyp|rebuild)\b.*$/im.exec(outcome.output)?.[0];
        return problem('install', outcome) || (speaks ? `install says: ${speaks}` : '');
      },
      () => problem('import', run('program.mjs'), EXPECTED),
      () => problem('require', run('program.cjs'), EXPECTED),
    );
  } finally {
    discard(folder);
  }
}

/** A project with the package, made by npm. @param {Given} given @param {Record<string, string>} files @param {string[]} [options] */
function installed({ tarball }, files, options = []) {
  const folder = project('npm', files);
  const outcome = runIn(folder, ['npm', 'install', '--ignore-scripts', ...options, tarball]);
  if (!outcome.ok) throw new Error(`npm install: ${ending(outcome.output)}`);
  return folder;
}

const TYPED = `
import * as torch from 'isotorch';
import { Linear } from 'isotorch/nn';
import { Adam } from 'isotorch/optim';
const net = new Linear(4, 2);
const out: torch.Tensor = net(torch.randn(3, 4));
const optimizer = new Adam(net.parameters(), { lr: 1e-3 });
out.sum().backward();
optimizer.step();
export const loss: number = Number(out.sum().item());
// @ts-expect-error: a word is no size
torch.zeros('three');
`;

/** Types, with the declarations of the package checked too. @param {Given} given */
export async function types(given) {
  const modes = [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ];
  const folder = installed(given, { 'typed.mts': TYPED, 'typed.cts': TYPED });
  try {
    const steps = modes.map(([module = '', resolution = '']) => () => {
      const options = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--target', 'es2022'];
      const lib = ['--lib', 'es2022,esnext.disposable', '--types', ''];
      const mode = ['--module', module, '--moduleResolution', resolution];
      const files = resolution === 'bundler' ? ['typed.mts'] : ['typed.mts', 'typed.cts'];
      return problem(resolution, runIn(folder, nodeTool('tsc', ...options, ...lib, ...mode, ...files)));
    });
    return await first(...steps);
  } finally {
    discard(folder);
  }
}

/** Bundles of a program with the package outside, in both formats. @param {Given} given */
export async function bundles(given) {
  const folder = installed(given, {});
  const bundle = (/** @type {'esm' | 'cjs'} */ format, /** @type {string} */ out) =>
    build({
      absWorkingDir: folder,
      entryPoints: ['program.mjs'],
      bundle: true,
      platform: 'node',
      format,
      external: ['isotorch', 'isotorch/*'],
      outfile: path.join(folder, out),
      logLevel: 'silent',
    });
  try {
    await bundle('esm', 'out/bundle.mjs');
    await bundle('cjs', 'out/bundle.cjs');
    return await first(
      () => problem('esm', runIn(folder, [process.execPath, 'out/bundle.mjs'], given.env), EXPECTED),
      () => problem('cjs', runIn(folder, [process.execPath, 'out/bundle.cjs'], given.env), EXPECTED),
    );
  } finally {
    discard(folder);
  }
}

const SERVER = `
import { createServer } from 'node:http';
const answer = async () => {
  const torch = await import('isotorch');
  return String(torch.arange(4).add(1).tolist());
};
const server = createServer(async (_, response) => response.end(await answer())).listen(0, async () => {
  const address = server.address();
  const get = async () => (await fetch('http://127.0.0.1:' + address.port)).text();
  console.log((await Promise.all([get(), get()])).join(' '));
  process.exit();
});
`;

/**
 * A server as Next.js builds it with `serverExternalPackages: ['isotorch']`: chunks in .next/server that load the package when
 * the first request comes.
 * @param {Given} given
 */
export async function serverBundle(given) {
  const folder = installed(given, { 'server.mjs': SERVER });
  try {
    await build({
      absWorkingDir: folder,
      entryPoints: ['server.mjs'],
      bundle: true,
      splitting: false,
      platform: 'node',
      format: 'cjs',
      minify: true,
      external: ['isotorch'],
      outfile: path.join(folder, '.next/server/app/page.js'),
      logLevel: 'silent',
    });
    const outcome = runIn(folder, [process.execPath, '.next/server/app/page.js'], given.env);
    return problem('requests', outcome, '1,2,3,4 1,2,3,4');
  } finally {
    discard(folder);
  }
}

/** A lock file that npm made for another system, installed here. @param {Given} given */
export async function otherSystemsLock(given) {
  const folder = installed(given, {}, ['--os=darwin', '--cpu=arm64']);
  try {
    rmSync(path.join(folder, 'node_modules'), { recursive: true });
    return await first(
      () => problem('npm ci', runIn(folder, ['npm', 'ci', '--ignore-scripts'])),
      () => problem('import', runIn(folder, [process.execPath, 'program.mjs'], given.env), EXPECTED),
    );
  } finally {
    discard(folder);
  }
}

/** A folder with blanks and letters that are not ASCII. @param {Given} given */
export async function strangeFolder(given) {
  const folder = project('größe und 大');
  const inner = path.join(folder, 'mein Projekt 大');
  mkdirSync(inner);
  try {
    return await first(
      () => problem('install', runIn(folder, ['npm', 'install', '--ignore-scripts', '--prefix', inner, given.tarball])),
      () =>
        problem(
          'require',
          runIn(inner, [process.execPath, '-p', `require('isotorch').ones([2]).tolist().join()`], given.env),
          '1,1',
        ),
    );
  } finally {
    discard(folder);
  }
}

/** The command line of the package. @param {Given} given */
export async function commandLine(given) {
  const folder = installed(given, {});
  try {
    return problem(
      'npx isotorch --version',
      runIn(folder, ['npx', '--no-install', 'isotorch', '--version'], given.env),
    );
  } finally {
    discard(folder);
  }
}

/** Every manager on every Node that it runs on. */
export const combinations = (/** @type {string[]} */ majors) =>
  majors.flatMap((major) => MANAGERS.map((manager) => ({ major, manager })));
