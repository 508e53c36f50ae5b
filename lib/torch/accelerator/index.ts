/** Streams, for other rooms. */
export { Stream } from './stream';
