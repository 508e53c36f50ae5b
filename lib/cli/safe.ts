/** What is left of a demo's run that could not go on, and how it goes on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchMode } from '../recipes/split_joint';
import { snapshotSteps } from '../train';
import { quoted } from './run_session';

/** The command that goes on with a run, for a shell. */
export const resumeCommand = (folder: string): string => `npm run demo -- --resume ${quoted(folder)}`;

/** Sentences that say what of a run is safe on disk. */
export function whatIsSafe(folder: string, modes: readonly BatchMode[]): string {
  if (!existsSync(folder)) return `The run folder ${folder} is gone, and the run with it: start a new one.`;
  const safe = modes.flatMap((mode) => {
    const step = snapshotSteps(join(folder, mode)).at(-1);
    return step === undefined ? [] : [`${mode} up to step ${step}`];
  });
  const saved = safe.length === 0 ? 'No snapshot has been written yet.' : `Safe in ${folder}: ${safe.join(', ')}.`;
  return `${saved} To go on once the cause is mended: ${resumeCommand(folder)}`;
}
