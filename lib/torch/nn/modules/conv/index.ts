/** `torch.nn.modules.conv`. */
export { Conv2d, type PaddingMode } from './conv';
export { ConvTranspose2d } from './conv_transpose';
