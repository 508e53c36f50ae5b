/** Document 2's BicycleGAN. */
export { bicycle_doc } from './recipe';
