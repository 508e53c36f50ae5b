/** `isotorch evaluate`: a recipe's figures of a run's model as it was at a snapshot. */
import { appendMetrics, evaluationsFile, isSystemError } from '../train';
import { openSnapshot } from './open_snapshot';
import type { SnapshotChoice } from './recipe_options';
import { textTable } from './text_table';
import { UserError } from './user_error';

/** Notes the figures, where the folder can be written: they have been said all the same. */
function note(run: string, step: number, figures: Readonly<Record<string, number>>): void {
  try {
    appendMetrics(evaluationsFile(run), { step, ...figures });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    console.error(`Note: the figures are not in the run folder: ${error.message}`);
  }
}

/** Measures a run, and prints the figures. @throws UserError, RunFailure */
export async function evaluateRun(run: string, choice: SnapshotChoice, json: boolean): Promise<void> {
  const { opened, step } = await openSnapshot(run, choice);
  const { recipe, training } = opened;
  if (training.evaluate === undefined) throw new UserError(`the recipe ${recipe.name} has no figures to compute.`);
  const figures = await training.evaluate();
  if (json) console.log(JSON.stringify({ recipe: recipe.name, step, figures }, null, 2));
  else {
    console.log(`${recipe.name}, step ${step}:`);
    console.log(
      textTable(Object.entries(figures).map(([name, value]) => [name, String(Number(value.toPrecision(6)))])).join(
        '\n',
      ),
    );
  }
  note(run, step, figures);
}
