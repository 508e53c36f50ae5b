import { pythonClass } from '../call';
import { isTensor, type Tensor } from '../memory';
import { TorchError, ValueError } from '../native';
import { checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { fused } from './recorder';
import { decayed, neg, toScalar, numberOf } from './scalar';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `SGD`. */
export interface SGDGroupOptions extends CommonOptions {
  /** Share of the former step that is kept. Default 0. */
  momentum: number;
  /** Share of the gradient that the momentum leaves out. Default 0. */
  dampening: number;
  /** Default 0. */
  weight_decay: number;
  /** Looks ahead along the momentum. Default false. */
  nesterov: boolean;
  /** Uses libtorch's fused kernel. */
  fused: boolean | null;
}

/** Options of `SGD`, all optional. */
export type SGDOptions = Given<SGDGroupOptions>;

type SGDState = { momentum_buffer?: Tensor };

function checked(options: SGDGroupOptions): SGDGroupOptions {
  const { momentum, dampening } = options;
  checkLearningRate(options.lr);
  checkNotNegative('momentum value', momentum);
  checkNotNegative('weight_decay value', options.weight_decay);
  if (options.nesterov && (momentum <= 0 || dampening !== 0)) {
    throw new ValueError('Nesterov momentum requires a momentum and zero dampening');
  }
  return options;
}

class SGDOptimizer extends TapedOptimizer<SGDGroupOptions, SGDState> {
  constructor(
    params: OptimizerParams<SGDGroupOptions>,
    lr: number | Tensor = 1e-3,
    momentum: number = 0,
    dampening: number = 0,
    weight_decay: number = 0,
    nesterov: boolean = false,
    maximize: boolean = false,
    foreach: boolean | null = null,
    differentiable: boolean = false,
    fused: boolean | null = null,
  ) {
    const switches = { nesterov, maximize, foreach, differentiable, fused };
    super(params, checked({ lr: lr as number, momentum, dampening, weight_decay, ...switches }));
  }

  protected override readonly stateNames = ['momentum_buffer'] as const;
  protected override readonly refusesSparse = null;

  protected override completed(group: ParamGroup<SGDGroupOptions>): ParamGroup<SGDGroupOptions> {
    return { ...super.completed(group), fused: group.fused ?? (Object.hasOwn(group, 'fused') ? null : false) };
  }

  protected override update(u: Update<SGDState>, group: ParamGroup<SGDGroupOptions>): void {
    if (u.path === 'fused') {
      this.fused(u, group);
      return;
    }
    const { momentum, dampening, weight_decay, nesterov, maximize } = group;
    const lr = toScalar(group.lr);
    const { param, state } = u;
    let { grad } = u;

    if (maximize) grad = grad.neg();

    if (numberOf(weight_decay) !== 0) grad = decayed(grad, param, weight_decay);

    if (momentum !== 0) {
      let buf = state.momentum_buffer;
      if (buf === undefined) buf = state.momentum_buffer = grad.detach().clone();
      else buf.mul_(momentum).add_(grad, { alpha: 1 - dampening });

      if (!nesterov) grad = buf;
      // Python's lists are changed in place: with neither weight decay nor maximize, that is the gradient itself.
      else if (u.path === 'foreach') grad.add_(buf, { alpha: momentum });
      else grad = grad.add(buf, { alpha: momentum });
    }

    if (isTensor(lr) && (lr as unknown as Tensor).requires_grad) {
      param.addcmul_(grad, lr as unknown as Tensor, { value: -1 });
    } else param.add_(grad, { alpha: numberOf(neg(lr)) });
  }

  private fused({ param, grad, state, sparse }: Update<SGDState>, group: ParamGroup<SGDGroupOptions>): void {
    if (sparse) throw new TorchError('`_fused_sgd` does not support sparse gradients');
    const { lr, momentum, dampening, weight_decay, nesterov, maximize } = group;
    const is_first_step = momentum !== 0 && state.momentum_buffer === undefined;
    // The kernel fills it.
    if (is_first_step) state.momentum_buffer = grad.clone();
    fused('_fused_sgd_', {
      self: param,
      grads: grad,
      momentum_buffer_list: momentum === 0 ? null : state.momentum_buffer!,
      weight_decay,
      momentum,
      lr,
      dampening,
      nesterov,
      maximize,
      is_first_step,
    });
  }
}

/**
 * Stochastic gradient descent: b ← momentum·b + (1−dampening)·g, θ ← θ − lr·b; the first b is g itself.
 *
 * Operation for operation what Python's does. State: `momentum_buffer`, where momentum is not 0.
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends pythonClass(
  'SGD',
  [
    ...(['params', 'lr', 'momentum', 'dampening', 'weight_decay', 'nesterov'] as const),
    ...(['*', 'maximize', 'foreach', 'differentiable', 'fused'] as const),
  ],
  SGDOptimizer,
) {}
