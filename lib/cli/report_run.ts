/** The report of a run, `report.html` in its folder. */
import { basename, join, resolve } from 'node:path';
import {
  checkRunFolder,
  evaluationsFile,
  metricsFile,
  readChartjs,
  readLatentMap,
  readMetrics,
  readSamples,
  reportPage,
  snapshotSteps,
  writeText,
} from '../train';
import { makeLatentMap } from './latent_map';
import { openSnapshot } from './open_snapshot';
import type { SnapshotChoice } from './recipe_options';
import { storedRun } from './run_file';
import { UserError } from './user_error';

const FILE = 'report.html';

/**
 * Writes a run's report, and returns its file.
 *
 * @param state How far the run is, in a sentence. Default: its newest snapshot
 * @throws UserError, RunFailure where the folder is no run's
 */
export function writeReport(run: string, state?: string): string {
  const { recipe, options, session, versions } = storedRun(run);
  checkRunFolder(run);
  const newest = snapshotSteps(run).at(-1);
  const page = reportPage({
    name: basename(resolve(run)),
    recipe,
    state:
      state ??
      (newest === undefined ? 'No snapshot has been written yet.' : `Its newest snapshot is of step ${newest}.`),
    options,
    session,
    versions,
    metrics: readMetrics(metricsFile(run)),
    evaluations: readMetrics(evaluationsFile(run)),
    samples: readSamples(run),
    map: readLatentMap(run),
    chartjs: readChartjs(),
  });
  const file = join(run, FILE);
  writeText(file, page);
  return file;
}

/** `isotorch report`: writes it, with a new map of latent codes where a snapshot is chosen for it. */
export async function reportRun(run: string, mapOf: SnapshotChoice | undefined): Promise<void> {
  if (mapOf !== undefined) {
    const { opened, step } = await openSnapshot(run, mapOf);
    const none = makeLatentMap(run, step, opened);
    if (none !== undefined) throw new UserError(`option '--map': ${opened.recipe.name} has ${none}.`);
  }
  console.log(writeReport(run));
}
