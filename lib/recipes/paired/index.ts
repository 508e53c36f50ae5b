/** What recipes that translate images into their pairs share. */
export * from './crop';
export * from './data';
export * from './figures';
export * from './passes';
export * from './view';
