/** A run that goes on. */
import { readRunFile } from './run_file';
import { openRun } from './open_run';
import { trainIn } from './run_session';

/** Goes on with a run, and returns the exit code. @throws UserError, RunFailure */
export async function resumeRun(folder: string, changes: Readonly<Record<string, unknown>>): Promise<number> {
  return trainIn(folder, await openRun(await readRunFile(folder, changes)));
}
