/** What a report is made of. */
import type { Metrics } from '../metrics';

/** Images of codes, on a plane. */
export interface LatentMap {
  /** Step of the model. */
  step: number;
  points: [x: number, y: number][];
  /** One a point. */
  labels: number[];
}

/** A picture of samples. */
export interface SamplePicture {
  step: number;
  png: Uint8Array;
}

/** A run. */
export interface ReportData {
  /** Its folder's name. */
  readonly name: string;
  readonly recipe: string;
  /** How far it is, in a sentence. */
  readonly state: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly session: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly metrics: readonly Metrics[];
  readonly evaluations: readonly Metrics[];
  readonly samples: readonly SamplePicture[];
  readonly map: LatentMap | undefined;
  /** The source of chart.js; undefined where the package is not there. */
  readonly chartjs: string | undefined;
}
