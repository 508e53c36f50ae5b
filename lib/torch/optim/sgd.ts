import { ValueError } from '../native/errors';
import { type Arguments, readArguments } from '../nn/module/arguments';
import { type GroupOptions, checkNotNegative, Optimizer, pathOf } from './optimizer';
import type { OptimizerParams, ParamGroup } from './param_groups';

/** Options of a group of `SGD`. */
export interface SGDGroupOptions extends GroupOptions {
  /** Learning rate. Default 1e-3. */
  lr: number;
  /** Share of the former step that is kept. Default 0. */
  momentum: number;
  /** Share of the gradient that the momentum leaves out. Default 0. */
  dampening: number;
  /** Default 0. */
  weight_decay: number;
  /** Looks ahead along the momentum. Default false. */
  nesterov: boolean;
}

/** Options of `SGD`, all optional. */
export type SGDOptions = Partial<SGDGroupOptions>;

const defaults: SGDGroupOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weight_decay: 0,
  nesterov: false,
  maximize: false,
  foreach: null,
  differentiable: false,
  fused: null,
};

function checked(options: SGDGroupOptions): SGDGroupOptions {
  const { momentum, dampening } = options;
  checkNotNegative('learning rate', options.lr);
  checkNotNegative('momentum value', momentum);
  checkNotNegative('weight_decay value', options.weight_decay);
  if (options.nesterov && (momentum <= 0 || dampening !== 0)) {
    throw new ValueError('Nesterov momentum requires a momentum and zero dampening');
  }
  return options;
}

/**
 * Stochastic gradient descent: b ← momentum·b + (1−dampening)·g, θ ← θ − lr·b; the first b is g itself.
 *
 * Operation for operation what Python's does. Throws ValueError for options out of range.
 * State: `momentum_buffer`, where momentum is not 0.
 * See https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer<SGDGroupOptions> {
  readonly #numbers = new Float64Array(7);

  constructor(
    params: OptimizerParams<SGDGroupOptions>,
    ...rest: Arguments<SGDOptions, ['lr', 'momentum', 'dampening', 'weight_decay', 'nesterov']>
  );
  constructor(params: OptimizerParams<SGDGroupOptions>, options?: SGDOptions);
  constructor(params: OptimizerParams<SGDGroupOptions>, ...rest: unknown[]) {
    super('sgd', params, checked(readArguments('SGD.__init__', defaults, rest)));
  }

  protected override stepOptions(group: ParamGroup<SGDGroupOptions>): Float64Array {
    const { lr, momentum, dampening, weight_decay, nesterov, maximize } = group;
    const path = pathOf(group);
    return this.fill(this.#numbers, {
      lr,
      momentum,
      dampening,
      weight_decay,
      nesterov,
      maximize,
      path,
    });
  }

  protected override completed(group: ParamGroup<SGDGroupOptions>): ParamGroup<SGDGroupOptions> {
    const { lr: _lr, momentum: _m, dampening: _d, weight_decay: _decay, ...newer } = defaults;
    // Named first and last: first for the order of the names, which a file keeps, last for the values.
    return { ...group, ...newer, ...group };
  }
}
