// The two sides as child processes.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');

/** The Python whose torch is our libtorch, as the set-up noted it. */
function findPython() {
  const noted = path.join(root, 'build', 'libtorch.json');
  const python = existsSync(noted) ? JSON.parse(readFileSync(noted, 'utf8')).python : null;
  if (python) return python;
  throw new Error(
    'the benchmark compares with Python, and the set-up found none with the same torch; see build/libtorch.json',
  );
}

/** @returns {{ ours: [string, string[]], python: [string, string[]] }} commands by side */
const commands = (script, pythonScript) => ({
  ours: [process.execPath, [path.join(here, script)]],
  python: [findPython(), [path.join(here, 'python', pythonScript)]],
});

/** A worker that answers one JSON line with another. */
export class Worker {
  constructor(side) {
    const [command, args] = commands('worker.mjs', 'worker.py')[side];
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: root });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.facts = this.#read();
    this.facts.catch(() => {});
  }

  async #read() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`the worker ended early (code ${this.child.exitCode}); see its message above`);
    return JSON.parse(value);
  }

  async ask(request) {
    await this.facts;
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#read();
  }

  stop() {
    this.child.stdin.end();
  }
}

/** Seconds from starting a fresh process to its first line of output. */
export function startToFirstTensor(side) {
  const [command, args] = commands('first_tensor.mjs', 'first_tensor.py')[side];
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
    let seconds;
    child.stdout.once('data', () => {
      seconds = (performance.now() - start) / 1000;
    });
    child.once('close', (code) =>
      seconds === undefined ? reject(new Error(`${side} made no tensor (code ${code})`)) : resolve(seconds),
    );
  });
}
