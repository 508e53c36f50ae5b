import { zeros_like } from '../generated/functions';
import { pythonClass } from '../call';
import { isTensor, type Tensor } from '../memory';
import { view_as_real } from './functions';
import { checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { neg, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `RMSprop`. */
export interface RMSpropGroupOptions extends CommonOptions {
  /** Decay rate of the average of the gradient's square. Default 0.99. */
  alpha: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0. */
  weight_decay: number;
  /** Share of the former step that is kept. Default 0. */
  momentum: number;
  /** Divides by an estimate of the gradient's variance. Default false. */
  centered: boolean;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `RMSprop`, all optional. */
export type RMSpropOptions = Given<RMSpropGroupOptions>;

type RMSpropState = {
  step: Tensor;
  square_avg: Tensor;
  momentum_buffer: Tensor;
  grad_avg: Tensor;
};

function checked(options: RMSpropGroupOptions): RMSpropGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('epsilon value', options.eps);
  checkNotNegative('momentum value', options.momentum);
  checkNotNegative('weight_decay value', options.weight_decay);
  checkNotNegative('alpha value', options.alpha);
  return options;
}

class RMSpropOptimizer extends TapedOptimizer<RMSpropGroupOptions, RMSpropState> {
  constructor(
    params: OptimizerParams<RMSpropGroupOptions>,
    lr: number | Tensor = 1e-2,
    alpha: number = 0.99,
    eps: number = 1e-8,
    weight_decay: number = 0,
    momentum: number = 0,
    centered: boolean = false,
    capturable: boolean = false,
    foreach: boolean | null = null,
    maximize: boolean = false,
    differentiable: boolean = false,
  ) {
    const numbers = { lr: lr as number, momentum, alpha, eps };
    super(params, checked({ ...numbers, centered, weight_decay, capturable, foreach, maximize, differentiable }));
  }

  protected override readonly stateNames = ['step', 'square_avg', 'momentum_buffer', 'grad_avg'] as const;
  protected override readonly refusesSparse = 'RMSprop does not support sparse gradients';

  protected override initial(
    param: Tensor,
    { momentum, centered, capturable }: ParamGroup<RMSpropGroupOptions>,
  ): Partial<RMSpropState> {
    return {
      step: newStep(param, { capturable }),
      square_avg: zeros_like(param),
      ...(momentum > 0 && { momentum_buffer: zeros_like(param) }),
      ...(centered && { grad_avg: zeros_like(param) }),
    };
  }

  protected override completed(group: ParamGroup<RMSpropGroupOptions>): ParamGroup<RMSpropGroupOptions> {
    return { ...super.completed(group), momentum: group.momentum ?? 0 };
  }

  protected override update(u: Update<RMSpropState>, group: ParamGroup<RMSpropGroupOptions>): void {
    const { alpha, eps, weight_decay, momentum, centered, maximize, differentiable } = group;
    const lr = toScalar(group.lr);
    // A learning rate whose value a graph reads when it is replayed must not become a number.
    const later = group.capturable && isTensor(lr) && u.path === 'foreach';
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    let { param, grad } = u;
    // Python's lists see complex numbers as pairs from the beginning.
    const lists = u.path === 'foreach';
    if (lists) [param, grad] = [real(param), real(grad)];

    if (maximize) grad = grad.neg();

    if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });

    if (!lists) [param, grad] = [real(param), real(grad)];
    const square_avg = real(u.state.square_avg);
    square_avg.mul_(alpha).addcmul_(grad, grad, { value: 1 - alpha });

    let avg: Tensor;
    if (centered) {
      const grad_avg = real(u.state.grad_avg);
      grad_avg.lerp_(grad, 1 - alpha);
      avg = square_avg.addcmul(grad_avg, grad_avg, { value: -1 }).sqrt_();
    } else {
      avg = square_avg.sqrt();
    }
    // What autograd keeps must not change.
    if (differentiable) avg = avg.add(eps);
    else avg.add_(eps);

    if (momentum > 0) {
      const buf = real(u.state.momentum_buffer);
      buf.mul_(momentum).addcdiv_(grad, avg);
      if (later) param.add_(buf.mul(neg(lr)));
      else param.add_(buf, { alpha: numberOf(neg(lr)) });
    } else if (later) {
      avg.div_(neg(lr));
      param.addcdiv_(grad, avg);
    } else {
      param.addcdiv_(grad, avg, { value: numberOf(neg(lr)) });
    }
  }
}

/**
 * RMSprop: v ← αv + (1−α)g², θ ← θ − lr·g/(√v + eps); with momentum, b ← momentum·b + g/(√v + eps), θ ← θ − lr·b.
 *
 * State: `step`, `square_avg`, `momentum_buffer`, `grad_avg`. Hinton's lecture notes (2012).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export class RMSprop extends pythonClass(
  'RMSprop',
  [
    ...(['params', 'lr', 'alpha', 'eps', 'weight_decay', 'momentum', 'centered'] as const),
    ...(['capturable', 'foreach', 'maximize', 'differentiable'] as const),
  ],
  RMSpropOptimizer,
) {}
