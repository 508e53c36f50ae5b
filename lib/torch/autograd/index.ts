/** `torch.autograd`: automatic differentiation. */
export * as anomaly_mode from './anomaly_mode';
export { backward } from './engine';
export {
  detect_anomaly,
  is_anomaly_check_nan_enabled,
  is_anomaly_enabled,
  set_anomaly_enabled,
  set_detect_anomaly,
} from './anomaly_mode';
export * as forward_ad from './forward_ad';
export * as functional from './functional';
export {
  AutogradFunction as Function,
  type Gradient,
  once_differentiable,
} from './function';
export { FunctionCtx, type Saved } from './function_ctx';
export { type GradOptions, grad } from './grad';
export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  is_multithreading_enabled,
  is_view_replay_enabled,
  no_grad,
  set_grad_enabled,
  set_multithreading_enabled,
} from './grad_mode';
export * as grad_mode from './grad_mode';
export * from './gradcheck';
export * as graph from './graph';
export { Variable, variable } from './variable';
