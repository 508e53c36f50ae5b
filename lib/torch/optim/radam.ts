import { pythonClass } from '../call';
import { zeros_like } from '../generated/functions';
import type { Tensor } from '../memory';
import { view_as_real, where } from './functions';
import { checkBetas, checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { div, mul, pow, sub, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `RAdam`. */
export interface RAdamGroupOptions extends CommonOptions {
  /** Decay rates of the averages of the gradient and of its square. Default [0.9, 0.999]. */
  betas: readonly number[];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Whether weight decay shrinks the parameter itself rather than joining the gradient. */
  decoupled_weight_decay: boolean;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `RAdam`, all optional. */
export type RAdamOptions = Given<RAdamGroupOptions>;

type RAdamState = { step: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor };

/** The tensors that the rest of a step needs, once the averages have moved. */
interface Parts {
  readonly param: Tensor;
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
}

function checked(options: RAdamGroupOptions): RAdamGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

class RAdamOptimizer extends TapedOptimizer<RAdamGroupOptions, RAdamState> {
  constructor(
    params: OptimizerParams<RAdamGroupOptions>,
    lr: number | Tensor = 1e-3,
    betas: readonly number[] = [0.9, 0.999],
    eps: number = 1e-8,
    weight_decay: number = 0,
    decoupled_weight_decay: boolean = false,
    foreach: boolean | null = null,
    maximize: boolean = false,
    capturable: boolean = false,
    differentiable: boolean = false,
  ) {
    const switches = { maximize, foreach, capturable, decoupled_weight_decay, differentiable };
    super(params, checked({ lr: lr as number, betas, eps, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['step', 'exp_avg', 'exp_avg_sq'] as const;
  protected override readonly refusesSparse = 'RAdam does not support sparse gradients';

  protected override initial(param: Tensor, { capturable }: ParamGroup<RAdamGroupOptions>): RAdamState {
    return { step: newStep(param, { capturable }), exp_avg: zeros_like(param), exp_avg_sq: zeros_like(param) };
  }

  protected override update(u: Update<RAdamState>, group: ParamGroup<RAdamGroupOptions>): void {
    const { weight_decay, maximize, decoupled_weight_decay } = group;
    const [beta1, beta2] = group.betas as [number, number];
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    const [param, exp_avg, exp_avg_sq] = [real(u.param), real(u.state.exp_avg), real(u.state.exp_avg_sq)];
    let grad = real(maximize ? u.grad.neg() : u.grad);

    if (weight_decay !== 0) {
      if (decoupled_weight_decay) param.mul_(sub(1, mul(toScalar(group.lr), weight_decay)));
      else grad = grad.add(param, { alpha: weight_decay });
    }

    exp_avg.lerp_(grad, 1 - beta1);
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });

    const change = u.path !== 'foreach' ? this.single : group.capturable ? this.capturableLists : this.lists;
    change({ param, exp_avg, exp_avg_sq }, u, group);
  }

  private single({ param, exp_avg, exp_avg_sq }: Parts, u: Update<RAdamState>, group: RAdamGroupOptions): void {
    const { eps, capturable, differentiable } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const step = (capturable ? u.state.step : u.step) as number;
    const bias_correction1 = sub(1, pow(beta1, step));
    const bias_correction2 = sub(1, pow(beta2, step));
    const bias_corrected_exp_avg = exp_avg.div(bias_correction1);
    const rho_inf = 2 / (1 - beta2) - 1;
    const rho_t = sub(rho_inf, div(mul(mul(2, step), pow(beta2, step)), bias_correction2));

    const rect = () => {
      const numerator = mul(mul(sub(rho_t, 4), sub(rho_t, 2)), rho_inf);
      return pow(div(numerator, mul((rho_inf - 4) * (rho_inf - 2), rho_t)), 0.5);
    };
    const adaptive_lr = () => {
      const exp_avg_sq_sqrt = exp_avg_sq.sqrt();
      return div(pow(bias_correction2, 0.5), differentiable ? exp_avg_sq_sqrt.add(eps) : exp_avg_sq_sqrt.add_(eps));
    };

    let change = mul(bias_corrected_exp_avg, lr);
    if (capturable) {
      const rectified = (rho_t as unknown as Tensor).gt(5);
      change = mul(change, where(rectified, mul(rect(), adaptive_lr()) as unknown as Tensor, 1));
    } else if (rho_t > 5) change = mul(mul(change, adaptive_lr()), rect());
    param.add_(change as unknown as Tensor, { alpha: -1 });
  }

  private lists({ param, exp_avg, exp_avg_sq }: Parts, { step }: Update<RAdamState>, group: RAdamGroupOptions): void {
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const rho_inf = 2 / (1 - beta2) - 1;
    const rho_t = rho_inf - (2 * step * pow(beta2, step)) / (1 - pow(beta2, step));
    const rect =
      rho_t > 5 ? pow(((rho_t - 4) * (rho_t - 2) * rho_inf) / ((rho_inf - 4) * (rho_inf - 2) * rho_t), 0.5) : 0;
    const unrectified = rect > 0 ? 0 : 1;
    const bias_correction1 = 1 - pow(beta1, step);
    const unrect_step_size = mul(div(mul(lr, unrectified), bias_correction1), -1);
    const size = div(mul(lr, rect), bias_correction1);
    const bias_correction2 = mul(mul(pow(1 - pow(beta2, step), 0.5), size), -1);
    const buffer = exp_avg_sq.sqrt().add_(group.eps);
    buffer.div_(numberOf(bias_correction2)).reciprocal_().add_(numberOf(unrect_step_size));
    param.addcmul_(exp_avg, buffer);
  }

  private capturableLists(
    { param, exp_avg, exp_avg_sq }: Parts,
    u: Update<RAdamState>,
    group: RAdamGroupOptions,
  ): void {
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const { step } = u.state;
    const power = (beta: number) => pow(beta, step) as unknown as Tensor;
    const rho_inf = 2 / (1 - beta2) - 1;
    const correction = power(beta2).neg_().add_(1);
    const rho_t = power(beta2).mul_(step).mul_(2).div_(correction).neg_().add_(rho_inf);
    const num = rho_t.sub(4).mul_(rho_t.sub(2)).mul_(rho_inf);
    num.div_(rho_t.mul((rho_inf - 4) * (rho_inf - 2))).sqrt_();
    const rect = where(rho_t.gt(5), num, 0);
    const bias_correction1 = power(beta1).neg_().add_(1);
    const unrect_step_size = where(rect.gt(0), 0, 1).mul_(lr).div_(bias_correction1).neg_();
    const bias_correction2 = power(beta2).neg_().add_(1).sqrt_().mul_(lr).mul_(rect).neg_().div_(bias_correction1);
    const buffer = exp_avg_sq.sqrt().add_(group.eps);
    buffer.div_(bias_correction2).reciprocal_().add_(unrect_step_size);
    param.addcmul_(exp_avg, buffer);
  }
}

/**
 * Adam whose rate is rectified: plain momentum while the variance of v is not known well (ρₜ ≤ 5), Adam's step times
 * r = √((ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ)) from then on.
 *
 * State: `step`, `exp_avg`, `exp_avg_sq`. Liu et al. (2019).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html
 */
export class RAdam extends pythonClass(
  'RAdam',
  [
    ...(['params', 'lr', 'betas', 'eps', 'weight_decay', 'decoupled_weight_decay'] as const),
    ...(['*', 'foreach', 'maximize', 'capturable', 'differentiable'] as const),
  ],
  RAdamOptimizer,
) {}
