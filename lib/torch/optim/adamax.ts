import { pythonClass } from '../call';
import { amax, cat, zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { maximum, view_as_real } from './functions';
import { checkBetas, checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { div, mul, neg, pow, sub, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Adamax`. */
export interface AdamaxGroupOptions extends CommonOptions {
  /** Decay rates of the average of the gradient and of its largest size. Default [0.9, 0.999]. */
  betas: readonly number[];
  /** Added to the gradient's size. Default 1e-8. */
  eps: number;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `Adamax`, all optional. */
export type AdamaxOptions = Given<AdamaxGroupOptions>;

type AdamaxState = { step: Tensor; exp_avg: Tensor; exp_inf: Tensor };

function checked(options: AdamaxGroupOptions): AdamaxGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

class AdamaxOptimizer extends TapedOptimizer<AdamaxGroupOptions, AdamaxState> {
  constructor(
    params: OptimizerParams<AdamaxGroupOptions>,
    lr: number | Tensor = 2e-3,
    betas: readonly number[] = [0.9, 0.999],
    eps: number = 1e-8,
    weight_decay: number = 0,
    foreach: boolean | null = null,
    maximize: boolean = false,
    differentiable: boolean = false,
    capturable: boolean = false,
  ) {
    const switches = { foreach, maximize, differentiable, capturable };
    super(params, checked({ lr: lr as number, betas, eps, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['step', 'exp_avg', 'exp_inf'] as const;
  protected override readonly refusesSparse = 'Adamax does not support sparse gradients';

  protected override initial(param: Tensor, { capturable }: ParamGroup<AdamaxGroupOptions>): AdamaxState {
    return { step: newStep(param, { capturable }), exp_avg: zeros_like(param), exp_inf: zeros_like(param) };
  }

  protected override update(u: Update<AdamaxState>, group: ParamGroup<AdamaxGroupOptions>): void {
    const { eps, weight_decay, maximize, capturable, differentiable } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    let { param, grad } = u;
    // Python's lists see complex numbers as pairs from the beginning.
    const lists = u.path === 'foreach';
    if (lists) [param, grad] = [real(param), real(grad)];

    if (maximize) grad = grad.neg();

    if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });

    if (!lists) [param, grad] = [real(param), real(grad)];
    const [exp_avg, exp_inf] = [real(u.state.exp_avg), real(u.state.exp_inf)];

    exp_avg.lerp_(grad, 1 - beta1);
    exp_inf.mul_(beta2);
    const size = grad.abs().add_(eps);
    if (differentiable) exp_inf.copy_(amax(cat([exp_inf.unsqueeze(0), size.unsqueeze_(0)], 0), 0));
    else maximum(exp_inf, size, exp_inf);

    if (capturable) {
      const neg_bias_correction = sub(pow(beta1, u.state.step), 1) as unknown as Tensor;
      neg_bias_correction.div_(lr);
      param.addcdiv_(exp_avg, mul(exp_inf, neg_bias_correction) as unknown as Tensor);
    } else {
      const bias_correction = 1 - pow(beta1, u.step);
      const rate = lists && isTensor(lr) ? numberOf(lr) : lr;
      param.addcdiv_(exp_avg, exp_inf, { value: numberOf(neg(div(rate, bias_correction))) });
    }
  }
}

/**
 * Adamax: m ← β₁m + (1−β₁)g, u ← max(β₂u, |g| + eps), θ ← θ − lr/(1−β₁ᵗ)·m/u.
 *
 * State: `step`, `exp_avg` (m), `exp_inf` (u). Kingma & Ba (2014), section 7.
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 */
export class Adamax extends pythonClass(
  'Adamax',
  [
    ...(['params', 'lr', 'betas', 'eps', 'weight_decay', 'foreach'] as const),
    ...(['*', 'maximize', 'differentiable', 'capturable'] as const),
  ],
  AdamaxOptimizer,
) {}
