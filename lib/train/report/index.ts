/** The report of a run. */
export type { LatentMap, ReportData, SamplePicture } from './data';
export { reportPage } from './page';
export { readChartjs, readLatentMap, readSamples, writeLatentMap } from './read';
