/** `isotorch resume <run>`: goes on with an interrupted run, or makes a finished one longer. */
import { Command } from 'commander';
import { sessionOptions } from '../../train/options';
import { givenOptions, sessionFlag } from '../recipe_options';
import { prepareLibtorch } from '../prepare_libtorch';

/** Options that change nothing of what the steps so far would have been. */
const CHANGEABLE = ['steps', 'workers', 'sample_every', 'snapshot_every', 'keep'] as const;

async function resume(folder: string, command: Command): Promise<void> {
  const changes = givenOptions(command, sessionOptions);
  prepareLibtorch();
  const { resumeRun } = await import('../resume_run.js');
  process.exitCode = await resumeRun(folder, changes);
}

/** The subcommand. */
export function resumeCommand(): Command {
  const command = new Command('resume')
    .summary('go on with a run')
    .description(
      'Goes on with a run from its newest whole snapshot, with the bytes of a run that was never interrupted. ' +
        'Options are those that it was started with; a few may be others from here on.',
    )
    .argument('<run>', 'the run folder');
  for (const name of CHANGEABLE) command.addOption(sessionFlag(name));
  return command.action((folder: string) => resume(folder, command));
}
