// The addon of a kit: built here against the other machine's libtorch, of which only headers and libraries are needed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect, isSupported, minorOf } from '../../dist/libtorch/index.js';
import { root } from '../../reference/index.mjs';
import { hasHeaders } from '../../scripts/setup/libtorch.mjs';
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
 * @param {string} libtorch a directory with include/ and lib/
 * @returns {{ minor: string, version: string, file: string }}
 */
export function addonFor(libtorch) {
  const directory = path.resolve(libtorch);
  const found = inspect(directory);
  if ('problem' in found) throw new Error(`--libtorch ${libtorch} ${found.problem}`);
  const { version } = found.libtorch;
  if (!isSupported(version))
    throw new Error(`--libtorch ${libtorch} holds libtorch ${version}, which isotorch does not support`);
  if (!hasHeaders(directory)) throw new Error(`--libtorch ${libtorch} has no include/`);
  const minor = minorOf(version);
  // That of this clone is built already.
  if (readJson(path.join(root, 'build', 'libtorch.json'))?.path === directory)
    return { minor, version, file: path.join(root, 'build', 'Release', 'isotorch.node') };
  const [build, folder] = ['cmake', 'addon'].map((what) => path.join(root, 'build', 'gpu', `${what}-${minor}`));
  tool('cmake', ['-S', root, '-B', build, `-DISOTORCH_LIBTORCH=${directory}`, `-DISOTORCH_OUTPUT=${folder}`]);
  tool('cmake', ['--build', build, '--parallel', String(os.availableParallelism())]);
  return { minor, version, file: path.join(folder, 'isotorch.node') };
}

/** Copies a binary without its symbols for debuggers. */
export function copyStripped(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
  tool('strip', ['--strip-unneeded', to]);
}
