// `npm run prebuild`: builds the addons that the package carries into prebuilds/, one for each minor of libtorch, and lists
// them in prebuilds/prebuilds.json.
//
//   npm run prebuild -- --libtorch DIR --libtorch DIR     of these libtorchs; without any, of those that the loader finds here
//   npm run prebuild -- --verify                          builds each a second time, in another folder, and compares the bytes
//   npm run prebuild -- --list                            only lists what is in prebuilds/
//
// Not prebuildify itself: it builds every target in build/Release, from scratch, and has no tag for libtorch. The files have
// the names that it would give them, and CMake builds them, as everything else.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { addonName, allFacts } from './prebuild/facts.mjs';
import { makeContext } from './setup/context.mjs';
import { hasHeaders } from './setup/libtorch.mjs';
import { checkBuildTools, forgetOtherConfiguration, runCmake } from './setup/native.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { failureText, Report } from './setup/report.mjs';
import { writeJson } from './setup/stamp.mjs';
import { root } from './tools.mjs';
import { inspect, minorOf, MINORS, survey } from '../dist/libtorch/index.js';

const prebuilds = path.join(root, 'prebuilds');
const place = `${process.platform}-${process.arch}`;

/** @typedef {import('../dist/libtorch/index.js').Libtorch} Libtorch */

/** The libtorchs to build for: a folder for each minor. @param {string[]} given @returns {Libtorch[]} */
function libtorchs(given) {
  if (given.length === 0) {
    const folders = survey(root).candidates.flatMap(({ folder }) => (folder ? [folder] : []));
    const found = folders.map(inspect).flatMap((one) => ('libtorch' in one ? [one.libtorch] : []));
    const usable = found.filter(({ folder }) => hasHeaders(folder));
    return MINORS.flatMap(({ minor }) => usable.filter(({ version }) => minorOf(version) === minor).slice(0, 1));
  }
  return given.map((folder) => {
    const found = inspect(path.resolve(folder));
    if ('problem' in found)
      throw new SetupProblem(`${folder} ${found.problem}`, 'name a folder with include/ and lib/');
    if (!hasHeaders(found.libtorch.folder)) {
      throw new SetupProblem(`${folder} has no include/`, 'name a libtorch with its headers');
    }
    return found.libtorch;
  });
}

/**
 * Builds one libtorch's addons in a folder of their own.
 * @param {import('./setup/context.mjs').Context} context @param {Libtorch} libtorch
 * @param {string} source the folder with CMakeLists.txt @param {string} out
 * @returns {Promise<Record<string, string>>} the addons' files by the names that they get
 */
async function build(context, libtorch, source, out) {
  const output = path.join(out, 'Release');
  forgetOtherConfiguration(context, out, {
    path: libtorch.folder,
    version: libtorch.version,
    source: '',
    python: null,
  });
  await runCmake(
    context,
    out,
    {
      ISOTORCH_LIBTORCH: libtorch.folder,
      ISOTORCH_OUTPUT: output,
      ISOTORCH_PREBUILD: 'ON',
      ISOTORCH_PCH: 'ON',
    },
    source,
  );
  const minor = minorOf(libtorch.version);
  const built = { [addonName(minor)]: path.join(output, 'isotorch.node') };
  const second = path.join(output, 'isotorch_cuda.node');
  if (existsSync(second)) built[addonName(minor, libtorch.cuda?.split('.')[0])] = second;
  return built;
}

/** A copy of what the build reads, under another path. @param {string} at */
function copySources(at) {
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at, { recursive: true });
  for (const name of ['native', 'CMakeLists.txt', 'package.json']) {
    cpSync(path.join(root, name), path.join(at, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(at, 'node_modules'));
  return at;
}

/** @param {import('./setup/context.mjs').Context} context @param {Libtorch} libtorch @param {boolean} verify */
async function prebuild(context, libtorch, verify) {
  const folder = path.join(root, 'build', 'prebuild', minorOf(libtorch.version));
  context.say(`building against ${libtorch.version}${verify ? ', twice' : ''}`);
  const built = await build(context, libtorch, root, path.join(folder, 'cmake'));
  if (verify) {
    const again = await build(context, libtorch, copySources(path.join(folder, 'sources')), path.join(folder, 'again'));
    for (const [name, file] of Object.entries(built)) {
      if (readFileSync(file).equals(readFileSync(again[name] ?? ''))) continue;
      throw new SetupProblem(`two builds of ${name} differ: ${file}, ${again[name]}`, 'compare them, with diffoscope');
    }
    rmSync(path.join(folder, 'again'), { recursive: true });
    rmSync(path.join(folder, 'sources'), { recursive: true });
  }
  mkdirSync(path.join(prebuilds, place), { recursive: true });
  for (const [name, file] of Object.entries(built)) {
    const target = path.join(prebuilds, place, name);
    copyFileSync(file, `${target}.part`);
    renameSync(`${target}.part`, target);
  }
}

const { values } = parseArgs({
  options: {
    libtorch: { type: 'string', multiple: true, default: [] },
    verify: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
const report = new Report((text) => process.stdout.write(text));
const context = makeContext({ root, warn: (text) => report.warn(text) });
try {
  if (!values.list) await checkBuildTools(context);
  for (const libtorch of values.list ? [] : libtorchs(values.libtorch)) {
    await report.step(`libtorch ${minorOf(libtorch.version)}`, (say) =>
      prebuild({ ...context, say }, libtorch, values.verify),
    );
  }
  const addons = allFacts(prebuilds);
  writeJson(path.join(prebuilds, 'prebuilds.json'), { addons });
  for (const { file, glibc, bytes } of addons) console.log(`${file}  ${bytes} bytes, glibc ${glibc}`);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stdout.write(failureText(error));
  process.exitCode = 1;
}
