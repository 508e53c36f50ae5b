/** The metrics file: one JSON object a line, appended, so that a killed run keeps every line it wrote. */
import { existsSync, readFileSync } from 'node:fs';
import { RunFailure } from './failure';
import { appendText, writeText } from './files';
import { fromJson, toJson } from './json';

/** One line; `step` is the number of training steps done. */
export interface Metrics {
  step: number;
  [name: string]: number | string;
}

/** Appends one line; NaN and the infinities as texts. */
export function appendMetrics(path: string, line: Metrics): void {
  appendText(path, `${toJson(line)}\n`);
}

function parseLine<Line extends Metrics>(path: string, line: string, index: number): Line {
  try {
    const parsed = fromJson(line) as Line | null;
    if (Number.isSafeInteger(parsed?.step)) return parsed!;
  } catch {
    // Said below.
  }
  throw new RunFailure(
    `${path} is damaged: line ${index + 1} is not a line of metrics. Correct it, or delete this line and those after it.`,
  );
}

/** Reads all lines; a last line cut short by a kill is left out. @throws RunFailure naming a line that is none. */
export function readMetrics<Line extends Metrics = Metrics>(path: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  // What follows the last newline is empty, or a line whose writing was interrupted.
  return lines.slice(0, -1).map((line, index) => parseLine<Line>(path, line, index));
}

/** Drops lines after `step`: those an interrupted run wrote after the checkpoint from which it goes on. */
export function rewindMetrics(path: string, step: number): void {
  const lines = readMetrics(path).filter((line) => line.step <= step);
  writeText(path, lines.map((line) => `${toJson(line)}\n`).join(''));
}
