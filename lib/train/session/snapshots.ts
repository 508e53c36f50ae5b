/** Snapshots of a run: one file each, named by its step; the newest that is whole is where the run goes on. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RunFailure } from '../failure';
import { makeFolders } from '../run_folder';
import { loadTraining, saveTraining, type TrainingObjects } from '../training_checkpoint';

const FOLDER = 'snapshots';
const NAME = /^(\d{6,})\.pt$/;

/** The snapshot of a step. */
export const snapshotFile = (run: string, step: number): string =>
  join(run, FOLDER, `${String(step).padStart(6, '0')}.pt`);

/** Steps of which there is a snapshot, the first first. */
export function snapshotSteps(run: string): number[] {
  const folder = join(run, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => (NAME.test(name) ? [Number(NAME.exec(name)![1])] : []))
    .sort((a, b) => a - b);
}

/** Where a run stands, beside its objects. */
export interface SnapshotCounts {
  /** Steps done. */
  readonly step: number;
  /** How often it has gone back to a snapshot because of a number that was none. */
  readonly recovered: number;
}

/** Writes the snapshot of a step, and removes old ones: the `keep` newest stay, and that of step 0. */
export function saveSnapshot(
  run: string,
  { step, recovered }: SnapshotCounts,
  objects: TrainingObjects,
  keep: number,
): void {
  makeFolders(join(run, FOLDER));
  saveTraining(snapshotFile(run, step), objects, { step, recovered });
  const old = snapshotSteps(run).filter((other) => other > 0);
  for (const other of old.slice(0, -keep)) rmSync(snapshotFile(run, other), { force: true });
}

/** Options of `loadSnapshot`. */
export interface LoadSnapshotOptions {
  /** The last step that counts. */
  most?: number;
  /** Whether the random streams are put back, too. Default true. */
  random?: boolean;
  /** Is told, in sentences, of damaged snapshots and of other numeric envelopes. */
  say?: (sentence: string) => void;
}

/**
 * Puts the newest whole snapshot back, and returns its counts; undefined where there is none. A damaged one is
 * renamed, and the one before it taken.
 *
 * @throws RunFailure where one is whole, but of another training, or where all are damaged
 */
export function loadSnapshot(
  run: string,
  objects: TrainingObjects,
  { most = Infinity, random = true, say = console.error }: LoadSnapshotOptions = {},
): SnapshotCounts | undefined {
  const steps = snapshotSteps(run).filter((step) => step <= most);
  const problems: string[] = [];
  for (const step of steps.reverse()) {
    const file = snapshotFile(run, step);
    try {
      const { recovered } = loadTraining(file, objects, { random, say });
      if (problems.length > 0) say(`${problems.join(' ')} Going on from the snapshot of step ${step}.`);
      return { step, recovered: Number(recovered ?? 0) };
    } catch (error) {
      // Whole, but of another recipe, version or size: the ones before it are, too.
      if (error instanceof RunFailure) throw error;
      problems.push(`${file} is damaged: ${(error as Error).message}.`);
      renameSync(file, `${file}.damaged`);
    }
  }
  if (problems.length === 0) return undefined;
  throw new RunFailure(`${problems.join(' ')} There is no other snapshot to go on from: start a new run.`);
}
