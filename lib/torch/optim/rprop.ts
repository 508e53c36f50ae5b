import { pythonClass } from '../call';
import { full_like, zeros_like } from '../generated/functions';
import type { Tensor } from '../memory';
import { ValueError } from '../native';
import { valueText } from '../core';
import { view_as_real } from './functions';
import { checkLearningRate, type Given, type SwitchOptions } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Rprop`. */
export interface RpropGroupOptions extends SwitchOptions {
  /** Factors by which a step size shrinks and grows. Default [0.5, 1.2]. */
  etas: readonly number[];
  /** Smallest and largest step size. Default [1e-6, 50]. */
  step_sizes: readonly number[];
  /** Keeps all that a step decides on the device, so that a CUDA graph can hold it. For CUDA and XPU. */
  capturable: boolean;
}

/** Options of `Rprop`, all optional. */
export type RpropOptions = Given<RpropGroupOptions>;

type RpropState = { step: Tensor; prev: Tensor; step_size: Tensor };

function checked(options: RpropGroupOptions): RpropGroupOptions {
  checkLearningRate(options.lr);
  const [minus, plus] = options.etas;
  if (!(0 < minus! && minus! < 1 && 1 < plus!)) {
    throw new ValueError(`Invalid eta values: ${valueText(minus)}, ${valueText(plus)}`);
  }
  return options;
}

class RpropOptimizer extends TapedOptimizer<RpropGroupOptions, RpropState> {
  constructor(
    params: OptimizerParams<RpropGroupOptions>,
    lr: number | Tensor = 1e-2,
    etas: readonly number[] = [0.5, 1.2],
    step_sizes: readonly number[] = [1e-6, 50],
    capturable: boolean = false,
    foreach: boolean | null = null,
    maximize: boolean = false,
    differentiable: boolean = false,
  ) {
    const switches = { foreach, maximize, differentiable, capturable };
    super(params, checked({ lr: lr as number, etas, step_sizes, ...switches }));
  }

  protected override readonly stateNames = ['step', 'prev', 'step_size'] as const;
  protected override readonly refusesSparse = 'Rprop does not support sparse gradients';

  protected override initial(param: Tensor, { lr, capturable }: ParamGroup<RpropGroupOptions>): RpropState {
    const value = numberOf(lr);
    const size = param.is_complex() ? ({ re: value, im: value } as unknown as number) : value;
    return {
      step: newStep(param, { capturable }),
      prev: zeros_like(param),
      step_size: full_like(param.grad!, size),
    };
  }

  protected override update(u: Update<RpropState>, group: ParamGroup<RpropGroupOptions>): void {
    const [etaminus, etaplus] = group.etas as [number, number];
    const [step_size_min, step_size_max] = group.step_sizes as [number, number];
    const { maximize, differentiable } = group;
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    const [param, prev, step_size] = [real(u.param), real(u.state.prev), real(u.state.step_size)];
    const lists = u.path === 'foreach';
    let grad = real(maximize && !lists ? u.grad.neg() : u.grad);

    const sign = grad.mul(differentiable ? prev.clone() : prev);
    if (lists) {
      if (maximize) sign.neg_();
      // Python's lists reuse the memory of the former gradients.
      prev.copy_(grad);
      if (maximize) prev.neg_();
      grad = prev;
    }
    sign.sign_();
    sign.masked_fill_(sign.gt(0), etaplus);
    sign.masked_fill_(sign.lt(0), etaminus);
    sign.masked_fill_(sign.eq(0), 1);

    step_size.mul_(sign).clamp_(step_size_min, step_size_max);

    if (!lists) grad = grad.clone();
    grad.masked_fill_(sign.eq(etaminus), 0);

    param.addcmul_(grad.sign(), step_size, { value: -1 });
    if (!lists) prev.copy_(grad);
  }
}

/**
 * Resilient backpropagation: a step size for each element, which grows while the gradient keeps its sign, and shrinks
 * where it changes; only the gradient's sign counts.
 *
 * State: `step`, `prev`, `step_size`. Riedmiller & Braun (1993).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html
 */
export class Rprop extends pythonClass(
  'Rprop',
  [
    ...(['params', 'lr', 'etas', 'step_sizes'] as const),
    ...(['*', 'capturable', 'foreach', 'maximize', 'differentiable'] as const),
  ],
  RpropOptimizer,
) {}
