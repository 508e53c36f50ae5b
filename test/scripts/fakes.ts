/** Made-up clones and programs, so that the set-up can be tried where Python, compilers or the network are missing. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { makeContext } from '../../scripts/setup/context.mjs';
import { pythonTorch } from '../libtorch/fakes';

/** A folder that holds the given files and vanishes with the test. */
export function folder(files: Record<string, string> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'isotorch-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  add(root, files);
  return root;
}

export function add(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
}

/** A folder for PATH with programs in it, each the body of a Node script that sees its arguments as `args`. */
export function programs(bodies: Record<string, string>): string {
  const bin = folder();
  for (const [name, body] of Object.entries(bodies)) {
    const file = path.join(bin, name);
    writeFileSync(file, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${body}\n`);
    chmodSync(file, 0o755);
  }
  return bin;
}

/** A program that prints something and ends. */
export const prints = (text: string, code = 0): string =>
  `console.log(${JSON.stringify(text)}); process.exitCode = ${code};`;

/** What a step works with, in a made-up clone whose PATH has only the given programs. */
export function context(root: string, bodies: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}) {
  const said: string[] = [];
  const warned: string[] = [];
  const made = makeContext({
    root,
    env: { PATH: programs(bodies), ...env },
    freeBytes: () => 1e12,
    say: (text: string) => said.push(text),
    warn: (text: string) => warned.push(text),
  });
  return { ...made, said, warned };
}

/** The files of a libtorch that can be built against, as far as the set-up looks. */
export function libtorchFiles(version: string, at = ''): Record<string, string> {
  return { ...pythonTorch(at, version), [path.join(at, 'include/ATen/core/Tensor.h')]: '' };
}

/** A .venv with the given packages installed whole. */
export function venvFiles(packages: Record<string, string>): Record<string, string> {
  const site = '.venv/lib/python3.11/site-packages';
  const files: Record<string, string> = { '.venv/bin/python': '', [`${site}/pip/__init__.py`]: '' };
  for (const [name, version] of Object.entries(packages)) {
    files[`${site}/${name}-${version}.dist-info/RECORD`] = '';
    if (name === 'torch') Object.assign(files, libtorchFiles(version, `${site}/torch`));
  }
  return files;
}
