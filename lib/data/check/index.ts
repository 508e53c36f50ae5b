/** Folders of images, checked and converted. */
export { checkData, type CheckOptions, type CheckReport } from './check';
export { type FixedData, fixData } from './fix';
