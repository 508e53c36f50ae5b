/** Another program in this one's place: its terminal, its signals, its exit. */
import { spawn } from 'node:child_process';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];

/** Signals that a terminal's keys send to everybody in the foreground, the program included. */
const OF_TERMINAL = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT']);

/** Exit codes that shells use for programs that cannot be started. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

/** How a program ended, or why it did not begin. */
type End = { error: NodeJS.ErrnoException } | { code: number | null; signal: NodeJS.Signals | null };

/**
 * Runs a program with more variables in its environment. It gets this process's signals; this process ends as it does, by the
 * same exit code or the same signal. Where it cannot be started, that is said on stderr.
 */
export async function runInPlace(
  caller: string,
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
  const atTerminal = process.stdin.isTTY === true;
  const forward = (signal: NodeJS.Signals): void => {
    // Twice would mean something else to many programs, such as: stop without saving.
    if (!(atTerminal && OF_TERMINAL.has(signal))) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  const end = await new Promise<End>((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  for (const signal of FORWARDED) process.off(signal, forward);
  if ('error' in end) {
    const missing = end.error.code === 'ENOENT';
    console.error(`${caller}: cannot start ${program}: ${missing ? 'there is no such program' : end.error.message}`);
    process.exitCode = missing ? NOT_FOUND : NOT_EXECUTABLE;
  } else if (end.signal === null) process.exitCode = end.code ?? 1;
  else process.kill(process.pid, end.signal);
}
