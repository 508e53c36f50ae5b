/** lucidrains' StyleGAN2 (document 0). */
export { stylegan2 } from './recipe';
