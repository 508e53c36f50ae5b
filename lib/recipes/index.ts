/** Trainings of the documents, each a folder of its own: `isotorch/recipes`. */
export * from './table';
