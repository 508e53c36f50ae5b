/** Node binaries of other major versions, from npm, kept in build/nodes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../reference/index.mjs';

/** A Node to run programs with, or why there is none. */
export type NodeBinary = { node: string; version: string } | { missing: string };

const name = `node-${process.platform}-${process.arch}`;
let offline: string | undefined;

function versionOf(node: string): string | undefined {
  const answer = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/** The newest Node of a major version; downloaded at first use. The package holds the binary itself, no script is run. */
export function nodeBinary(major: number): NodeBinary {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { node: process.execPath, version: process.version };
  }
  const folder = join(root, 'build', 'nodes', String(major));
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  const cached = existsSync(node) ? versionOf(node) : undefined;
  if (cached !== undefined) return { node, version: cached };
  if (offline !== undefined) return { missing: offline };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--fetch-retries=0'];
  const answer = spawnSync('npm', ['install', ...options, `${name}@${major}`], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 180_000,
  });
  const version = existsSync(node) ? versionOf(node) : undefined;
  if (version !== undefined) return { node, version };
  const reason = /npm error (?!A complete log)(.+)/.exec(answer.stderr ?? '')?.[1] ?? 'no answer';
  offline = `npm could not bring ${name}@${major}: ${reason.trim()}`;
  return { missing: offline };
}
