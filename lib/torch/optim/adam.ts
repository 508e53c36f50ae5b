import { ValueError } from '../native/errors';
import { type Arguments, readArguments } from '../nn/module/arguments';
import { valueText } from '../core/text';
import { type GroupOptions, checkNotNegative, Optimizer, pathOf } from './optimizer';
import type { OptimizerParams, ParamGroup } from './param_groups';

/** Options of a group of `Adam` or `AdamW`. */
export interface AdamGroupOptions extends GroupOptions {
  /** Learning rate. Default 1e-3. */
  lr: number;
  /** How slowly the averages of the gradient and of its square move. Default [0.9, 0.999]. */
  betas: [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0, for AdamW 0.01. */
  weight_decay: number;
  /** Divides by the largest average so far. Default false. */
  amsgrad: boolean;
  /** Not supported: must be false. */
  capturable: boolean;
  /** Whether weight decay shrinks the parameter itself (AdamW) rather than joining the gradient. */
  decoupled_weight_decay: boolean;
}

/** Options of `Adam`, all optional. */
export type AdamOptions = Partial<AdamGroupOptions>;

const defaults: AdamGroupOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  amsgrad: false,
  foreach: null,
  maximize: false,
  capturable: false,
  differentiable: false,
  fused: null,
  decoupled_weight_decay: false,
};

function checkBetas(betas: unknown): void {
  if (!Array.isArray(betas) || betas.length !== 2) {
    throw new TypeError(`betas must be an array of two numbers, but got ${valueText(betas)}`);
  }
  betas.forEach((beta, i) => {
    if (!(typeof beta === 'number' && beta >= 0 && beta < 1)) {
      throw new ValueError(`Invalid beta parameter at index ${i}: ${valueText(beta)}`);
    }
  });
}

function checked(options: AdamGroupOptions): AdamGroupOptions {
  checkNotNegative('learning rate', options.lr);
  checkNotNegative('epsilon value', options.eps);
  checkBetas(options.betas);
  checkNotNegative('weight_decay value', options.weight_decay);
  return options;
}

/**
 * Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − lr·m̂/(√v̂ + eps), with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
 *
 * Operation for operation what Python's does: single-tensor on the CPU, `foreach` on CUDA, `fused` if asked.
 * Throws ValueError for options out of range. State: `step`, `exp_avg`, `exp_avg_sq`, `max_exp_avg_sq`.
 * See Kingma & Ba (2014), and https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer<AdamGroupOptions> {
  readonly #numbers = new Float64Array(9);

  constructor(
    params: OptimizerParams<AdamGroupOptions>,
    ...rest: Arguments<AdamOptions, ['lr', 'betas', 'eps', 'weight_decay', 'amsgrad']>
  );
  constructor(params: OptimizerParams<AdamGroupOptions>, options?: AdamOptions);
  constructor(params: OptimizerParams<AdamGroupOptions>, ...rest: unknown[]) {
    super('adam', params, checked(readArguments('Adam.__init__', defaults, rest)));
  }

  protected override stepOptions(group: ParamGroup<AdamGroupOptions>): Float64Array {
    const { lr, betas, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay } = group;
    const [beta1, beta2] = betas;
    const flags = { amsgrad, maximize, decoupled_weight_decay, path: pathOf(group) };
    return this.fill(this.#numbers, { lr, beta1, beta2, eps, weight_decay, ...flags });
  }

  protected override completed(group: ParamGroup<AdamGroupOptions>): ParamGroup<AdamGroupOptions> {
    const { lr: _lr, betas: _betas, eps: _eps, weight_decay: _decay, ...newer } = defaults;
    // Named first and last: first for the order of the names, which a file keeps, last for the values.
    return { ...group, ...newer, ...group };
  }
}
