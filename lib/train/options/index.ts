/** Options of recipes; nothing here starts libtorch. */
export * from './about';
export * from './common';
export * from './nearest';
export * from './option';
export * from './read';
export * from './passes';
