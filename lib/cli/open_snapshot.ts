/** A run as it was at a snapshot: to draw from, to measure; nothing of it is changed. */
import { deviceOf, loadTraining, type OpenedTraining, RunFailure, snapshotFile, snapshotSteps } from '../train';
import type { SnapshotChoice } from './recipe_options';
import { readRunFile } from './run_file';
import { openRun } from './open_run';
import { UserError } from './user_error';

/** The step of a snapshot that is there. @throws UserError listing those that are */
function chosen(folder: string, wanted: number | undefined): number {
  const steps = snapshotSteps(folder);
  const step = wanted ?? steps.at(-1);
  if (step === undefined) throw new UserError(`${folder} has no snapshot yet.`);
  if (steps.includes(step)) return step;
  throw new UserError(
    `${folder} has no snapshot of step ${step}, only of ${steps.join(', ')}. isotorch replay makes it: --step ${step}.`,
  );
}

/** The words of an error, with a full stop. */
const sentence = (error: unknown): string => (error as Error).message.replace(/\.?$/, '.');

/**
 * Opens a run's training with the state of a snapshot.
 *
 * @throws UserError where there is none, or where data or options do not fit
 * @throws RunFailure where it is damaged
 */
export async function openSnapshot(
  folder: string,
  { step: wanted, changes }: SnapshotChoice,
): Promise<{ opened: OpenedTraining; step: number }> {
  const run = await readRunFile(folder, changes);
  const step = chosen(folder, wanted);
  const opened = await openRun({ ...run, continues: true });
  const file = snapshotFile(folder, step);
  try {
    loadTraining(file, opened.objects, { map_location: deviceOf(opened.session.device), say: console.error });
  } catch (cause) {
    if (cause instanceof RunFailure) throw cause;
    const others = snapshotSteps(folder).filter((other) => other !== step);
    const remedy = others.length === 0 ? 'There is no other.' : `There are others: --step ${others.join(', ')}.`;
    throw new RunFailure(`${file} cannot be read: ${sentence(cause)} ${remedy}`, { cause });
  }
  return { opened, step };
}
