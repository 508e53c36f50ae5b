/** BicycleGAN. */
export { bicyclegan } from './recipe';
