import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atLeast, needDisk, run, which } from './context.mjs';
import { explain, SetupProblem } from './problem.mjs';
import { fingerprint, readJson, writeJson } from './stamp.mjs';

export const OLDEST_CMAKE = '3.20';
const OLDEST_GCC = '12';
const OLDEST_CLANG = '15';

/** @param {string} root @param {string} [sanitize] */
export const addonFile = (root, sanitize) =>
  path.join(root, 'build', ...(sanitize ? ['asan'] : []), 'Release', 'isotorch.node');

/** @param {string} root @param {string} [sanitize] */
const stampFile = (root, sanitize) => path.join(root, 'build', `addon${sanitize ? `.${sanitize}` : ''}.json`);

/** @param {string} root @param {import('./libtorch.mjs').Libtorch} libtorch @param {NodeJS.ProcessEnv} env */
function addonInputs(root, libtorch, env) {
  const library = path.join(
    libtorch.path,
    'lib',
    process.platform === 'darwin' ? 'libtorch_cpu.dylib' : 'libtorch_cpu.so',
  );
  const headers = ['node-api-headers', 'node-addon-api'].map((name) => {
    const { version } = readJson(path.join(root, 'node_modules', name, 'package.json')) ?? {};
    return `${name} ${version}`;
  });
  const facts = [
    libtorch.path,
    libtorch.version,
    String(statSync(library).size),
    ...headers,
    env.CXX ?? '',
    process.arch,
  ];
  return fingerprint(root, ['native', 'CMakeLists.txt'], facts);
}

/**
 * Whether the built addon is the one that its stamp speaks of, made from the present sources.
 * @param {import('./context.mjs').Context} context
 * @param {import('./libtorch.mjs').Libtorch} libtorch
 * @param {string} [sanitize]
 */
export function isAddonFresh({ root, env }, libtorch, sanitize) {
  const stamp = readJson(stampFile(root, sanitize));
  const file = addonFile(root, sanitize);
  if (!stamp || !existsSync(file)) return false;
  return stamp.modified === statSync(file).mtimeMs && stamp.inputs === addonInputs(root, libtorch, env);
}

/**
 * Refuses early what would fail late: the compiler and CMake are looked at before anything long starts.
 * @param {import('./context.mjs').Context} context
 */
export async function checkBuildTools(context) {
  const compiler = which(context, context.env.CXX ? [context.env.CXX] : ['c++', 'g++', 'clang++']);
  if (!compiler) {
    const looked = context.env.CXX
      ? `CXX is ${context.env.CXX}, which is not there`
      : 'looked for c++, g++ and clang++ on PATH';
    throw new SetupProblem(
      `no C++ compiler found: ${looked}`,
      'install one, for example: sudo apt-get install g++ (macOS: xcode-select --install)',
    );
  }
  const { code, output } = await run(context, compiler, ['--version']);
  const clang = output.includes('clang');
  const version = /\b(\d+\.\d+(?:\.\d+)?)\b/.exec(output.replace(/\([^)]*\)/g, ''))?.[1];
  const oldest = clang ? OLDEST_CLANG : OLDEST_GCC;
  if (code !== 0 || !version)
    throw explain(
      output,
      `the C++ compiler ${compiler} does not run`,
      'install a working one, for example: sudo apt-get install g++',
    );
  if (!atLeast(version, oldest)) {
    throw new SetupProblem(
      `the C++ compiler is too old: ${compiler} is ${clang ? 'clang' : 'g++'} ${version}, but ${oldest} or newer is needed`,
      `install a newer one and, if it has another name, set CXX to it (for example: CXX=g++-${OLDEST_GCC})`,
    );
  }
  await checkCmake(context);
  if (!which(context, ['ninja', 'make'])) {
    throw new SetupProblem(
      'neither ninja nor make is on PATH, and CMake needs one of them',
      'install one, for example: sudo apt-get install make',
    );
  }
}

