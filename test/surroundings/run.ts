/** Programs in processes of their own, as they end. */
import { spawn } from 'node:child_process';
import { root } from '../../reference/index.mjs';

/** How a program ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** What else a program is started with. */
export interface Start {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
}

/** Milliseconds after which a program counts as hanging, and is killed. */
const DEADLINE = 50_000;

/** Runs a command to its end. */
export function run(
  command: string,
  args: readonly string[],
  { env = {}, cwd = root, uid }: Start = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE,
      killSignal: 'SIGKILL',
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk) => {
        said[name] += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  });
}

/** Runs a program in Node, where `isotorch` can be required. */
export const runNode = (code: string, start?: Start): Promise<Ended> => run(process.execPath, ['-e', code], start);
