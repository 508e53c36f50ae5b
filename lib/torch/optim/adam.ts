import { pythonClass } from '../call';
import { zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { checkBetas, checkLearningRate, checkNotNegative, type Given, type GroupOptions } from './options';
import { Optimizer, type Update } from './optimizer';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { constant, fused, maximum, pow as recorded_pow, view_as_real } from './recorder';
import { div, mul, neg, oneMinus, pow } from './scalar';
import { newStep } from './state';

/** Options of a group of `Adam` or `AdamW`. */
export interface AdamGroupOptions extends GroupOptions {
  /** Decay rates of the averages of the gradient and of its square. Default [0.9, 0.999]. */
  betas: readonly number[];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0, for AdamW 0.01. */
  weight_decay: number;
  /** Divides by the largest average so far. Default false. */
  amsgrad: boolean;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
  /** Uses libtorch's fused kernel. */
  fused: boolean | null;
  /** Whether weight decay shrinks the parameter itself (AdamW) rather than joining the gradient. */
  decoupled_weight_decay: boolean;
}

/** Options of `Adam`, all optional. */
export type AdamOptions = Given<AdamGroupOptions>;

type AdamState = {
  step: Tensor;
  exp_avg: Tensor;
  exp_avg_sq: Tensor;
  max_exp_avg_sq: Tensor;
};

/** What is left to do a step with, once the averages have moved: `max_exp_avg_sq` is `exp_avg_sq` without amsgrad. */
interface Averages {
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
  readonly max_exp_avg_sq: Tensor;
  readonly step: Tensor;
}

function checked(options: AdamGroupOptions): AdamGroupOptions {
  const unready = options.foreach && !options.capturable;
  checkLearningRate(options.lr, unready ? 'capturable=False and foreach=True' : null);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

class AdamOptimizer extends Optimizer<AdamGroupOptions, AdamState> {
  constructor(
    params: OptimizerParams<AdamGroupOptions>,
    lr: number | Tensor = 1e-3,
    betas: readonly number[] = [0.9, 0.999],
    eps: number = 1e-8,
    weight_decay: number = 0,
    amsgrad: boolean = false,
    foreach: boolean | null = null,
    maximize: boolean = false,
    capturable: boolean = false,
    differentiable: boolean = false,
    fused: boolean | null = null,
    decoupled_weight_decay: boolean = false,
  ) {
    const switches = { amsgrad, maximize, foreach, capturable, differentiable, fused, decoupled_weight_decay };
    super(params, checked({ lr: lr as number, betas, eps, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['step', 'exp_avg', 'exp_avg_sq', 'max_exp_avg_sq'] as const;
  protected override readonly refusesSparse =
    'Adam does not support sparse gradients, please consider SparseAdam instead';

  protected override initial(param: Tensor, group: ParamGroup<AdamGroupOptions>): Partial<AdamState> {
    const { amsgrad } = group;
    return {
      step: newStep(param, group),
      exp_avg: zeros_like(param),
      exp_avg_sq: zeros_like(param),
      ...(amsgrad && { max_exp_avg_sq: zeros_like(param) }),
    };
  }

  protected override update(u: Update<AdamState>, group: ParamGroup<AdamGroupOptions>): void {
    if (u.path === 'fused') {
      this.#fused(u, group);
      return;
    }
    const { lr, eps, weight_decay, amsgrad, maximize } = group;
    const [beta1, beta2] = group.betas as [number, number];
    let { param, grad } = u;
    let { exp_avg, exp_avg_sq } = u.state;

    if (maximize) grad = grad.neg();

    if (weight_decay !== 0) {
      if (group.decoupled_weight_decay) param.mul_(oneMinus(mul(lr, weight_decay)));
      else grad = grad.add(param, { alpha: weight_decay });
    }

    let max_exp_avg_sq = amsgrad ? u.state.max_exp_avg_sq : exp_avg_sq;
    if (u.complex) {
      [param, grad, exp_avg, exp_avg_sq] = [param, grad, exp_avg, exp_avg_sq].map(view_as_real) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      max_exp_avg_sq = amsgrad ? view_as_real(max_exp_avg_sq) : exp_avg_sq;
    }

    exp_avg.lerp_(grad, 1 - beta1);
    exp_avg_sq.mul_(beta2).addcmul_(grad, grad, { value: 1 - beta2 });

    if (group.capturable) {
      const averages: Averages = { exp_avg, exp_avg_sq, max_exp_avg_sq, step: u.state.step };
      const change = u.path === 'foreach' ? this.#capturableLists : this.#capturable;
      change(param, averages, group);
      return;
    }

    const bias_correction1 = 1 - pow(beta1, u.step);
    const bias_correction2 = 1 - pow(beta2, u.step);
    const step_size = div(lr, bias_correction1);
    const bias_correction2_sqrt = pow(bias_correction2, 0.5);

    if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, { out: max_exp_avg_sq });
    // In place where Python allocates: the same arithmetic on less memory.
    const denom = max_exp_avg_sq.sqrt().div_(bias_correction2_sqrt).add_(eps);
    param.addcdiv_(exp_avg, denom, { value: neg(step_size) });
  }

  /** The rest of a step where the number of steps is a tensor, in the operations of Python's single-tensor path. */
  #capturable(param: Tensor, { exp_avg, exp_avg_sq, max_exp_avg_sq, step }: Averages, group: AdamGroupOptions): void {
    const { lr, eps, amsgrad } = group;
    const [beta1, beta2] = group.betas as [number, number];
    const bias_correction1 = recorded_pow(beta1, step).neg().add(1);
    const bias_correction2 = recorded_pow(beta2, step).neg().add(1);
    const step_size = isTensor(lr)
      ? constant(lr as unknown as Tensor).div(bias_correction1)
      : bias_correction1.reciprocal().mul(lr);
    const step_size_neg = step_size.neg();
    const bias_correction2_sqrt = bias_correction2.sqrt();
    if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, { out: max_exp_avg_sq });
    const denom = max_exp_avg_sq
      .sqrt()
      .div(bias_correction2_sqrt.mul(step_size_neg))
      .add_(step_size_neg.reciprocal().mul(eps));
    param.addcdiv_(exp_avg, denom);
  }

  /** The same in the operations of Python's path for lists. */
  #capturableLists(
    param: Tensor,
    { exp_avg, exp_avg_sq, max_exp_avg_sq, step }: Averages,
    group: AdamGroupOptions,
  ): void {
    const { lr, eps, amsgrad } = group;
    const [beta1, beta2] = group.betas as [number, number];
    const bias_correction1 = recorded_pow(beta1, step);
    const bias_correction2 = recorded_pow(beta2, step);
    bias_correction1.sub_(1);
    bias_correction2.sub_(1);
    bias_correction2.neg_();
    bias_correction1.div_(lr);
    const step_size = bias_correction1.reciprocal_();
    const bias_correction2_sqrt = bias_correction2.sqrt_();
    if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, { out: max_exp_avg_sq });
    const exp_avg_sq_sqrt = max_exp_avg_sq.sqrt();
    exp_avg_sq_sqrt.div_(bias_correction2_sqrt).add_(eps).div_(step_size);
    param.addcdiv_(exp_avg, exp_avg_sq_sqrt);
  }

  #fused({ param, grad, state }: Update<AdamState>, group: ParamGroup<AdamGroupOptions>): void {
    const { lr, betas, weight_decay, eps, amsgrad, maximize, decoupled_weight_decay } = group;
    fused(decoupled_weight_decay ? '_fused_adamw_' : '_fused_adam_', {
      self: param,
      grads: grad,
      exp_avgs: state.exp_avg,
      exp_avg_sqs: state.exp_avg_sq,
      max_exp_avg_sqs: amsgrad ? state.max_exp_avg_sq : null,
      state_steps: state.step,
      lr,
      beta1: betas[0]!,
      beta2: betas[1]!,
      weight_decay,
      eps,
      amsgrad,
      maximize,
    });
  }
}

/**
 * Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − lr·m̂/(√v̂ + eps), with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
 *
 * Operation for operation what Python's does: single-tensor on the CPU, `foreach` on CUDA, `fused` if asked.
 * State: `step`, `exp_avg`, `exp_avg_sq`, `max_exp_avg_sq`. Kingma & Ba (2014).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends pythonClass(
  'Adam',
  [
    ...(['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad'] as const),
    ...(['*', 'foreach', 'maximize', 'capturable', 'differentiable', 'fused', 'decoupled_weight_decay'] as const),
  ],
  AdamOptimizer,
) {}
