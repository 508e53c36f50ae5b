/** What other rooms need to read archives of their own. */
export { reading, type Source } from './source';
export { ZipReader } from './zip/reader';
