/** `torch.autograd`: automatic differentiation. */
export { type BackwardOptions, backward } from '../tensor/engine';
export {
  AutogradFunction as Function,
  FunctionCtx,
  type Gradient,
  once_differentiable,
  type Saved,
} from './function';
export { type GradOptions, grad } from './grad';
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from './grad_mode';
