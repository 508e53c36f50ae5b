import { spawn } from 'node:child_process';
import { accessSync, appendFileSync, constants, mkdirSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { SetupProblem } from './problem.mjs';

/**
 * What every step works with. Tests make their own: another root, a PATH without compilers, a full disk.
 * @typedef {object} Context
 * @property {string} root the clone
 * @property {NodeJS.ProcessEnv} env
 * @property {string} nodeVersion such as '20.17.0'
 * @property {(directory: string) => number} freeBytes
 * @property {(text: string) => void} say tells what the step is doing, once per step
 * @property {(text: string) => void} warn
 * @property {boolean} verbose whether the output of commands also goes to the terminal
 */

/**
 * @param {Partial<Context> & { root: string }} given
 * @returns {Context}
 */
export function makeContext(given) {
  return {
    env: process.env,
    nodeVersion: process.versions.node,
    freeBytes: (directory) => {
      const { bavail, bsize } = statfsSync(directory);
      return bavail * bsize;
    },
    say: () => {},
    warn: () => {},
    verbose: false,
    ...given,
  };
}

/** @param {Context} context */
export const logFile = (context) => path.join(context.root, 'build', 'setup.log');

/** @param {Context} context */
export function forgetLog(context) {
  rmSync(logFile(context), { force: true });
}

/**
 * Runs a command and waits. Its whole output goes to build/setup.log and comes back.
 * @param {Context} context
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>} code 127 where the command does not exist
 */
export function run(context, command, args, { cwd = context.root, env = context.env } = {}) {
  mkdirSync(path.dirname(logFile(context)), { recursive: true });
  const log = (/** @type {string} */ text) => {
    appendFileSync(logFile(context), text);
    if (context.verbose) process.stdout.write(text);
  };
  log(`\n$ ${[command, ...args].join(' ')}\n`);
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      log(chunk.toString());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      log(`${error.message}\n`);
      resolve({ code: 127, output: `${output}${error.message}` });
    });
    child.on('close', (code, signal) => resolve({ code: code ?? (signal ? 128 : 1), output }));
  });
}

/**
 * The first of the given programs found on PATH, as a full path.
 * @param {Context} context
 * @param {string[]} names
 */
export function which(context, names) {
  for (const name of names) {
    const places = path.isAbsolute(name) ? [''] : (context.env.PATH ?? '').split(path.delimiter).filter(Boolean);
    for (const place of places) {
      const file = path.join(place, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here; the next place.
      }
    }
  }
  return undefined;
}

/**
 * @param {Context} context
 * @param {number} megabytes
 * @param {string} what
 */
export function needDisk(context, megabytes, what) {
  const free = Math.floor(context.freeBytes(context.root) / 1e6);
  if (free >= megabytes) return;
  throw new SetupProblem(
    `not enough disk space: ${what} needs about ${megabytes} MB, ${free} MB are free`,
    `free some space on the disk that holds ${context.root}`,
  );
}

/**
 * Compares two versions such as '3.20' and '3.25.1' by their numbers.
 * @param {string} version
 * @param {string} least
 */
export function atLeast(version, least) {
  const have = version.split('.').map(Number);
  for (const [index, need] of least.split('.').map(Number).entries()) {
    const part = have[index] ?? 0;
    if (part !== need) return part > need;
  }
  return true;
}
