/** `torch.optim.lr_scheduler`: schedules of learning rates. */
export { ChainedScheduler } from './chained_scheduler';
export { ConstantLR } from './constant_lr';
export { CosineAnnealingLR } from './cosine_annealing_lr';
export { CosineAnnealingWarmRestarts } from './cosine_annealing_warm_restarts';
export { CyclicLR } from './cyclic_lr';
export { ExponentialLR } from './exponential_lr';
export { LambdaLR } from './lambda_lr';
export type { LrLambda } from './lambdas';
export { LinearLR } from './linear_lr';
export { LRScheduler, type SchedulerState } from './lr_scheduler';
export { MultiplicativeLR } from './multiplicative_lr';
export { MultiStepLR } from './multi_step_lr';
export { OneCycleLR } from './one_cycle_lr';
export { PolynomialLR } from './polynomial_lr';
export type { Rate } from './rate';
export { ReduceLROnPlateau } from './reduce_lr_on_plateau';
export { SequentialLR } from './sequential_lr';
export { StepLR } from './step_lr';
