import { pythonClass } from '../call';
import type { Tensor } from '../memory';
import { Adam, type AdamGroupOptions, type AdamOptions } from './adam';
import type { OptimizerParams, ParamGroup } from './param_groups';

/** Options of `AdamW`, all optional. */
export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

class AdamWOptimizer extends Adam {
  constructor(
    params: OptimizerParams<AdamGroupOptions>,
    lr: number | Tensor = 1e-3,
    betas: readonly number[] | readonly Tensor[] = [0.9, 0.999],
    eps: number = 1e-8,
    weight_decay: number = 1e-2,
    amsgrad: boolean = false,
    maximize: boolean = false,
    foreach: boolean | null = null,
    capturable: boolean = false,
    differentiable: boolean = false,
    fused: boolean | null = null,
  ) {
    const switches = { amsgrad, maximize, foreach, capturable, differentiable, fused, decoupled_weight_decay: true };
    super(params, { lr, betas, eps, weight_decay, ...switches });
  }

  protected override completed(group: ParamGroup<AdamGroupOptions>): ParamGroup<AdamGroupOptions> {
    return { ...super.completed(group), decoupled_weight_decay: true };
  }
}

/**
 * Adam with decoupled weight decay: first θ ← θ − lr·weight_decay·θ, then Adam's update. Loshchilov & Hutter (2017).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends pythonClass(
  'AdamW',
  [
    ...(['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad'] as const),
    ...(['*', 'maximize', 'foreach', 'capturable', 'differentiable', 'fused'] as const),
  ],
  AdamWOptimizer,
) {}
