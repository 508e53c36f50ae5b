/** Data sets, and their batches: `isotorch/data`. */
export * from 'isotorch/utils/data';
export * from './idx';
export * from './mnist';
export { read_image } from './images/decode';
export { ImageFileError } from './images/failure';
export * as transforms from './transforms';
