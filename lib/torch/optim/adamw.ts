import { type Arguments, readArguments } from '../nn/inside';
import { Adam, type AdamGroupOptions, type AdamOptions } from './adam';
import type { OptimizerParams, ParamGroup } from './param_groups';

/** Options of `AdamW`, all optional. */
export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

const defaults: Omit<AdamGroupOptions, 'decoupled_weight_decay'> = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 1e-2,
  amsgrad: false,
  maximize: false,
  foreach: null,
  capturable: false,
  differentiable: false,
  fused: null,
};

/**
 * Adam with decoupled weight decay: first θ ← θ − lr·weight_decay·θ, then Adam's update.
 * See Loshchilov & Hutter (2017), and https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Adam {
  constructor(
    params: OptimizerParams<AdamGroupOptions>,
    ...rest: Arguments<AdamWOptions, ['lr', 'betas', 'eps', 'weight_decay', 'amsgrad']>
  );
  constructor(params: OptimizerParams<AdamGroupOptions>, options?: AdamWOptions);
  constructor(params: OptimizerParams<AdamGroupOptions>, ...rest: unknown[]) {
    const options = readArguments('AdamW.__init__', defaults, rest);
    super(params, { ...options, decoupled_weight_decay: true });
  }

  protected override completed(group: ParamGroup<AdamGroupOptions>): ParamGroup<AdamGroupOptions> {
    return { ...super.completed(group), decoupled_weight_decay: true };
  }
}
