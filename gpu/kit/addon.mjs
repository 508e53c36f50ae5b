// The addons of a kit: built here against the other machine's libtorch, of which only headers and libraries are needed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { inspect, minorOf } from '../../dist/libtorch/index.js';
import { root } from '../../reference/index.mjs';
import { addonName } from '../../scripts/prebuild/facts.mjs';
import { readJson } from '../../scripts/setup/stamp.mjs';

/** Runs a tool, and shows what it said where it fails. */
export function tool(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  return stdout;
}

/**
 * @param {string} folder of a libtorch with its headers
 * @returns {{ minor: string, version: string, cuda: string | undefined, files: Record<string, string> }} files by the names that they get
 */
export function addonsFor(folder) {
  const directory = path.resolve(folder);
  const found = inspect(directory);
  if ('problem' in found) throw new Error(`--libtorch ${folder} ${found.problem}`);
  const { version, cuda } = found.libtorch;
  const minor = minorOf(version);
  // Those of this clone are built already; the names that a build gives them are not those of the package.
  const own = readJson(path.join(root, 'build', 'libtorch.json'))?.path === directory;
  if (!own) tool(process.execPath, ['scripts/prebuild.mjs', '--libtorch', directory]);
  const place = own ? path.join(root, 'build', 'Release') : path.join(root, 'prebuilds', 'linux-x64');
  const names = [
    ['isotorch.node', addonName(minor)],
    ['isotorch_cuda.node', cuda && addonName(minor, cuda.split('.')[0])],
  ].filter(([, name]) => name !== undefined);
  const files = names.map(([built, name]) => [name, path.join(place, own ? built : name)]);
  return { minor, version, cuda, files: Object.fromEntries(files.filter(([, file]) => existsSync(file))) };
}

/** Copies a binary without its symbols for debuggers. */
export function copyStripped(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
  tool('strip', ['--strip-unneeded', to]);
}
