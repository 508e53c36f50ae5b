/** Programs in processes of their own: what they may do to a process must not reach the test runner. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../reference/index.mjs';

/** How a program ended. */
export interface Ended {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** The last line printed before the deadline, where the deadline ended it. */
  hungAfter?: string;
}

/** How to run a program. */
export interface ProgramOptions {
  node?: string;
  nodeArguments?: string[];
  args?: string[];
  /** Milliseconds after which the program is killed. */
  deadline?: number;
}

/** Runs `test/native/programs/<name>`; a program that hangs is killed at its deadline. */
export function runProgram(name: string, options: ProgramOptions = {}): Promise<Ended> {
  const { node = process.execPath, nodeArguments = [], args = [], deadline = 100_000 } = options;
  const file = join(root, 'test', 'native', 'programs', name);
  return new Promise((resolve) => {
    const child = spawn(node, [...nodeArguments, file, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended: Ended = { code: null, signal: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      ended.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      ended.stderr += chunk;
    });
    const timer = setTimeout(() => {
      ended.hungAfter = ended.stdout.trim().split('\n').at(-1) || 'nothing';
      child.kill('SIGKILL');
    }, deadline);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ...ended, code, signal });
    });
  });
}

/** The JSON on a program's last line; throws with everything it said when it did not end well. */
export function resultOf<T>(ended: Ended): T {
  if (ended.hungAfter !== undefined) {
    throw new Error(`the program hung; the last it said was "${ended.hungAfter}"\n${ended.stderr}`);
  }
  if (ended.code !== 0) {
    const how = ended.signal === null ? `code ${ended.code}` : `signal ${ended.signal}`;
    throw new Error(`the program ended with ${how}\n${ended.stdout}\n${ended.stderr}`);
  }
  return JSON.parse(ended.stdout.trim().split('\n').at(-1)!) as T;
}
