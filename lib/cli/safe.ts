/** What is left of a run that could not go on, and how it goes on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { load_metadata } from 'isotorch/serialization';
import { type BatchMode, checkpointFile } from '../recipes/split_joint';
import { previousOf } from '../train';

/** The command that goes on with a run, for a shell. */
export function resumeCommand(folder: string): string {
  const quoted = /^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`;
  return `npm run demo -- --resume ${quoted}`;
}

/** Steps done by the newest readable checkpoint of a mode; undefined where there is none. */
function savedSteps(folder: string): number | undefined {
  const path = join(folder, checkpointFile);
  for (const file of [path, previousOf(path)]) {
    try {
      return (JSON.parse(load_metadata(file).checkpoint!) as { position: { step: number } }).position.step;
    } catch {
      // Missing or damaged: the one before it may be there.
    }
  }
  return undefined;
}

/** Sentences that say what of a run is safe on disk. */
export function whatIsSafe(folder: string, modes: readonly BatchMode[]): string {
  if (!existsSync(folder)) return `The run folder ${folder} is gone, and the run with it: start a new one.`;
  const safe = modes.flatMap((mode) => {
    const steps = savedSteps(join(folder, mode));
    return steps === undefined ? [] : [`${mode} up to step ${steps}`];
  });
  const saved = safe.length === 0 ? 'No checkpoint has been written yet.' : `Safe in ${folder}: ${safe.join(', ')}.`;
  return `${saved} To go on once the cause is mended: ${resumeCommand(folder)}`;
}
