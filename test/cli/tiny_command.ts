/** The command, with a recipe of no size among its recipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { root } from '../../reference/index.mjs';
import { type Ended, ended } from '../support/command';

/** How the command is started. */
export interface Started {
  /** The largest file that it may write, in units of 1,024 bytes. */
  limit?: string;
  /** Hears each piece of its output. */
  until?: (output: string, child: ChildProcess) => void;
}

/** What the command loads first. */
export const TINY_RECIPE = path.join(root, 'test/cli/tiny_recipe.mjs');

/** Runs `isotorch` in a folder, in a process of its own. */
export function tinyCommand(
  folder: string,
  args: readonly string[],
  { limit = 'unlimited', until }: Started = {},
): Promise<Ended> {
  const preload = ['--import', TINY_RECIPE];
  const command = [process.execPath, ...preload, path.join(root, 'dist/cli/isotorch.js'), ...args];
  const child = spawn('bash', ['-c', `ulimit -f ${limit}; exec "$@"`, 'bash', ...command], { cwd: folder });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
    until?.(output, child);
  });
  return ended(child);
}

/** Expects one message, without a stack. */
export function expectRefused({ code, stdout, stderr }: Ended, exit: 1 | 2, message: RegExp | string): void {
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(code).toBe(exit);
  if (exit === 2) expect(stdout).toBe('');
}
