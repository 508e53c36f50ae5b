// The two sides as child processes.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { LineProcess, root, scriptOf } from '../reference/index.mjs';

/** The command of a side's script. @returns {{ command: string, args: string[] }} */
const command = (side, script) =>
  side === 'ours'
    ? { command: process.execPath, args: [path.join(root, 'bench', `${script}.mjs`)] }
    : scriptOf(`bench/python/${script}.py`);

/** Settings of proofs are none of a benchmark's: both sides run as torch comes. */
const AS_IT_COMES = { ISOTORCH_TEST_DEVICE: '' };

/** A side's worker: it answers one JSON line with another. @param {NodeJS.ProcessEnv} [env] variables besides the usual ones */
export const startWorker = (side, env) =>
  new LineProcess({ ...command(side, 'worker'), name: `the worker (${side})`, env: { ...AS_IT_COMES, ...env } });

/** Seconds from starting a fresh process to its first line of output. */
export function startToFirstTensor(side) {
  const { command: program, args } = command(side, 'first_tensor');
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
    let seconds;
    child.stdout.once('data', () => {
      seconds = (performance.now() - start) / 1000;
    });
    child.once('close', (code) =>
      seconds === undefined ? reject(new Error(`${side} made no tensor (code ${code})`)) : resolve(seconds),
    );
  });
}
