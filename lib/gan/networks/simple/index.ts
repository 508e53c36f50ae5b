/** Multilayer perceptrons for small images, plain and conditional. */
export * from './conditional';
export * from './plain';
