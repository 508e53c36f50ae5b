import { pythonClass } from '../call';
import { bfloat16, sizeText } from '../core';
import { zeros_like } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { ValueError } from '../native';
import { addmm, norm } from './functions';
import { checkNumber, checkOneElement, type Given, type GroupOptions } from './options';
import type { OptimizerParams, ParamGroup } from './param_groups';
import { Kind } from './rows';
import { div, max, mul, neg, round, sqrt, sub, toScalar, numberOf } from './scalar';
import { TapedOptimizer, type Update } from './taped';

/** Options of a group of `Muon`. */
export interface MuonGroupOptions extends GroupOptions {
  /** Share of the parameter that goes at each step, times the rate. Default 0.1. */
  weight_decay: number;
  /** Share of the former step that is kept. Default 0.95. */
  momentum: number;
  /** Looks ahead along the momentum. Default true. */
  nesterov: boolean;
  /** Coefficients of the polynomial whose iteration makes the step orthogonal. Default [3.4445, -4.775, 2.0315]. */
  ns_coefficients: readonly number[];
  /** Smallest norm that the step is divided by. Default 1e-7. */
  eps: number;
  /** Number of iterations. Default 5. */
  ns_steps: number;
  /** How the rate depends on the shape: `original` (the default), `match_rms_adamw`. */
  adjust_lr_fn: string | null;
}

/** Options of `Muon`, all optional. */
export type MuonOptions = Given<MuonGroupOptions>;

type MuonState = { momentum_buffer: Tensor };

function checked(options: MuonGroupOptions): MuonGroupOptions {
  const { lr, momentum, weight_decay, adjust_lr_fn } = options;
  const notNegative = (value: number) => value >= 0;
  checkOneElement(lr);
  checkNumber('Learning rate should be >= 0 but is', lr, notNegative);
  checkNumber('momentum should be >= 0 but is', momentum, notNegative);
  checkNumber('weight decay should be >= 0 but is', weight_decay, notNegative);
  if (adjust_lr_fn !== null && adjust_lr_fn !== 'original' && adjust_lr_fn !== 'match_rms_adamw') {
    throw new ValueError(`Adjust learning rate function ${adjust_lr_fn} is not supported`);
  }
  return options;
}

class MuonOptimizer extends TapedOptimizer<MuonGroupOptions, MuonState> {
  constructor(
    params: OptimizerParams<MuonGroupOptions>,
    lr: number = 1e-3,
    weight_decay: number = 0.1,
    momentum: number = 0.95,
    nesterov: boolean = true,
    ns_coefficients: readonly number[] = [3.4445, -4.775, 2.0315],
    eps: number = 1e-7,
    ns_steps: number = 5,
    adjust_lr_fn: string | null = null,
  ) {
    super(params, checked({ lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn }));
    for (const group of this.param_groups) {
      for (const param of group.params) {
        if (param.dim() === 2) continue;
        throw new ValueError(
          `Muon only supports 2D parameters whereas we found a parameter with size: ${sizeText(param.shape)}`,
        );
      }
    }
  }

  protected override readonly stateNames = ['momentum_buffer'] as const;
  protected override readonly refusesSparse = 'Muon does not support sparse gradients';
  protected override readonly refusesComplex = 'Muon does not support complex parameters';
  protected override readonly kinds = Kind.matrix | Kind.tall;

  protected override completed(group: ParamGroup<MuonGroupOptions>): ParamGroup<MuonGroupOptions> {
    return group;
  }

  protected override listsByDefault(): boolean {
    return false;
  }

  protected override initial(param: Tensor): MuonState {
    return { momentum_buffer: zeros_like(param.grad!) };
  }

  protected override update(u: Update<MuonState>, group: ParamGroup<MuonGroupOptions>): void {
    const { weight_decay, momentum, nesterov } = group;
    const lr = toScalar(group.lr);
    const { param, grad, state } = u;
    if (!u.matrix) throw new ValueError('Param gradient must be a 2D matrix');
    const buf = state.momentum_buffer;
    buf.lerp_(grad, 1 - momentum);
    const update = this.zeropower(nesterov ? grad.lerp(buf, momentum) : buf, u.tall, group);
    const adjusted_lr = this.adjusted(lr, param, group);
    param.mul_(sub(1, mul(lr, weight_decay)));
    param.add_(update, { alpha: neg(adjusted_lr) });
  }

  /** Newton–Schulz iterations in bfloat16: the matrix with all its singular values near 1. */
  private zeropower(grad: Tensor, tall: boolean, { ns_coefficients, ns_steps, eps }: MuonGroupOptions): Tensor {
    if (ns_steps >= 100) throw new ValueError('Number of steps must be less than 100 for computational efficiency');
    if (ns_coefficients.length !== 3) throw new ValueError('Coefficients must be a tuple of exactly 3 values');
    const [a, b, c] = ns_coefficients as [number, number, number];
    let ortho_grad = grad.to(bfloat16);
    if (tall) ortho_grad = ortho_grad.t();
    ortho_grad.div_(norm(ortho_grad).clamp(eps, null));
    for (let i = 0; i < ns_steps; i++) {
      const gram_matrix = ortho_grad.matmul(ortho_grad.t());
      const gram_update = addmm(gram_matrix, gram_matrix, gram_matrix, b, c);
      ortho_grad = addmm(ortho_grad, gram_update, ortho_grad, a, 1);
    }
    return tall ? ortho_grad.t() : ortho_grad;
  }

  /** The rate for a parameter's shape. */
  private adjusted(lr: number, param: Tensor, { adjust_lr_fn }: MuonGroupOptions): number {
    const [A, B] = [param.size(0), param.size(1)];
    const ratio = adjust_lr_fn === 'match_rms_adamw' ? mul(0.2, sqrt(max(A, B))) : sqrt(max(1, div(A, B)));
    // A rate that is a tensor computes in its dtype.
    return isTensor(lr) ? round(mul(numberOf(lr), round(ratio))) : mul(lr, ratio);
  }
}

/**
 * Muon: momentum whose matrix is made orthogonal before each step. For matrices only; another optimizer has to take the
 * rest of a network.
 *
 * State: `momentum_buffer`. Jordan et al. (2024).
 * @throws ValueError for options out of range, and for parameters that are not matrices
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Muon.html
 */
export class Muon extends pythonClass(
  'Muon',
  [
    ...(['params', 'lr', 'weight_decay', 'momentum', 'nesterov', 'ns_coefficients'] as const),
    ...(['eps', 'ns_steps', 'adjust_lr_fn'] as const),
  ],
  MuonOptimizer,
) {}
