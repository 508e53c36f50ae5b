/** A step of a run once more, from the nearest snapshot before it. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, dirname } from 'node:path';
import {
  makeFolders,
  metricsFile,
  readMetrics,
  RunFailure,
  runSession,
  sampleFile,
  snapshotFile,
  snapshotSteps,
} from '../train';
import { readRunFile } from './run_file';
import { openRun } from './open_run';
import { UserError } from './user_error';

/** The newest snapshot before a step, or of it where there is none before. */
function nearest(folder: string, step: number): number {
  const before = snapshotSteps(folder).filter((other) => other < step || step === 0);
  const found = before.at(-1);
  if (found !== undefined) return found;
  throw new UserError(
    `${folder} has no snapshot from before step ${step}: it begins with ${snapshotSteps(folder)[0] ?? 'none'}.`,
  );
}

/** Steps that the run has done, as far as it says. */
function doneBy(folder: string): number {
  return Math.max(0, snapshotSteps(folder).at(-1) ?? 0, readMetrics(metricsFile(folder)).at(-1)?.step ?? 0);
}

/** Means that the clock does not decide, up to a step. */
const lines = (folder: string, step: number) =>
  new Map(
    readMetrics(metricsFile(folder))
      .filter((line) => line.step <= step)
      .map(({ seconds: _, wait_share: __, ...line }) => [line.step, JSON.stringify(line)]),
  );

/** What differs from the run, in a sentence; nothing where all that can be compared is equal. */
function difference(run: string, again: string, from: number, step: number): string | undefined {
  const original = snapshotFile(run, step);
  if (existsSync(original) && !readFileSync(original).equals(readFileSync(snapshotFile(again, step)))) {
    return `the snapshot of step ${step} has other bytes than ${original}`;
  }
  const first = lines(run, step);
  for (const [at, line] of lines(again, step)) {
    // The line of the last step exists only because it is the last.
    if (at > from && first.has(at) && first.get(at) !== line)
      return `the metrics of step ${at} are others than in the run`;
  }
  return undefined;
}

/** Writes the snapshot of a step again, and returns the exit code. @throws UserError, RunFailure */
export async function replayRun(
  folder: string,
  step: number,
  out = join(folder, 'replay', String(step)),
): Promise<number> {
  const run = await readRunFile(folder);
  const done = doneBy(folder);
  if (step > done) throw new UserError(`step ${step} is none of the run: ${folder} has come to step ${done}.`);
  const from = nearest(folder, step);
  if (existsSync(out)) throw new UserError(`${out} is there already: choose another --out, or remove it.`);
  makeFolders(dirname(out));
  const work = mkdtempSync(`${out}-`);
  try {
    makeFolders(dirname(snapshotFile(work, from)));
    copyFileSync(snapshotFile(folder, from), snapshotFile(work, from));
    if (existsSync(metricsFile(folder))) copyFileSync(metricsFile(folder), metricsFile(work));
    const session = { ...run.session, steps: Math.max(step, 1) };
    const opened = await openRun({ ...run, session, continues: true });
    if (step > from) await runSession(opened, { folder: work, interrupt: { requested: false }, say: console.error });
    const wrong = difference(folder, work, from, step);
    if (wrong !== undefined) {
      throw new RunFailure(
        `The replay is not the run: ${wrong}. Was it made by another version, or on another machine?`,
      );
    }
    makeFolders(out);
    renameSync(snapshotFile(work, step), join(out, 'snapshot.pt'));
    if (existsSync(sampleFile(work, step))) renameSync(sampleFile(work, step), join(out, 'samples.png'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const compared = existsSync(snapshotFile(folder, step)) ? ', with the bytes of the first time' : '';
  console.log(`Step ${step} is in ${out}, from the snapshot of step ${from}${compared}.`);
  return 0;
}
