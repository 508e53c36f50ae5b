/** `torch.optim.optimizer`: what Python's file of that name offers. */
export { register_optimizer_step_post_hook, register_optimizer_step_pre_hook } from './hooks';
export { Optimizer } from './optimizer';
