/** A new run of a recipe, or what it would be. */
import type { AnyRecipe } from '../train';
import { dryRunText } from './dry_run';
import { makeRunFolder } from './make_run_folder';
import { runOptions, writeRunFile } from './run_file';
import { openRun } from './open_run';
import { trainIn } from './run_session';

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
  const folder = makeRunFolder(out, recipe.name, (made) => writeRunFile(made, run));
  return trainIn(folder, opened);
}
