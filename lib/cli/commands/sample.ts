/** `isotorch sample <run>`: pictures of a run's model. */
import { Command } from 'commander';
import { prepareLibtorch } from '../prepare_libtorch';
import { addOptions, addSnapshotOptions, givenOptions, givenSnapshot } from '../recipe_options';
import { samplingOptions } from '../sampling/options';

async function sample(run: string, { out }: { out?: string }, command: Command): Promise<void> {
  const given = givenOptions(command, samplingOptions);
  prepareLibtorch();
  const { sampleRun } = await import('../sampling/sample_run.js');
  await sampleRun(run, given, givenSnapshot(command), out);
}

/** The subcommand. */
export function sampleCommand(): Command {
  const command = new Command('sample')
    .summary('draw from a run')
    .description(
      'Draws images of seeds, a way between latents, or style mixing, with the model as it was at a snapshot. ' +
        'The run itself stays as it is, and may be training.',
    )
    .argument('<run>', 'the run folder')
    .option('--out <folder>', 'where pictures are written (default: a new folder in drawn/ of the run folder)');
  addOptions(addSnapshotOptions(command), 'What is drawn:', samplingOptions);
  return command.action(sample);
}
