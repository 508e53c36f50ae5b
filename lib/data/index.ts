/** Ready data sets: `isotorch/data`. Loaders are in `isotorch/utils/data`. */
export * from './idx';
export * from './mnist';
export * from './arrays';
export * from './folder';
export { read_image } from './images/decode';
export { ImageFileError } from './images/failure';
export * as transforms from './transforms';
export * from './sets';
export * from './make';
export * from './check';
