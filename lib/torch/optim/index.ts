/** `torch.optim`: optimizers. */
export { Adam, type AdamGroupOptions, type AdamOptions } from './adam';
export { AdamW, type AdamWOptions } from './adamw';
export { type GroupOptions, Optimizer } from './optimizer';
export type { OptimizerParams, ParamGroup, ParamGroupInput, Params } from './param_groups';
export { SGD, type SGDGroupOptions, type SGDOptions } from './sgd';
export type { OptimizerState, ParamState } from './state';
export type { OptimizerStateDict, OptionValue, PackedGroup } from './state_dict';
