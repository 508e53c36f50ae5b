/** `torch.amp`: automatic mixed precision. */
export { autocast, type AutocastOptions, is_autocast_available } from './autocast';
