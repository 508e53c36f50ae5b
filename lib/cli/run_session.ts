/** Trains in a run folder from the command line: alone in it, until its end or Ctrl-C. */
import {
  type Ended,
  Interrupt,
  interruptedExitCode,
  isSystemError,
  lockRunFolder,
  type OpenedTraining,
  RunFailure,
  runSession,
} from '../train';
import { makeLatentMap } from './latent_map';
import { writeReport } from './report_run';

/** A path as a shell takes it. */
export const quoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

/** How a run ended, for its report. */
function stateOf({ step, why, reason }: Ended): string {
  if (why === 'interrupted') return `Interrupted at step ${step}.`;
  return why === 'over' ? `Over at step ${step}: ${reason}.` : `Done: ${step} steps.`;
}

/** How a run ended, for the terminal. */
function closing(folder: string, ended: Ended): string {
  if (ended.why !== 'interrupted') return stateOf(ended);
  return `Stopped at step ${ended.step}, and saved. To go on: npx isotorch resume ${quoted(folder)}`;
}

/** Writes the report; a run has not failed because there is no room for it. */
function report(folder: string, state: string): void {
  try {
    console.log(`Report: ${writeReport(folder, state)}`);
  } catch (error) {
    if (!(error instanceof RunFailure || isSystemError(error))) throw error;
    console.error(`Note: no report was written: ${error.message}`);
  }
}

/** Maps the latent codes of a finished run; one that they make no map of has not failed. */
function map(folder: string, step: number, opened: OpenedTraining): void {
  try {
    makeLatentMap(folder, step, opened);
  } catch (error) {
    console.error(`Note: the report has no new map of latent codes: ${(error as Error).message}`);
  }
}

/** Watches for Ctrl-C, and says what the first one does. */
export const announcedInterrupt = (): Interrupt =>
  new Interrupt(() => console.error('\nStopping after this step; Ctrl-C again quits at once, without saving.'));

/** Trains, writes the report, and returns the exit code. @throws RunFailure */
export async function trainIn(folder: string, opened: OpenedTraining): Promise<number> {
  const release = lockRunFolder(folder);
  const interrupt = announcedInterrupt();
  console.log(`Run folder: ${folder}`);
  try {
    const ended = await runSession(opened, { folder, interrupt, say: console.error });
    // All is saved: from here on Ctrl-C quits at once.
    interrupt.release();
    console.log(closing(folder, ended));
    if (ended.why !== 'interrupted') map(folder, ended.step, opened);
    report(folder, stateOf(ended));
    return ended.why === 'interrupted' ? interruptedExitCode : 0;
  } catch (error) {
    if (error instanceof RunFailure) report(folder, `It stopped: ${error.message}`);
    throw error;
  } finally {
    interrupt.release();
    release();
  }
}
