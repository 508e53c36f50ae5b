/** `isotorch report <run>`: a run's report, in one HTML file. */
import { Command } from 'commander';
import { prepareLibtorch } from '../prepare_libtorch';
import { addSnapshotOptions, givenSnapshot } from '../recipe_options';

async function report(run: string, { map = false }: { map?: boolean }, command: Command): Promise<void> {
  prepareLibtorch();
  const { reportRun } = await import('../report_run.js');
  await reportRun(run, map ? givenSnapshot(command) : undefined);
}

/** The subcommand. */
export function reportCommand(): Command {
  const command = new Command('report')
    .summary('write the report of a run')
    .description(
      'Writes report.html into the run folder: curves, samples, options and versions in one file that needs no network. ' +
        'Trainings write it when they stop; this writes it while one is running, or anew.',
    )
    .argument('<run>', 'the run folder')
    .option('--map', 'with a new map of latent codes, of the snapshot that --step says');
  return addSnapshotOptions(command).action(report);
}
