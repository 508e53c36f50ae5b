/** zi2zi's recipe. */
export * from './options';
export * from './ports';
export * from './recipe';
