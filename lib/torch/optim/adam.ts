import { pythonClass } from '../call';
import { square, zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { TorchError, ValueError } from '../native';
import { maximum, lerp_, view_as_real } from './functions';
import { checkBetas, checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { fused } from './recorder';
import { decayed, div, mul, neg, pow, sub, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Adam` or `AdamW`. */
export interface AdamGroupOptions extends CommonOptions {
  /** Decay rates of the averages of the gradient and of its square; both may be tensors of one element. Default [0.9, 0.999]. */
  betas: readonly number[] | readonly Tensor[];
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

type AdamState = { step: Tensor; exp_avg: Tensor; exp_avg_sq: Tensor; max_exp_avg_sq: Tensor };

/** What is left to do a step with, once the averages have moved: `max_exp_avg_sq` is `exp_avg_sq` without amsgrad. */
interface Averages {
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
  readonly max_exp_avg_sq: Tensor;
  readonly step: Tensor;
}

const betasOf = (group: AdamGroupOptions): [number, number] =>
  (group.betas as readonly number[]).map(toScalar) as [number, number];

const needsGrad = (value: number): boolean => isTensor(value) && (value as unknown as Tensor).requires_grad;

function checked(options: AdamGroupOptions): AdamGroupOptions {
  const { lr, foreach, capturable } = options;
  const refuse = (what: string) => {
    throw new ValueError(`${what} as a Tensor is not supported for capturable=False and foreach=True`);
  };
  if (isTensor(lr) && foreach && !capturable) refuse('lr');
  checkLearningRate(lr);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  const [beta1, beta2] = options.betas;
  if (isTensor(beta1) !== isTensor(beta2)) throw new ValueError('betas must be either both floats or both Tensors');
  if (isTensor(beta1) && foreach && !capturable) refuse('betas[0]');
  return { ...options, betas: betasOf(options) };
}

class AdamOptimizer extends TapedOptimizer<AdamGroupOptions, AdamState> {
  constructor(
    params: OptimizerParams<AdamGroupOptions>,
    lr: number | Tensor = 1e-3,
    betas: readonly number[] | readonly Tensor[] = [0.9, 0.999],
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

  protected override listsByDefault({ lr, capturable }: ParamGroup<AdamGroupOptions>): boolean {
    return capturable || !isTensor(lr);
  }

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
      this.fused(u, group);
      return;
    }
    const { eps, weight_decay, amsgrad, maximize, capturable, differentiable } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = betasOf(group);
    const lists = u.path === 'foreach';
    if (lists && isTensor(lr) && !capturable) {
      throw new TorchError('lr as a Tensor is not supported for capturable=False and foreach=True');
    }
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    let { param, grad } = u;
    // Python's lists see complex numbers as pairs from the beginning.
    if (lists) [param, grad] = [real(param), real(grad)];

    if (maximize) grad = grad.neg();

    if (numberOf(weight_decay) !== 0) {
      if (group.decoupled_weight_decay) param.mul_(sub(1, mul(lr, weight_decay)));
      else grad = decayed(grad, param, weight_decay);
    }

    if (!lists) [param, grad] = [real(param), real(grad)];
    const [exp_avg, exp_avg_sq] = [real(u.state.exp_avg), real(u.state.exp_avg_sq)];
    const max_exp_avg_sq = amsgrad ? real(u.state.max_exp_avg_sq) : exp_avg_sq;

    const device_beta1 =
      isTensor(beta1) && !lists ? (beta1 as unknown as Tensor).to(u.first.device, realDtype(u)) : beta1;
    lerp_(exp_avg, grad, sub(1, device_beta1 as number));
    if (needsGrad(beta2)) lerp_(exp_avg_sq, square(grad), sub(1, beta2));
    else if (lists && isTensor(beta2)) exp_avg_sq.mul_(beta2).addcmul_(grad.mul(sub(1, beta2)), grad, { value: 1 });
    else exp_avg_sq.mul_(beta2).addcmul_(grad, grad, { value: numberOf(sub(1, beta2)) });

    if (capturable || differentiable) {
      const averages: Averages = { exp_avg, exp_avg_sq, max_exp_avg_sq, step: u.state.step };
      const change = lists ? this.capturableLists : this.capturable;
      change(param, averages, { ...group, lr, betas: [beta1, beta2] });
      return;
    }

    const bias_correction1 = sub(1, pow(beta1, u.step));
    const bias_correction2 = sub(1, pow(beta2, u.step));
    const step_size = div(lr, bias_correction1);
    const bias_correction2_sqrt = pow(bias_correction2, 0.5);

    if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, max_exp_avg_sq);
    // In place where Python allocates: the same arithmetic on less memory.
    const denom = max_exp_avg_sq.sqrt().div_(bias_correction2_sqrt).add_(eps);
    param.addcdiv_(exp_avg, denom, { value: neg(step_size) });
  }

  /** The rest of a step where the number of steps is a tensor, in the operations of Python's single-tensor path. */
  private capturable(
    param: Tensor,
    { exp_avg, exp_avg_sq, max_exp_avg_sq, step }: Averages,
    group: AdamGroupOptions,
  ): void {
    const { lr, eps, amsgrad, differentiable } = group;
    const [beta1, beta2] = group.betas as [number, number];
    // What autograd keeps must not change at the next step.
    const power = (beta: number) => pow(beta, differentiable && needsGrad(beta) ? step.clone() : step);
    const bias_correction1 = sub(1, power(beta1));
    const bias_correction2 = sub(1, power(beta2)) as unknown as Tensor;
    const step_size_neg = neg(div(lr, bias_correction1)) as unknown as Tensor;
    const bias_correction2_sqrt = bias_correction2.sqrt();
    if (amsgrad && differentiable) max_exp_avg_sq.copy_(max_exp_avg_sq.clone().maximum(exp_avg_sq));
    else if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, max_exp_avg_sq);
    const denom = max_exp_avg_sq.sqrt().div(bias_correction2_sqrt.mul(step_size_neg)).add_(div(eps, step_size_neg));
    param.addcdiv_(differentiable ? exp_avg.clone() : exp_avg, denom);
  }

  /** The same in the operations of Python's path for lists. */
  private capturableLists(
    param: Tensor,
    { exp_avg, exp_avg_sq, max_exp_avg_sq, step }: Averages,
    group: AdamGroupOptions,
  ): void {
    const { lr, eps, amsgrad } = group;
    const [beta1, beta2] = group.betas as [number, number];
    const bias_correction1 = pow(beta1, step) as unknown as Tensor;
    const bias_correction2 = pow(beta2, step) as unknown as Tensor;
    bias_correction1.sub_(1);
    bias_correction2.sub_(1);
    bias_correction2.neg_();
    bias_correction1.div_(lr);
    const step_size = bias_correction1.reciprocal_();
    const bias_correction2_sqrt = bias_correction2.sqrt_();
    if (amsgrad) maximum(max_exp_avg_sq, exp_avg_sq, max_exp_avg_sq);
    const exp_avg_sq_sqrt = max_exp_avg_sq.sqrt();
    exp_avg_sq_sqrt.div_(bias_correction2_sqrt).add_(eps).div_(step_size);
    param.addcdiv_(exp_avg, exp_avg_sq_sqrt);
  }

  private fused({ param, grad, state }: Update<AdamState>, group: ParamGroup<AdamGroupOptions>): void {
    const { weight_decay, eps, amsgrad, maximize, decoupled_weight_decay } = group;
    const [beta1, beta2] = betasOf(group);
    fused(decoupled_weight_decay ? '_fused_adamw_' : '_fused_adam_', {
      self: param,
      grads: grad,
      exp_avgs: state.exp_avg,
      exp_avg_sqs: state.exp_avg_sq,
      max_exp_avg_sqs: amsgrad ? state.max_exp_avg_sq : null,
      state_steps: state.step,
      lr: group.lr,
      beta1,
      beta2,
      weight_decay,
      eps,
      amsgrad,
      maximize,
    });
  }
}

/** The dtype of a parameter, or of the numbers that a complex one consists of. */
const realDtype = ({ first, complex }: Update<AdamState>) =>
  complex ? view_as_real(first.detach()).dtype : first.dtype;

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
