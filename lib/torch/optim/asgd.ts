import { pythonClass } from '../call';
import { full, zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { view_as_real } from './functions';
import { checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { add, div, max, mul, neg, pow, sub, toScalar, numberOf } from './scalar';
import { counter } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `ASGD`. */
export interface ASGDGroupOptions extends CommonOptions {
  /** Decay term. Default 1e-4. */
  lambd: number;
  /** Power of the learning rate's decay. Default 0.75. */
  alpha: number;
  /** Step from which on the parameters are averaged. Default 1e6. */
  t0: number;
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `ASGD`, all optional. */
export type ASGDOptions = Given<ASGDGroupOptions>;

type ASGDState = { step: Tensor; eta: Tensor; mu: Tensor; ax: Tensor };

/** `torch.as_tensor(value)`. */
const asTensor = (value: number): Tensor => (isTensor(value) ? (value as unknown as Tensor) : full([], value));

function checked(options: ASGDGroupOptions): ASGDGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

class ASGDOptimizer extends TapedOptimizer<ASGDGroupOptions, ASGDState> {
  constructor(
    params: OptimizerParams<ASGDGroupOptions>,
    lr: number | Tensor = 1e-2,
    lambd: number = 1e-4,
    alpha: number = 0.75,
    t0: number = 1e6,
    weight_decay: number = 0,
    foreach: boolean | null = null,
    maximize: boolean = false,
    differentiable: boolean = false,
    capturable: boolean = false,
  ) {
    const switches = { foreach, maximize, differentiable, capturable };
    super(params, checked({ lr: lr as number, lambd, alpha, t0, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['step', 'eta', 'mu', 'ax'] as const;
  protected override readonly refusesSparse = 'ASGD does not support sparse gradients';
  protected override readonly counters = ['step', 'eta', 'mu'];
  protected override readonly countsOnDevice = true;
  protected override readonly captured = 'params, mus, etas, and state_steps';
  // Where mu is 1 the average is the parameter itself.
  protected override readonly decisive = 'mu';

  protected override get floats(): readonly string[] {
    return ['t0'];
  }

  protected override initial(param: Tensor, { lr }: ParamGroup<ASGDGroupOptions>): ASGDState {
    const [step, eta, mu] = [0, numberOf(lr), 1].map((value) => counter(value, param, true)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    return { step, eta, mu, ax: zeros_like(param) };
  }

  protected override update(u: Update<ASGDState>, group: ParamGroup<ASGDGroupOptions>): void {
    const { lambd, t0, alpha, weight_decay, maximize, capturable } = group;
    const lr = toScalar(group.lr);
    const { eta, mu, step } = u.state;
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    const [param, ax] = [real(u.param), real(u.state.ax)];
    let grad = real(maximize ? u.grad.neg() : u.grad);

    if (u.path === 'foreach') {
      this.lists(param, grad, ax, u, group);
      return;
    }
    if (weight_decay !== 0) grad = grad.add(param, { alpha: weight_decay });

    if (capturable) {
      param.mul_(sub(1, mul(lambd, eta)));
      param.addcmul_(grad, eta, { value: -1 });
    } else {
      const eta_value = eta.item() as number;
      param.mul_(sub(1, mul(lambd, eta_value)));
      param.add_(grad, { alpha: neg(eta_value) });
    }

    if (capturable || u.value !== 1) ax.add_(param.sub(ax).mul_(mu));
    else ax.copy_(param);

    if (capturable) {
      eta.copy_(this.eta(step, lr, group));
      mu.copy_(div(1, step.sub(t0).clamp_min_(1)) as unknown as Tensor);
    } else {
      eta.copy_(asTensor(div(lr, pow(add(1, mul(mul(lambd, lr), u.step)), alpha))));
      mu.copy_(asTensor(div(1, max(1, u.step - t0))));
    }
  }

  /** `lr / ((1 + lambd * lr * step) ** alpha)` of a tensor that counts the steps. */
  private eta(step: Tensor, lr: number, { lambd, alpha }: ASGDGroupOptions): Tensor {
    return div(lr, pow(add(1, mul(mul(lambd, lr), step)), alpha)) as unknown as Tensor;
  }

  /** The same in the operations of Python's path for lists. */
  private lists(param: Tensor, grad: Tensor, ax: Tensor, u: Update<ASGDState>, group: ASGDGroupOptions): void {
    const { lambd, t0, alpha, weight_decay, capturable } = group;
    const lr = toScalar(group.lr);
    const { eta, mu, step } = u.state;
    const intermediate =
      weight_decay !== 0
        ? grad.add(param, { alpha: weight_decay }).add_(param, { alpha: lambd })
        : grad.add(param, { alpha: lambd });
    param.addcmul_(intermediate, eta, { value: -1 });
    ax.addcmul_(param.sub(ax), mu);
    if (capturable) {
      mu.copy_(step.sub(t0).clamp_min_(1).reciprocal_());
      eta.copy_(step.mul(lambd).mul_(lr).add_(1).pow_(alpha).reciprocal_().mul_(lr));
    } else {
      eta.copy_(this.eta(step, lr, group));
      mu.copy_(asTensor(div(1, max(1, u.step - t0))));
    }
  }
}

/**
 * Averaged stochastic gradient descent: θ ← (1 − λη)θ − ηg, ax ← ax + μ(θ − ax), with η = lr/(1 + λ·lr·t)^alpha and
 * μ = 1/max(1, t − t0).
 *
 * State: `step`, `eta`, `mu`, `ax`. Polyak & Juditsky (1992).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export class ASGD extends pythonClass(
  'ASGD',
  [
    ...(['params', 'lr', 'lambd', 'alpha', 't0', 'weight_decay'] as const),
    ...(['foreach', 'maximize', 'differentiable', 'capturable'] as const),
  ],
  ASGDOptimizer,
) {}
