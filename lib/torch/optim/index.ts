/** `torch.optim`: optimizers. */
import './places';

export { Adam, type AdamGroupOptions, type AdamOptions } from './adam';
export { AdamW, type AdamWOptions } from './adamw';
export * as lr_scheduler from './lr_scheduler';
export { Optimizer } from './optimizer';
export type { GroupOptions } from './options';
export type { OptimizerParams, ParamGroup, ParamGroupInput, Params } from './param_groups';
export { RMSprop, type RMSpropGroupOptions, type RMSpropOptions } from './rmsprop';
export { SGD, type SGDGroupOptions, type SGDOptions } from './sgd';
export type { OptimizerState, ParamState } from './state';
export type { OptimizerStateDict, PackedGroup } from './state_dict';
export * as swa_utils from './swa_utils';
