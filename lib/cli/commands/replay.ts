/** `isotorch replay <run> --step N`: any step of a run once more. */
import { Command } from 'commander';
import { stepNumber } from '../numbers';
import { prepareLibtorch } from '../prepare_libtorch';

async function replay(folder: string, options: { step: number; out?: string }): Promise<void> {
  prepareLibtorch();
  const { replayRun } = await import('../replay_run.js');
  process.exitCode = await replayRun(folder, options.step, options.out);
}

/** The subcommand. */
export function replayCommand(): Command {
  return new Command('replay')
    .summary('go back to any step of a run')
    .description(
      'Trains from the nearest snapshot before a step up to it, and writes its snapshot: the same bytes as the first time. ' +
        'Where the run still has a snapshot of the step, and where it has metrics, they are compared. The run itself stays as it is.',
    )
    .argument('<run>', 'the run folder')
    .requiredOption('--step <n>', 'the step to go back to', stepNumber)
    .option('--out <folder>', 'where the snapshot and samples are written (default: replay/<step> in the run folder)')
    .action(replay);
}
