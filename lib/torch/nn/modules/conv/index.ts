/** `torch.nn.modules.conv`. */
export { Conv1d, Conv2d, Conv3d } from './conv';
export { _ConvNd, type PaddingMode } from './conv_nd';
export { _ConvTransposeNd, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './conv_transpose';
export {
  LazyConv1d,
  LazyConv2d,
  LazyConv3d,
  LazyConvTranspose1d,
  LazyConvTranspose2d,
  LazyConvTranspose3d,
} from './lazy';
