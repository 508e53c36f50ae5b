import { pythonClass } from '../call';
import { zeros, zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { finfo } from '../tensor';
import { norm } from './functions';
import { checkNumber, checkOneElement, type Given, type GroupOptions } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { div, max, mul, neg, pow, round, sub, toScalar, numberOf } from './scalar';
import { newStep } from './state';
import { Kind } from './rows';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Adafactor`. */
export interface AdafactorGroupOptions extends GroupOptions {
  /** Decay rate of β₂: 1 − β₂ = t^beta2_decay. Default -0.8. */
  beta2_decay: number;
  /** Floors of the variance (null: the dtype's eps) and of the parameter's size. Default [null, 1e-3]. */
  eps: readonly (number | null)[];
  /** Largest root mean square of an update. Default 1. */
  d: number;
  /** Default 0. */
  weight_decay: number;
  /** Updates parameters many at a time. null lets the device decide, as in Python: not on the CPU. */
  foreach: boolean | null;
  /** Goes up the gradient. Default false. */
  maximize: boolean;
}

/** Options of `Adafactor`, all optional. */
export type AdafactorOptions = Given<AdafactorGroupOptions>;

type AdafactorState = { step: Tensor; row_var: Tensor; col_var: Tensor; variance: Tensor };

function checked(options: AdafactorGroupOptions): AdafactorGroupOptions {
  const { lr, beta2_decay, eps, d, weight_decay } = options;
  const notNegative = (value: number) => value >= 0;
  checkOneElement(lr);
  checkNumber('Learning rate should be >= 0 but is', lr, notNegative);
  checkNumber('beta2_decay should be <= 0 but is', beta2_decay, (value) => value <= 0);
  if (eps[0] !== null) checkNumber('epsilon1 should be >= 0 but is', eps[0], notNegative);
  checkNumber('epsilon2 should be >= 0 but is', eps[1], notNegative);
  checkNumber('Clipping threshold d should be >= 1 but is', d, (value) => value >= 1);
  checkNumber('weight_decay should be >= 0 but is', weight_decay, notNegative);
  return options;
}

class AdafactorOptimizer extends TapedOptimizer<AdafactorGroupOptions, AdafactorState> {
  constructor(
    params: OptimizerParams<AdafactorGroupOptions>,
    lr: number | Tensor = 1e-2,
    beta2_decay: number = -0.8,
    eps: readonly (number | null)[] = [null, 1e-3],
    d: number = 1,
    weight_decay: number = 0,
    foreach: boolean | null = null,
    maximize: boolean = false,
  ) {
    super(params, checked({ lr: lr as number, beta2_decay, eps, d, weight_decay, foreach, maximize }));
  }

  protected override readonly stateNames = ['step', 'row_var', 'col_var', 'variance'] as const;
  protected override readonly refusesSparse = 'Adafactor does not support sparse gradients';
  protected override readonly refusesComplex = 'Adafactor does not support complex parameters';
  protected override readonly kinds = Kind.matrix;

  protected override get floats(): readonly string[] {
    return ['d', 'weight_decay'];
  }

  protected override initial(param: Tensor): Partial<AdafactorState> {
    const grad = param.grad!;
    const step = newStep(param);
    if (grad.dim() < 2) return { step, variance: zeros_like(grad) };
    // The gradient's shape, with one element along a dimension.
    const factor = (from: number) => {
      const shape = [...grad.shape];
      shape[shape.length - from] = 1;
      return zeros(shape, { dtype: grad.dtype, device: grad.device });
    };
    return { step, row_var: factor(1), col_var: factor(2) };
  }

  protected override update(u: Update<AdafactorState>, group: ParamGroup<AdafactorGroupOptions>): void {
    const { beta2_decay, d, weight_decay, maximize } = group;
    const lr = toScalar(group.lr);
    const [given, eps2] = group.eps as [number | null, number];
    const eps1 = given ?? finfo(u.first.dtype).eps;
    const { param, state } = u;
    const lists = u.path === 'foreach';
    const grad = maximize ? u.grad.neg() : u.grad;
    const rms = (tensor: Tensor, factor = 1) =>
      div(norm(tensor).item() as number, mul(pow(tensor.numel(), 0.5), factor));

    const one_minus_beta2_t = pow(u.step, beta2_decay);
    const bound = 1 / pow(u.step, 0.5);
    // A rate that is a tensor computes in its dtype.
    const isRate = isTensor(lr) && !(Math.fround(bound) < numberOf(lr));
    const rounded = isRate ? round : (value: number) => value;
    const rho_t = isTensor(lr) ? (isRate ? numberOf(lr) : bound) : bound < lr ? bound : lr;
    const alpha = rounded(mul(rounded(max(eps2, rms(param))), rho_t));

    if (weight_decay !== 0) param.mul_(sub(1, mul(lr, weight_decay)));

    let update: Tensor;
    if (u.matrix) {
      const { row_var, col_var } = state;
      const mean = (dim: number) => {
        const length = norm(grad, dim);
        return (lists ? length.mul_(length) : length.square_()).div_(grad.size(dim));
      };
      row_var.lerp_(mean(-1), one_minus_beta2_t);
      col_var.lerp_(mean(-2), one_minus_beta2_t);
      update = row_var.matmul(col_var);
      update.div_(row_var.mean(-2, true).clamp_min_(eps1));
    } else {
      state.variance.lerp_(grad.mul(grad), one_minus_beta2_t);
      update = state.variance.clone();
    }
    update
      .clamp_min_(eps1 * eps1)
      .rsqrt_()
      .mul_(grad);

    const denom = max(1, rms(update, d));
    const rate = rounded(div(neg(alpha), rounded(denom)));
    if (lists) param.add_(update.mul_(rate));
    else param.add_(update, { alpha: rate });
  }
}

/**
 * Adafactor: Adam without momentum, whose second moment of a matrix is a row times a column; steps are relative to the
 * parameter's size, and clipped at a root mean square of d.
 *
 * State: `step`; `row_var` and `col_var` of matrices, `variance` of vectors. Shazeer & Stern (2018).
 * @throws ValueError for options out of range
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 */
export class Adafactor extends pythonClass(
  'Adafactor',
  [...(['params', 'lr', 'beta2_decay', 'eps', 'd', 'weight_decay', '*', 'foreach', 'maximize'] as const)],
  AdafactorOptimizer,
) {}
