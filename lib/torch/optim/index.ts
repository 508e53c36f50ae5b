/** `torch.optim`: optimizers. */
import './places';

export { Adadelta, type AdadeltaGroupOptions, type AdadeltaOptions } from './adadelta';
export { Adafactor, type AdafactorGroupOptions, type AdafactorOptions } from './_adafactor';
export { Adagrad, type AdagradGroupOptions, type AdagradOptions } from './adagrad';
export { Adam, type AdamGroupOptions, type AdamOptions } from './adam';
export { Adamax, type AdamaxGroupOptions, type AdamaxOptions } from './adamax';
export { AdamW, type AdamWOptions } from './adamw';
export * as lr_scheduler from './lr_scheduler';
export { ASGD, type ASGDGroupOptions, type ASGDOptions } from './asgd';
export * as optimizer from './optimizer_names';
export type { StepPostHook, StepPreHook } from './hooks';
export { LBFGS, type LBFGSGroupOptions, type LBFGSOptions } from './lbfgs';
export { Muon, type MuonGroupOptions, type MuonOptions } from './_muon';
export { NAdam, type NAdamGroupOptions, type NAdamOptions } from './nadam';
export { Optimizer } from './optimizer';
export type { CommonOptions, GroupOptions, SwitchOptions } from './options';
export type { OptimizerParams, ParamGroup, ParamGroupInput, Params } from './param_groups';
export { RAdam, type RAdamGroupOptions, type RAdamOptions } from './radam';
export { RMSprop, type RMSpropGroupOptions, type RMSpropOptions } from './rmsprop';
export { Rprop, type RpropGroupOptions, type RpropOptions } from './rprop';
export { SGD, type SGDGroupOptions, type SGDOptions } from './sgd';
export { SparseAdam, type SparseAdamGroupOptions, type SparseAdamOptions } from './sparse_adam';
export { swap_in_optimizer_params_and_state } from './_stateless';
export type { OptimizerState, ParamState } from './state';
export type { OptimizerStateDict, PackedGroup } from './state_dict';
export * as swa_utils from './swa_utils';
