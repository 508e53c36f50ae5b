/**
 * The public namespace: `import torch from 'isotorch'`, `import * as torch from 'isotorch'` and
 * `require('isotorch')` all give it. Names are PyTorch's.
 */
import * as torch from './index';

// What is named here wins over a generated function of the same name.
export * from './generated/functions';

export * as autograd from './autograd';
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from './autograd';
export * from './backends';
export * from './errors';
export * as io from './io';
export * as nn from './nn';
export * as optim from './optim';
export * as data from './data';
export * as random from './random';
export {
  default_generator,
  fork_rng,
  Generator,
  get_rng_state,
  initial_seed,
  manual_seed,
  seed,
  set_rng_state,
} from './random';
export type { Complex, Scalar } from './tensor/arguments';
export { as_tensor, type FromBufferOptions, frombuffer, is_tensor, type TensorOptions, tensor } from './tensor/creation';
export { Device, type DeviceLike, device } from './tensor/device';
export * from './tensor/dtype';
export type { Nested, TypedArray } from './tensor/elements';
export { type GradientHook, RemovableHandle } from './tensor/hooks';
export type { TensorData } from './tensor/nested';
export * as ops from './tensor/ops';
export { keep, type MemoryStats, memory_stats, scope } from './tensor/scope';
export { GradFn, Tensor, type ToKeywords, type ToOptions } from './tensor/tensor';

export default torch;
