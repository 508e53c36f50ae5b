/** `isotorch evaluate <run>`: figures of a run's model. */
import { Command } from 'commander';
import { prepareLibtorch } from '../prepare_libtorch';
import { addSnapshotOptions, givenSnapshot } from '../recipe_options';

async function evaluate(run: string, { json = false }: { json?: boolean }, command: Command): Promise<void> {
  prepareLibtorch();
  const { evaluateRun } = await import('../evaluate_run.js');
  await evaluateRun(run, givenSnapshot(command), json);
}

/** The subcommand. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .summary('measure a run')
    .description(
      "Computes the recipe's figures of the model as it was at a snapshot, and adds them to evaluations.jsonl of the run " +
        'folder, where reports find them.',
    )
    .argument('<run>', 'the run folder')
    .option('--json', 'as JSON');
  return addSnapshotOptions(command).action(evaluate);
}