/** @param {import('./context.mjs').Context} context */
async function checkCmake(context) {
  const fix = `install CMake ${OLDEST_CMAKE} or newer, for example: sudo apt-get install cmake (or: pip install cmake)`;
  const cmake = which(context, ['cmake']);
  if (!cmake) throw new SetupProblem('no CMake found on PATH', fix);
  const { output } = await run(context, cmake, ['--version']);
  const version = /cmake version (\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
  if (!version) throw explain(output, `CMake does not run: ${cmake}`, fix);
  if (!atLeast(version, OLDEST_CMAKE))
    throw new SetupProblem(`CMake is too old: ${version}, but ${OLDEST_CMAKE} or newer is needed`, fix);
}

/**
 * The step: builds the addon through cmake-js, unless nothing it depends on has changed.
 * @param {import('./context.mjs').Context} context
 * @param {import('./libtorch.mjs').Libtorch} libtorch
 * @param {{ sanitize?: string, force?: boolean }} [options]
 */
export async function setUpAddon(context, libtorch, { sanitize, force = false } = {}) {
  if (!force && isAddonFresh(context, libtorch, sanitize)) {
    context.say('up to date');
    return;
  }
  context.say(
    `building against libtorch ${libtorch.version}${sanitize ? `, with ${sanitize} sanitizer` : ''} (minutes, when new)`,
  );
  await checkBuildTools(context);
  needDisk(context, 800, "the addon's build");
  const { root, env } = context;
  rmSync(stampFile(root, sanitize), { force: true });
  const inputs = addonInputs(root, libtorch, env);
  const out = path.join(root, 'build', sanitize ? 'cmake-asan' : 'cmake');
  forgetOtherConfiguration(context, out, libtorch);
  // Without precompiled headers, a source that leans on another's includes is found out: the sanitizer's build does that.
  await runCmake(context, out, {
    ISOTORCH_LIBTORCH: libtorch.path,
    ISOTORCH_SANITIZE: sanitize ?? '',
    ISOTORCH_PCH: sanitize ? 'OFF' : 'ON',
  });
  writeJson(stampFile(root, sanitize), {
    inputs,
    modified: statSync(addonFile(root, sanitize)).mtimeMs,
  });
}

/**
 * Configures and builds through cmake-js.
 * @param {import('./context.mjs').Context} context
 * @param {string} out the folder of the build
 * @param {Record<string, string>} options CMake's, by name
 * @param {string} [source] the folder with CMakeLists.txt
 */
export async function runCmake(context, out, options, source = context.root) {
  const given = Object.entries(options).map(([name, value]) => `--CD${name}=${value}`);
  const program = path.join(context.root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  for (const command of ['configure', 'build']) {
    const args = [program, command, '-d', source, '-O', out, ...given];
    const { code, output } = await run(context, process.execPath, args, {
      env: { ...context.env, CMAKE_BUILD_PARALLEL_LEVEL: jobs(context.env) },
    });
    if (code !== 0)
      throw explain(
        output,
        `the addon's ${command} step failed`,
        'look at the first error below or in build/setup.log',
      );
  }
}

/** A compiler on libtorch's headers takes about 1.5 GB. @param {NodeJS.ProcessEnv} env */
function jobs(env) {
  const byMemory = Math.floor(os.totalmem() / 1.5e9);
  return env.CMAKE_BUILD_PARALLEL_LEVEL ?? String(Math.max(1, Math.min(os.availableParallelism(), byMemory)));
}

/**
 * CMake keeps the compiler, the libtorch and the folder it first saw; when one of them changes, it has to start anew.
 * @param {import('./context.mjs').Context} context
 * @param {string} out
 * @param {import('./libtorch.mjs').Libtorch} libtorch
 */
export function forgetOtherConfiguration({ root, env }, out, libtorch) {
  const file = path.join(out, 'isotorch.json');
  const present = {
    root,
    libtorch: libtorch.path,
    version: libtorch.version,
    compiler: env.CXX ?? '',
  };
  if (JSON.stringify(readJson(file)) === JSON.stringify(present)) return;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  writeJson(file, present);
}
