import { pythonClass } from '../call';
import { zeros_like } from '../generated/functions';
import { sparse_coo_tensor } from '../sparse/inside';
import type { Tensor } from '../memory';
import { ValueError } from '../native';
import { checkBetas, checkNumber, checkOneElement, type Given, type GroupOptions } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { div, mul, neg, pow, sqrt, toScalar } from './scalar';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `SparseAdam`. */
export interface SparseAdamGroupOptions extends GroupOptions {
  /** Decay rates of the averages of the gradient and of its square. Default [0.9, 0.999]. */
  betas: readonly number[];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Goes up the gradient. Default false. */
  maximize: boolean;
}

/** Options of `SparseAdam`, all optional. */
export type SparseAdamOptions = Given<SparseAdamGroupOptions>;

/** Python counts the steps by an int here. */
type SparseAdamState = { step: number; exp_avg: Tensor; exp_avg_sq: Tensor };

function checked(options: SparseAdamGroupOptions): SparseAdamGroupOptions {
  checkOneElement(options.lr);
  checkNumber('Invalid learning rate', options.lr, (value) => value > 0);
  checkNumber('Invalid epsilon value', options.eps, (value) => value > 0);
  checkBetas(options.betas);
  return options;
}

/** `[[0, 1], [0, 3]]`: places in the groups, as Python lists them. */
const placesText = (places: readonly (readonly number[])[]): string =>
  `[${places.map((place) => `[${place.join(', ')}]`).join(', ')}]`;

class SparseAdamOptimizer extends TapedOptimizer<SparseAdamGroupOptions, SparseAdamState> {
  constructor(
    params: OptimizerParams<SparseAdamGroupOptions>,
    lr: number | Tensor = 1e-3,
    betas: readonly number[] = [0.9, 0.999],
    eps: number = 1e-8,
    maximize: boolean = false,
  ) {
    super(params, checked({ lr: lr as number, betas, eps, maximize }));
    const places = (is: (param: Tensor) => boolean) =>
      this.param_groups.flatMap(({ params }, i) => params.flatMap((param, j) => (is(param) ? [[i, j]] : [])));
    const sparse = places((param) => param.is_sparse);
    const complex = places((param) => param.is_complex());
    if (sparse.length > 0) {
      throw new ValueError(
        `Sparse params at indices ${placesText(sparse)}: SparseAdam requires dense parameter tensors`,
      );
    }
    if (complex.length > 0) {
      throw new ValueError(
        `Complex params at indices ${placesText(complex)}: SparseAdam does not support complex parameters`,
      );
    }
  }

  protected override readonly stateNames = ['exp_avg', 'exp_avg_sq'] as const;
  protected override readonly refusesSparse = null;
  protected override readonly refusesDense =
    'SparseAdam does not support dense gradients, please consider Adam instead';

  protected override completed(group: ParamGroup<SparseAdamGroupOptions>): ParamGroup<SparseAdamGroupOptions> {
    return group;
  }

  protected override initial(param: Tensor): SparseAdamState {
    return { step: 0, exp_avg: zeros_like(param), exp_avg_sq: zeros_like(param) };
  }

  protected override update(u: Update<SparseAdamState>, group: ParamGroup<SparseAdamGroupOptions>): void {
    const { eps, maximize = false } = group;
    const lr = toScalar(group.lr);
    const [beta1, beta2] = group.betas as [number, number];
    const { param, state } = u;
    const { exp_avg, exp_avg_sq } = state;
    state.step += 1;

    const grad = (maximize ? u.grad.neg() : u.grad).coalesce(); // the update is not linear in repeated indices
    const [indices, values] = [grad._indices(), grad._values()];
    if (values.numel() === 0) return;
    const make_sparse = (made: Tensor): Tensor => sparse_coo_tensor(indices, made, grad.size());

    const old_exp_avg_values = exp_avg.sparse_mask(grad)._values();
    const exp_avg_update_values = values.sub(old_exp_avg_values).mul_(1 - beta1);
    exp_avg.add_(make_sparse(exp_avg_update_values));
    const old_exp_avg_sq_values = exp_avg_sq.sparse_mask(grad)._values();
    const exp_avg_sq_update_values = values
      .pow(2)
      .sub_(old_exp_avg_sq_values)
      .mul_(1 - beta2);
    exp_avg_sq.add_(make_sparse(exp_avg_sq_update_values));

    const numer = exp_avg_update_values.add_(old_exp_avg_values);
    const denom = exp_avg_sq_update_values.add_(old_exp_avg_sq_values).sqrt_().add_(eps);

    const bias_correction1 = 1 - pow(beta1, state.step);
    const bias_correction2 = 1 - pow(beta2, state.step);
    const step_size = div(mul(lr, sqrt(bias_correction2)), bias_correction1);
    param.add_(make_sparse(mul(numer.div_(denom), neg(step_size)) as unknown as Tensor));
  }
}

/**
 * Adam for sparse gradients: moves the averages and the parameters of the elements that a gradient has, and of no others.
 *
 * State: `step`, `exp_avg`, `exp_avg_sq`.
 * @throws ValueError for options out of range, and for parameters that are sparse or complex
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html
 */
export class SparseAdam extends pythonClass(
  'SparseAdam',
  ['params', 'lr', 'betas', 'eps', 'maximize'],
  SparseAdamOptimizer,
) {}
