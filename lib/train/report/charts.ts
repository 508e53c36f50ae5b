/** Which charts a report has. */
import type { Metrics } from '../metrics';
import type { LatentMap } from './data';

/** A curve, or the points of a label. */
export interface Curve {
  label: string;
  points: { x: number; y: number | null }[];
}

/** A chart. */
export interface Chart {
  title: string;
  kind: 'line' | 'scatter';
  x: string;
  curves: Curve[];
  /** Limits of y, where they are known. */
  y?: [least: number, most: number];
}

/** Points of a curve: more are not seen on a screen. */
const MOST_POINTS = 1000;
/** Charts of figures that are neither losses nor accuracies. */
const MOST_OTHERS = 16;

/** What is about the run and not of the model. */
const ABOUT_RUN = new Set(['step', 'epoch', 'seconds', 'wait_share']);

/** At most `most` items, evenly spaced, the last among them. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, index) => (items.length - 1 - index) % every === 0);
}

/** Names of all figures, in the order of their first line. */
export function namesOf(lines: readonly Metrics[]): string[] {
  const names = new Set<string>();
  for (const line of lines) for (const name of Object.keys(line)) names.add(name);
  return [...names].filter((name) => !ABOUT_RUN.has(name));
}

function curve(name: string, lines: readonly Metrics[]): Curve {
  const points = lines
    .filter((line) => line[name] !== undefined)
    .map((line) => ({ x: line.step, y: Number.isFinite(line[name]) ? Number(line[name]) : null }));
  return { label: name, points: thinned(points, MOST_POINTS) };
}

function mapChart({ points, labels, step }: LatentMap): Chart {
  const names = [...new Set(labels)].sort((a, b) => a - b);
  const curves = names.map((label) => ({
    label: String(label),
    points: points.filter((_, index) => labels[index] === label).map(([x, y]) => ({ x, y })),
  }));
  return { title: `Latent codes of step ${step}, by t-SNE`, kind: 'scatter', x: '', curves };
}

/** The charts of a run. */
export function chartsOf(lines: readonly Metrics[], map: LatentMap | undefined): Chart[] {
  const names = namesOf(lines);
  const losses = names.filter((name) => /loss/i.test(name) && !/ratio/i.test(name));
  const accuracies = names.filter((name) => /(^|_)acc(uracy)?(_|$)/i.test(name));
  const others = names.filter((name) => !losses.includes(name) && !accuracies.includes(name)).slice(0, MOST_OTHERS);
  const chart = (title: string, shown: readonly string[], more: Partial<Chart> = {}): Chart[] =>
    shown.length === 0
      ? []
      : [{ title, kind: 'line', x: 'step', curves: shown.map((name) => curve(name, lines)), ...more }];
  const waits = lines.some(({ wait_share }) => wait_share !== undefined) ? ['wait_share'] : [];
  return [
    ...chart('Losses', losses),
    ...chart('Accuracies', accuracies, { y: [0, 1] }),
    ...others.flatMap((name) => chart(name, [name])),
    ...chart('Share of time spent waiting for data', waits),
    ...(map === undefined ? [] : [mapChart(map)]),
  ];
}
