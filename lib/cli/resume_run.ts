/** A run that goes on. */
import { snapshotSteps } from '../train';
import { readRunFile, storedRun, writeRunFile } from './run_file';
import { openRun } from './open_run';
import { trainIn } from './run_session';

/** Goes on with a run, and returns the exit code; what changes is part of its options from here on. @throws UserError, RunFailure */
export async function resumeRun(folder: string, changes: Readonly<Record<string, unknown>>): Promise<number> {
  const run = await readRunFile(folder, changes);
  const opened = await openRun({ ...run, continues: snapshotSteps(folder).length > 0 });
  if (Object.keys(changes).length > 0) writeRunFile(folder, run, storedRun(folder).versions);
  return trainIn(folder, opened);
}
