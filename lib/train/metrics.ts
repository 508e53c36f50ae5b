/** The metrics file: one JSON object a line, appended, so that a killed run keeps every line it wrote. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { writeText } from './files';

/** One line; `step` is the number of training steps done. */
export interface Metrics {
  step: number;
  [name: string]: number | string;
}

/** Appends one line. */
export function appendMetrics(path: string, line: Metrics): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/** Reads all lines; a last line cut short by a kill is left out. */
export function readMetrics<Line extends Metrics = Metrics>(path: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // What follows the last newline is empty, or a line whose writing was interrupted.
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
}

/** Drops lines after `step`: those an interrupted run wrote after the checkpoint from which it goes on. */
export function rewindMetrics(path: string, step: number): void {
  const lines = readMetrics(path).filter((line) => line.step <= step);
  writeText(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
