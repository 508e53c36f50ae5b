/** Compiles a user's operator library against the libtorch that the addon was built with; kept in build/custom_ops. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../reference/index.mjs';

/** A compiled library, or why there is none. */
export type OperatorLibrary = { path: string } | { missing: string };

/** Compiles test/support/custom_ops/library.cpp, at most once for a source and a libtorch. */
export function operatorLibrary(): OperatorLibrary {
  const source = join(import.meta.dirname, 'library.cpp');
  const chosen = join(root, 'build', 'libtorch.json');
  if (!existsSync(chosen)) return { missing: 'no libtorch was set up' };
  const { path: libtorch, version } = JSON.parse(readFileSync(chosen, 'utf8')) as { path: string; version: string };
  const name = createHash('sha256').update(version).update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(root, 'build', 'custom_ops');
  const path = join(folder, `${name}.so`);
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  const include = join(libtorch, 'include');
  const { status, stderr, error } = spawnSync(
    process.env.CXX ?? 'g++',
    [
      ...['-std=c++20', '-O0', '-shared', '-fPIC', source, '-o', unfinished],
      ...['-isystem', include, '-isystem', join(include, 'torch', 'csrc', 'api', 'include')],
      ...[`-L${join(libtorch, 'lib')}`, '-ltorch_cpu', '-lc10'],
    ],
    { encoding: 'utf8' },
  );
  if (error !== undefined) return { missing: `no C++ compiler: ${error.message}` };
  if (status !== 0) throw new Error(`the operator library does not compile:\n${stderr}`);
  renameSync(unfinished, path);
  return { path };
}
