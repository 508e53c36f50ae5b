/** Where things lie in a run folder; snapshots are in `snapshots.ts`. */
import { join } from 'node:path';

/** The metrics of a run. */
export const metricsFile = (folder: string): string => join(folder, 'metrics.jsonl');

/** Figures that were computed of its snapshots. */
export const evaluationsFile = (folder: string): string => join(folder, 'evaluations.jsonl');

/** The picture of a step. */
export const sampleFile = (folder: string, step: number): string =>
  join(folder, 'samples', `${String(step).padStart(6, '0')}.png`);
