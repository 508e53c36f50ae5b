/** `torch.nn.modules.normalization`. */
export { CrossMapLRN2d } from './cross_map';
export { GroupNorm, LayerNorm, LocalResponseNorm, RMSNorm } from './normalization';
