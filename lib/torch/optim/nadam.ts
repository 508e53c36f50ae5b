import { pythonClass } from '../call';
import { zeros_like } from '../generated/functions';
import type { Tensor } from '../memory';
import { view_as_real } from './functions';
import { checkBetas, checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { add, div, mul, neg, pow, sub, toScalar, numberOf } from './scalar';
import { counter, newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `NAdam`. */
export interface NAdamGroupOptions extends CommonOptions {
  /** Decay rates of the averages of the gradient and of its square. Default [0.9, 0.999]. */
  betas: readonly number[];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Decay of the momentum. Default 4e-3. */
  momentum_decay: number;
  /** Whether weight decay shrinks the parameter itself rather than joining the gradient. */
  decoupled_weight_decay: boolean;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `NAdam`, all optional. */
export type NAdamOptions = Given<NAdamGroupOptions>;

type NAdamState = { step: Tensor; mu_product: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor };

/** The tensors of a step, complex ones as the numbers they consist of. */
interface Parts {
  readonly param: Tensor;
  readonly grad: Tensor;
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
}

function checked(options: NAdamGroupOptions): NAdamGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  checkNotNegative('momentum_decay value', options.momentum_decay);
  return options;
}

/** `beta1 * (1.0 - 0.5 * (0.96 ** exponent))`. */
const momentum = (beta1: number, exponent: number): number => mul(beta1, sub(1, mul(0.5, pow(0.96, exponent))));

class NAdamOptimizer extends TapedOptimizer<NAdamGroupOptions, NAdamState> {
  constructor(
    params: OptimizerParams<NAdamGroupOptions>,
    lr: number | Tensor = 2e-3,
    betas: readonly number[] = [0.9, 0.999],
    eps: number = 1e-8,
    weight_decay: number = 0,
    momentum_decay: number = 4e-3,
    decoupled_weight_decay: boolean = false,
    foreach: boolean | null = null,
    maximize: boolean = false,
    capturable: boolean = false,
    differentiable: boolean = false,
  ) {
    const numbers = { lr: lr as number, betas, eps, weight_decay, momentum_decay };
    super(params, checked({ ...numbers, decoupled_weight_decay, maximize, foreach, capturable, differentiable }));
  }

  protected override readonly stateNames = ['step', 'mu_product', 'exp_avg', 'exp_avg_sq'] as const;
  protected override readonly refusesSparse = 'NAdam does not support sparse gradients';
  protected override readonly counters = ['step', 'mu_product'];
  protected override readonly captured = 'params, mu_products and state_steps';

  protected override initial(param: Tensor, { capturable }: ParamGroup<NAdamGroupOptions>): NAdamState {
    return {
      step: newStep(param, { capturable }),
      mu_product: counter(1, param, capturable),
      exp_avg: zeros_like(param),
      exp_avg_sq: zeros_like(param),
    };
  }

  protected override update(u: Update<NAdamState>, group: ParamGroup<NAdamGroupOptions>): void {
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
    change({ param, grad, exp_avg, exp_avg_sq }, u, group);
  }

  private single(parts: Parts, u: Update<NAdamState>, group: NAdamGroupOptions): void {
    const { eps, momentum_decay, capturable, differentiable } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const { param, grad, exp_avg, exp_avg_sq } = parts;
    const { mu_product } = u.state;
    const step = (capturable ? u.state.step : u.step) as number;
    const bias_correction2 = sub(1, pow(beta2, step));
    const mu = momentum(beta1, mul(step, momentum_decay));
    const mu_next = momentum(beta1, mul(add(step, 1), momentum_decay));
    mu_product.mul_(mu);
    const denom = exp_avg_sq.div(bias_correction2).sqrt();

    if (differentiable || capturable) {
      const all = denom.add(eps);
      const mu_product_next = mul(mu_product, mu_next);
      const first = mul(grad, div(mul(neg(lr), sub(1, mu)), sub(1, mu_product)));
      const second = mul(exp_avg, div(mul(neg(lr), mu_next), sub(1, mu_product_next)));
      param.addcdiv_(first as unknown as Tensor, all);
      param.addcdiv_(second as unknown as Tensor, all);
      return;
    }
    const product = mu_product.item() as number;
    const mu_product_next = mul(product, mu_next);
    denom.add_(eps);
    param.addcdiv_(grad, denom, { value: numberOf(div(mul(neg(lr), sub(1, mu)), sub(1, product))) });
    param.addcdiv_(exp_avg, denom, { value: numberOf(div(mul(neg(lr), mu_next), sub(1, mu_product_next))) });
  }

  private lists({ param, grad, exp_avg, exp_avg_sq }: Parts, u: Update<NAdamState>, group: NAdamGroupOptions): void {
    const { eps, momentum_decay } = group;
    const lr = numberOf(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const { mu_product } = u.state;
    const { step } = u;
    const exp_avg_sq_sqrt = exp_avg_sq.sqrt();
    const bias_correction_sqrt = pow(1 - pow(beta2, step), 0.5);
    const mu = momentum(beta1, step * momentum_decay);
    const mu_next = momentum(beta1, (step + 1) * momentum_decay);
    mu_product.mul_(mu);
    exp_avg_sq_sqrt.div_(bias_correction_sqrt).add_(eps);
    const product = mu_product.item() as number;
    param.addcdiv_(grad, exp_avg_sq_sqrt, { value: mul(div(lr * (1 - mu), sub(1, product)), -1) });
    param.addcdiv_(exp_avg, exp_avg_sq_sqrt, { value: mul(div(lr * mu_next, sub(1, mul(product, mu_next))), -1) });
  }

  private capturableLists(
    { param, grad, exp_avg, exp_avg_sq }: Parts,
    u: Update<NAdamState>,
    group: NAdamGroupOptions,
  ): void {
    const { eps, momentum_decay } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const { mu_product, step } = u.state;
    const exp_avg_sq_sqrt = exp_avg_sq.sqrt();
    const momenta = () => (pow(0.96, exponent) as unknown as Tensor).mul_(-0.5).add_(1).mul_(beta1);
    const exponent = step.mul(momentum_decay);
    const mu = momenta();
    exponent.add_(momentum_decay);
    const mu_next = momenta();
    const bias_correction_sqrt = (pow(beta2, step) as unknown as Tensor).sub_(1).neg_().sqrt_();
    mu_product.mul_(mu);
    exp_avg_sq_sqrt.div_(bias_correction_sqrt).add_(eps);
    mu.sub_(1).mul_(lr).div_(mu_product.sub(1).neg_());
    const denom = mu_product.mul(mu_next);
    mu_next.mul_(lr).div_(denom.sub_(1));
    const numerator = mu.mul(grad);
    numerator.addcmul_(mu_next, exp_avg);
    param.addcdiv_(numerator, exp_avg_sq_sqrt);
  }
}

/**
 * Adam with Nesterov's momentum, whose strength μₜ = β₁(1 − ½·0.96^(t·momentum_decay)) grows.
 *
 * State: `step`, `mu_product`, `exp_avg`, `exp_avg_sq`. Dozat (2016).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 */
export class NAdam extends pythonClass(
  'NAdam',
  [
    ...(['params', 'lr', 'betas', 'eps', 'weight_decay', 'momentum_decay', 'decoupled_weight_decay'] as const),
    ...(['*', 'foreach', 'maximize', 'capturable', 'differentiable'] as const),
  ],
  NAdamOptimizer,
) {}
