/** A new run of a recipe, or what it would be. */
import { type AnyRecipe, createRunFolder, isSystemError, type RunOptions } from '../train';
import { dryRunText } from './dry_run';
import { runOptions, writeRunFile } from './run_file';
import { openRun } from './open_run';
import { trainIn } from './run_session';
import { UserError } from './user_error';

/** Makes the folder, with the options in it. @throws UserError where that cannot be */
function makeFolder(out: string, run: RunOptions): string {
  try {
    const folder = createRunFolder(out, run.recipe.name);
    writeRunFile(folder, run);
    return folder;
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `option '--out': cannot make a run folder in ${out}: ${cause.message}\n` +
        'Choose a folder that can be written, on a disk with space left.',
      { cause },
    );
  }
}

/** Trains anew, and returns the exit code. @throws UserError, RunFailure */
export async function newRun(
  recipe: AnyRecipe,
  options: Readonly<Record<string, unknown>>,
  session: Readonly<Record<string, unknown>>,
  { out, dryRun }: { out: string; dryRun: boolean },
): Promise<number> {
  const run = runOptions(recipe, options, session);
  const opened = await openRun(run);
  if (dryRun) {
    console.log(dryRunText(run, opened));
    return 0;
  }
  return trainIn(makeFolder(out, run), opened);
}
