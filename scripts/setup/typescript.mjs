import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from './context.mjs';
import { explain, SetupProblem } from './problem.mjs';
import { fingerprint, readJson, writeJson } from './stamp.mjs';

/**
 * The step: compiles lib/ to dist/, unless nothing has changed. The stamp lies in dist/, so that deleting dist/ is enough
 * to start anew. An installed package brings dist/ and no sources.
 * @param {import('./context.mjs').Context} context
 */
export async function setUpTypeScript(context) {
  const { root } = context;
  const dist = path.join(root, 'dist');
  if (!existsSync(path.join(root, 'lib'))) {
    if (existsSync(path.join(dist, 'index.js'))) return context.say('compiled in the package');
    throw new SetupProblem('the package is incomplete: it has neither dist/ nor lib/', 'install it anew');
  }
  const stamp = path.join(dist, '.isotorch.json');
  const { version } = readJson(path.join(root, 'node_modules', 'typescript', 'package.json')) ?? {};
  const inputs = fingerprint(root, ['lib', 'tsconfig.json', 'scripts/bundle.mjs'], [String(version)]);
  if (readJson(stamp)?.inputs === inputs && existsSync(path.join(dist, 'index.js'))) {
    context.say('up to date');
    return;
  }
  context.say('compiling lib/ to dist/');
  rmSync(dist, { recursive: true, force: true });
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { code, output } = await run(context, process.execPath, [tsc, '-p', 'tsconfig.json']);
  if (code !== 0)
    throw explain(output, 'TypeScript found errors in lib/', 'correct them, then run the same command again');
  // In a process of its own: the set-up starts before the Node modules are there.
  const bundle = await run(context, process.execPath, [path.join(root, 'scripts', 'bundle.mjs')]);
  if (bundle.code !== 0)
    throw explain(bundle.output, 'bundling dist/ failed', 'run the same command again; see the message');
  writeJson(stamp, { inputs });
}
