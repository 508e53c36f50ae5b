/** `torch.testing`: comparisons and random tensors for tests. */
export { assert_close } from './assert_close';
export { make_tensor, type MakeTensorOptions } from './make_tensor';
