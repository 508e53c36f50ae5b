/** What a report needs of a run folder. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RunFailure } from '../failure';
import { writeJson } from '../files';
import { fromJson } from '../json';
import { thinned } from './charts';
import type { LatentMap, SamplePicture } from './data';

/** Pictures in a report, and bytes of them. */
const MOST_PICTURES = 24;
const MOST_BYTES = 24 * 2 ** 20;

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Pictures of samples, evenly spaced where there are many. */
export function readSamples(run: string): SamplePicture[] {
  const folder = join(run, 'samples');
  if (!existsSync(folder)) return [];
  const all = readdirSync(folder)
    .filter((name) => /^\d{6,}\.png$/.test(name))
    .map((name) => ({ step: Number.parseInt(name, 10), path: join(folder, name) }))
    .sort((a, b) => a.step - b.step);
  for (let most = MOST_PICTURES; ; most = Math.floor(most / 2)) {
    const chosen = most === 0 ? [] : thinned(all, most);
    if (chosen.reduce((sum, { path }) => sum + statSync(path).size, 0) > MOST_BYTES) continue;
    const read = chosen.map(({ step, path }) => ({ step, png: readFileSync(path) }));
    return read.filter(({ png }) => png.subarray(0, PNG.length).equals(PNG));
  }
}

const mapFile = (run: string): string => join(run, 'latent_map.json');

/** Keeps a map in its run's folder. */
export function writeLatentMap(run: string, map: LatentMap): void {
  writeJson(mapFile(run), map);
}

function isMap(value: unknown): value is LatentMap {
  const { step, points, labels } = (value ?? {}) as Partial<LatentMap>;
  const isPoint = (point: unknown): boolean =>
    Array.isArray(point) && point.length === 2 && point.every((place) => typeof place === 'number');
  return (
    typeof step === 'number' &&
    Array.isArray(points) &&
    points.every(isPoint) &&
    Array.isArray(labels) &&
    labels.length === points.length &&
    labels.every((label) => typeof label === 'number')
  );
}

/** The map of a run; undefined where it has none. @throws RunFailure where the file is none */
export function readLatentMap(run: string): LatentMap | undefined {
  const path = mapFile(run);
  if (!existsSync(path)) return undefined;
  try {
    const map = fromJson(readFileSync(path, 'utf8'));
    if (isMap(map)) return map;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RunFailure(`${path} is no map of latent codes: delete it, and isotorch report --map makes it again.`);
}

/** The source of chart.js for browsers; undefined where the package is not installed. */
export function readChartjs(): string | undefined {
  try {
    // The package's own doors lead to its modules only; the file for browsers lies beside them.
    return readFileSync(join(dirname(require.resolve('chart.js')), 'chart.umd.min.js'), 'utf8');
  } catch {
    return undefined;
  }
}
