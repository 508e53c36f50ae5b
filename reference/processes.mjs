import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './find.mjs';
import { Lines } from './lines.mjs';

/** Threads that sleep while they wait: spinning ones take the other side's core. No number changes, but times do. */
export const SLEEPING = { OMP_WAIT_POLICY: 'PASSIVE' };

/** Python finds python/ here. @returns {NodeJS.ProcessEnv} */
export const pythonEnvironment = () => ({ ...process.env, PYTHONPATH: path.join(root, 'reference', 'python') });

/** A child that answers a line of JSON with another, started at first use and again after it died. */
export class LineProcess {
  #options;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Lines | undefined} */
  #lines;

  /**
   * @param {object} options
   * @param {string} options.command
   * @param {string[]} options.args
   * @param {string} options.name what messages call it
   * @param {NodeJS.ProcessEnv} [options.env] variables besides the usual ones
   */
  constructor(options) {
    this.#options = options;
  }

  #start() {
    const { command, args, name, env } = this.#options;
    const child = spawn(command, args, { cwd: root, env: { ...pythonEnvironment(), ...env } });
    const lines = new Lines(child.stdout, child.stdin);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr = (stderr + chunk).slice(-4000);
    });
    const over = (/** @type {string} */ how) => {
      if (this.#child === child) this.#child = undefined;
      lines.end(Object.assign(new Error(`${name} ended with ${how}`), { stderr }));
    };
    child.on('error', (error) => over(error.message));
    child.on('close', (code, signal) => over(signal ?? `code ${code}`));
    this.#child = child;
    this.#lines = lines;
    return lines;
  }

  #running() {
    return this.#child === undefined || this.#lines === undefined ? this.#start() : this.#lines;
  }

  /** What the child said first. */
  get facts() {
    return this.#running().facts;
  }

  /** The answer to one request. @param {unknown} request @returns {Promise<any>} rejected with `stderr` where the child died */
  ask(request) {
    return this.#running().ask(request);
  }

  /** Ends it at once; the next request starts another. */
  kill() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  /** Lets it end after its last answer. */
  stop() {
    if (this.#child !== undefined) this.#lines?.close();
  }
}

/**
 * Runs a command to its end.
 * @param {{ command: string, args: string[] }} what such as `scriptOf` gives
 * @returns {string} its output
 * @throws with everything it said, where it fails
 */
export function runScript({ command, args }) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: pythonEnvironment(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stdout}${stderr}${error?.message ?? ''}`);
  return stdout;
}
