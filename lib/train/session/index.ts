/** A training run of any recipe. */
export * from './feed';
export * from './files';
export { finite_gradients, held_parameters, updated_parameters } from './gradients';
export * from './means';
export * from './open';
export * from './place';
export * from './recipe';
export * from './session';
export * from './snapshots';
export * from './step';
export * from './training';
