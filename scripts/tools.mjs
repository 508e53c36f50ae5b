// Where the formatters and compilers are, and which files they take: shared by check, format and sanitize.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** The command line of a program from node_modules, run by this Node. @param {string} name @param {string[]} args */
export function nodeTool(name, ...args) {
  /** @type {Record<string, string[]>} */
  const places = {
    tsc: ['typescript', 'bin', 'tsc'],
    biome: ['@biomejs', 'biome', 'bin', 'biome'],
    vitest: ['vitest', 'vitest.mjs'],
    publint: ['publint', 'src', 'cli.js'],
    attw: ['@arethetypeswrong', 'cli', 'dist', 'index.js'],
  };
  return [process.execPath, path.join(root, 'node_modules', ...(places[name] ?? [])), ...args];
}

/** clang-format from .venv, or undefined where the set-up could not install it. */
export function clangFormat() {
  const program = path.join(root, '.venv', 'bin', 'clang-format');
  return existsSync(program) ? program : undefined;
}

/** Every hand-written C++ file. */
export function nativeFiles() {
  return readdirSync(path.join(root, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(cpp|h)$/.test(file))
    .sort()
    .map((file) => path.join('native', file));
}

/**
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ ok: boolean, output: string }}
 */
export function capture([program = '', ...args], env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

/** Like capture, but the output goes to the terminal. @param {string[]} command @param {NodeJS.ProcessEnv} [env] */
export function show([program = '', ...args], env = process.env) {
  return spawnSync(program, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}
