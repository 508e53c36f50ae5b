import { pythonClass } from '../call';
import { full_like } from '../generated/functions';
import { sparse_coo_tensor } from '../sparse/inside';
import type { Tensor } from '../memory';
import { no_grad } from '../autograd';
import { TorchError } from '../native';
import { view_as_real } from './functions';
import { checkLearningRate, checkNotNegative, type CommonOptions, type Given } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { fused } from './recorder';
import { div, mul, neg, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Adagrad`. */
export interface AdagradGroupOptions extends CommonOptions {
  /** Decay of the learning rate: lr/(1 + (t−1)·lr_decay). Default 0. */
  lr_decay: number;
  /** Added to the denominator. Default 1e-10. */
  eps: number;
  /** What the sum of squares begins with. Default 0. */
  initial_accumulator_value: number;
  /** Uses libtorch's fused kernel. */
  fused: boolean | null;
}

/** Options of `Adagrad`, all optional. */
export type AdagradOptions = Given<AdagradGroupOptions>;

type AdagradState = { step: Tensor; sum: Tensor };

function checked(options: AdagradGroupOptions): AdagradGroupOptions {
  checkLearningRate(options.lr);
  checkNotNegative('lr_decay value', options.lr_decay);
  checkNotNegative('weight_decay value', options.weight_decay);
  checkNotNegative('initial_accumulator_value value', options.initial_accumulator_value);
  checkNotNegative('epsilon value', options.eps);
  return options;
}

class AdagradOptimizer extends TapedOptimizer<AdagradGroupOptions, AdagradState> {
  constructor(
    params: OptimizerParams<AdagradGroupOptions>,
    lr: number | Tensor = 1e-2,
    lr_decay: number = 0,
    weight_decay: number = 0,
    initial_accumulator_value: number = 0,
    eps: number = 1e-10,
    foreach: boolean | null = null,
    maximize: boolean = false,
    differentiable: boolean = false,
    fused: boolean | null = null,
  ) {
    const numbers = { lr: lr as number, lr_decay, eps, weight_decay, initial_accumulator_value };
    super(params, checked({ ...numbers, foreach, maximize, differentiable, fused }));
    for (const group of this.param_groups) {
      for (const param of group.params)
        this.state.set(
          param,
          no_grad(() => this.initial(param, group)),
        );
    }
  }

  protected override readonly stateNames = ['step', 'sum'] as const;
  protected override readonly refusesSparse = null;

  protected override initial(param: Tensor, { fused }: ParamGroup<AdagradGroupOptions>): AdagradState {
    const { initial_accumulator_value: value } = this.defaults;
    const complex = { re: value, im: value } as unknown as number;
    return { step: newStep(param, { fused }), sum: full_like(param, param.is_complex() ? complex : value) };
  }

  protected override update(u: Update<AdagradState>, group: ParamGroup<AdagradGroupOptions>): void {
    if (u.path === 'fused') {
      this.fused(u, group);
      return;
    }
    const { lr_decay, eps, weight_decay, maximize, differentiable } = group;
    const lr = toScalar(group.lr);
    const real = u.complex ? view_as_real : (tensor: Tensor) => tensor;
    let { param, grad } = u;
    // Python's lists see complex numbers as pairs from the beginning.
    const lists = u.path === 'foreach';
    if (lists) [param, grad] = [real(param), real(grad)];

    if (maximize) grad = grad.neg();

    if (weight_decay !== 0) {
      if (u.sparse) throw new TorchError('weight_decay option is not compatible with sparse gradients');
      grad = grad.add(param, { alpha: weight_decay });
    }

    const clr = div(lr, 1 + (u.step - 1) * lr_decay);
    if (u.sparse) {
      this.sparse(param, grad, u.state.sum, clr, eps);
      return;
    }
    if (!lists) [param, grad] = [real(param), real(grad)];
    const state_sum = real(u.state.sum);
    state_sum.addcmul_(grad, grad, { value: 1 });
    if (lists) {
      const std = state_sum.sqrt().add_(eps);
      param.addcdiv_(mul(grad, neg(clr)) as unknown as Tensor, std);
      return;
    }
    const std = differentiable ? state_sum.sqrt().add(eps) : state_sum.sqrt().add_(eps);
    param.addcdiv_(grad, std, { value: numberOf(neg(clr)) });
  }

  private sparse(param: Tensor, grad: Tensor, state_sum: Tensor, clr: number, eps: number): void {
    const unique = grad.coalesce(); // the update is not linear in repeated indices
    const [indices, values] = [unique._indices(), unique._values()];
    const make = (made: Tensor): Tensor => sparse_coo_tensor(indices, made, unique.size());
    state_sum.add_(make(values.pow(2)));
    const std_values = state_sum.sparse_mask(unique)._values().sqrt_().add_(eps);
    param.add_(make(values.div(std_values)), { alpha: numberOf(neg(clr)) });
  }

  private fused(
    { param, grad, state, complex, sparse }: Update<AdagradState>,
    group: ParamGroup<AdagradGroupOptions>,
  ): void {
    if (complex || sparse) throw new TorchError('`fused` does not support sparse grad or complex param');
    const { lr, lr_decay, weight_decay, eps, maximize } = group;
    const sums = { self: param, grads: grad, state_sums: state.sum, state_steps: state.step };
    fused('_fused_adagrad_', { ...sums, lr, lr_decay, weight_decay, eps, maximize });
  }
}

/**
 * Adagrad: s ← s + g², θ ← θ − lr/(1 + (t−1)·lr_decay)·g/(√s + eps). Takes sparse gradients.
 *
 * State, from the beginning: `step`, `sum` (s). Duchi et al. (2011).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 */
export class Adagrad extends pythonClass(
  'Adagrad',
  [
    ...(['params', 'lr', 'lr_decay', 'weight_decay', 'initial_accumulator_value', 'eps', 'foreach'] as const),
    ...(['*', 'maximize', 'differentiable', 'fused'] as const),
  ],
  AdagradOptimizer,
) {}
