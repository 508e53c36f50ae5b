/** What is in a run folder; nothing is loaded. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationsFile, type Metrics, metricsFile, readMetrics, snapshotFile, snapshotSteps } from '../../train';
import { storedRun, type StoredRun } from '../run_file';

/** A run folder. */
export interface RunInfo extends StoredRun {
  folder: string;
  /** Whether a process works in it, or was killed there. */
  locked: boolean;
  snapshots: { step: number; file: string; bytes: number }[];
  /** Lines of metrics, and the last one. */
  metrics: { lines: number; last: Metrics | undefined };
  /** Pictures of samples. */
  samples: number;
  evaluations: Metrics[];
}

/** Reads a run folder. @throws UserError where it is none */
export function runInfo(folder: string): RunInfo {
  const stored = storedRun(folder);
  const lines = readMetrics(metricsFile(folder));
  const samples = join(folder, 'samples');
  return {
    folder,
    ...stored,
    locked: existsSync(join(folder, 'lock.json')),
    snapshots: snapshotSteps(folder).map((step) => {
      const file = snapshotFile(folder, step);
      return { step, file, bytes: statSync(file).size };
    }),
    metrics: { lines: lines.length, last: lines.at(-1) },
    samples: existsSync(samples) ? readdirSync(samples).length : 0,
    evaluations: readMetrics(evaluationsFile(folder)),
  };
}
