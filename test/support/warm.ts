/** The command `isotorch` in a process that has started already, for tests that are about what commands do. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { afterAll } from 'vitest';
import { root } from '../../reference/index.mjs';
import type { Ended } from './command';

/** The server's next message. */
function answer(server: ChildProcess, otherwise: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ends = () => reject(new Error(otherwise));
    server.once('exit', ends);
    server.once('message', (message) => {
      server.off('exit', ends);
      resolve(message);
    });
  });
}

/**
 * What runs commands in `folder`, one after the other, in one process that ends with the file's tests. Signals, limits and what a
 * process's end does are for `spawn`.
 *
 * @param preloaded Modules that the process loads first
 */
export function warmCommand(folder: () => string, preloaded: readonly string[] = []) {
  let server: ChildProcess | undefined;
  let before: Promise<unknown> = Promise.resolve();
  afterAll(() => server?.disconnect());

  async function run(args: readonly string[]): Promise<Ended> {
    if (server === undefined) {
      server = fork(path.join(root, 'test/support/warm_server.mjs'), preloaded, { cwd: folder() });
      await answer(server, 'the process for commands did not start');
    }
    server.send([...args]);
    return (await answer(server, `isotorch ${args.join(' ')} ended the process`)) as Ended;
  }

  return (args: readonly string[]): Promise<Ended> => {
    const result = before.then(() => run(args));
    before = result.catch(() => {});
    return result;
  };
}
