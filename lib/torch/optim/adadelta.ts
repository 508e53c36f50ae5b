import { pythonClass } from '../call';
import { zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { view_as_complex, view_as_real } from './functions';
import { checkLearningRate, checkNotNegative, checkNumber, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { neg, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Adadelta`. */
export interface AdadeltaGroupOptions extends CommonOptions {
  /** Decay rate of both averages. Default 0.9. */
  rho: number;
  /** Added under the roots. Default 1e-6. */
  eps: number;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `Adadelta`, all optional. */
export type AdadeltaOptions = Given<AdadeltaGroupOptions>;

type AdadeltaState = { step: Tensor; square_avg: Tensor; acc_delta: Tensor };

function checked(options: AdadeltaGroupOptions): AdadeltaGroupOptions {
  checkLearningRate(options.lr);
  checkNumber('Invalid rho value', options.rho, (rho) => rho >= 0 && rho <= 1);
  checkNotNegative('epsilon value', options.eps);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

class AdadeltaOptimizer extends TapedOptimizer<AdadeltaGroupOptions, AdadeltaState> {
  constructor(
    params: OptimizerParams<AdadeltaGroupOptions>,
    lr: number | Tensor = 1,
    rho: number = 0.9,
    eps: number = 1e-6,
    weight_decay: number = 0,
    foreach: boolean | null = null,
    capturable: boolean = false,
    maximize: boolean = false,
    differentiable: boolean = false,
  ) {
    const switches = { maximize, capturable, foreach, differentiable };
    super(params, checked({ lr: lr as number, rho, eps, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['step', 'square_avg', 'acc_delta'] as const;
  protected override readonly refusesSparse = 'Adadelta does not support sparse gradients';
  protected override readonly xla = false;

  protected override get floats(): readonly string[] {
    return ['lr'];
  }

  protected override initial(param: Tensor, { capturable }: ParamGroup<AdadeltaGroupOptions>): AdadeltaState {
    return { step: newStep(param, { capturable }), square_avg: zeros_like(param), acc_delta: zeros_like(param) };
  }

  protected override update(u: Update<AdadeltaState>, group: ParamGroup<AdadeltaGroupOptions>): void {
    const { rho, eps, weight_decay, maximize, differentiable } = group;
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

    const square_avg = real(u.state.square_avg);
    const acc_delta = real(u.state.acc_delta);
    if (!lists) grad = real(grad);

    square_avg.mul_(rho).addcmul_(grad, grad, { value: 1 - rho });
    const std = square_avg.add(eps).sqrt_();
    let delta = acc_delta.add(eps).sqrt_();
    // What autograd keeps must not change.
    if (differentiable) delta = delta.clone();
    delta.div_(std).mul_(grad);
    acc_delta.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });

    if (u.complex && !lists) delta = view_as_complex(delta);
    if (later) param.add_(delta.mul_(neg(lr)));
    else param.add_(delta, { alpha: numberOf(neg(lr)) });
  }
}

/**
 * Adadelta: v ← ρv + (1−ρ)g², Δ ← g·√(u + eps)/√(v + eps), u ← ρu + (1−ρ)Δ², θ ← θ − lr·Δ.
 *
 * State: `step`, `square_avg` (v), `acc_delta` (u). Zeiler (2012).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 */
export class Adadelta extends pythonClass(
  'Adadelta',
  [
    ...(['params', 'lr', 'rho', 'eps', 'weight_decay', 'foreach'] as const),
    ...(['*', 'capturable', 'maximize', 'differentiable'] as const),
  ],
  AdadeltaOptimizer,
) {}
