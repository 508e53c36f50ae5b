/** Document 1's training. */
export * from './options';
export * from './recipe';
