/** t-SNE: a map of points in the plane that keeps neighbours together. */
export { joint_probabilities, squared_distances } from './affinities';
export { kl_divergence } from './divergence';
export { trustworthiness } from './trustworthiness';
export { tsne, type TsneMap, type TsneOptions } from './tsne';
