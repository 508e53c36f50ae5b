/** Data that recipes are trained on. */
export { DecodedSet, LazySet } from './datasets';
export {
  type DataDescription,
  DataError,
  type DataKind,
  type DataSample,
  type DataSpec,
  dataKinds,
  type FileProblem,
  type Fit,
  type OpenedData,
} from './description';
export { openData } from './open';
export { type LoaderOptions, loaderOf } from './loader';
