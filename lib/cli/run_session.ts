/** Trains in a run folder from the command line: alone in it, until its end or Ctrl-C. */
import { DataError } from '../data';
import {
  type Ended,
  Interrupt,
  interruptedExitCode,
  lockRunFolder,
  OptionError,
  type OpenedTraining,
  openTraining,
  type RunOptions,
  runSession,
} from '../train';
import { UserError } from './user_error';

/** A path as a shell takes it. */
export const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

function closing(folder: string, { step, why, reason }: Ended): string {
  if (why === 'interrupted')
    return `Stopped at step ${step}, and saved. To go on: npx isotorch resume ${quoted(folder)}`;
  if (why === 'over') return `Over at step ${step}: ${reason}.`;
  return `Done: ${step} steps.`;
}

/** Opens a training as the command line does. @throws UserError where options or data do not fit */
export async function openRun(run: RunOptions): Promise<OpenedTraining> {
  try {
    return await openTraining(run);
  } catch (cause) {
    if (!(cause instanceof OptionError || cause instanceof DataError)) throw cause;
    throw new UserError(cause.message, { cause });
  }
}

/** Trains, and returns the exit code. @throws RunFailure */
export async function trainIn(folder: string, opened: OpenedTraining): Promise<number> {
  const release = lockRunFolder(folder);
  const interrupt = new Interrupt(() =>
    console.error('\nStopping after this step; Ctrl-C again quits at once, without saving.'),
  );
  console.log(`Run folder: ${folder}`);
  try {
    const ended = await runSession(opened, { folder, interrupt, say: console.error });
    console.log(closing(folder, ended));
    return ended.why === 'interrupted' ? interruptedExitCode : 0;
  } finally {
    interrupt.release();
    release();
  }
}
