/** `torch.ops`, for other rooms. */
export { ops } from './ops';
