/** Losses of real-valued targets. The formulas are in `functional/loss_*.ts`. */
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { typeName } from '../../../core';
import type { Tensor } from '../../../memory';
import { gaussian_nll_loss, kl_div, poisson_nll_loss } from '../../functional/loss_distribution';
import { huber_loss, l1_loss, mse_loss, smooth_l1_loss } from '../../functional/loss_regression';
import type { Reduction } from '../../functional/reduction';
import type { InputAndTarget } from '../../module/inputs';
import { _Loss, type Former, REDUCTION } from './base';

/**
 * |x − t|.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 */
export class L1Loss extends _Loss {
  static {
    pythonMethods(this.prototype, 'L1Loss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return l1_loss(input, target, { reduction: this.reduction });
  }
}

/**
 * (x − t)².
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 */
export class MSELoss extends _Loss {
  static {
    pythonMethods(this.prototype, 'MSELoss', { forward: ['input', 'target'] });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return mse_loss(input, target, { reduction: this.reduction });
  }
}

class SmoothL1LossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'SmoothL1Loss', { forward: ['input', 'target'] });
  }

  constructor(
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction = 'mean',
    /** Bound between square and line. Default 1. */
    public beta: number = 1,
  ) {
    super(size_average, reduce, reduction);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/**
 * (x − t)²/(2·beta) where |x − t| < beta, |x − t| − beta/2 elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 */
export class SmoothL1Loss extends pythonClass('SmoothL1Loss', [...REDUCTION, 'beta'], SmoothL1LossModule) {}

class HuberLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'HuberLoss', { forward: ['input', 'target'] });
  }

  constructor(
    reduction: Reduction = 'mean',
    /** Bound between square and line. Default 1. */
    public delta: number = 1,
  ) {
    const type = typeName(delta);
    if (type !== 'float' && type !== 'int' && type !== 'bool') {
      throw new TypeError(`delta must be a float or int, got: <class '${type}'>`);
    }
    super({ reduction });
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return huber_loss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/**
 * (x − t)²/2 where |x − t| < delta, delta·(|x − t| − delta/2) elsewhere.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 */
export class HuberLoss extends pythonClass('HuberLoss', ['reduction', 'delta'], HuberLossModule) {}

class KLDivLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'KLDivLoss', { forward: ['input', 'target'] });
  }

  constructor(
    size_average: Former = null,
    reduce: Former = null,
    reduction: Reduction | 'batchmean' = 'mean',
    /** Whether the target, too, is a logarithm. Default false. */
    public log_target: boolean = false,
  ) {
    super(size_average, reduce, reduction as Reduction);
  }

  override forward(...args: InputAndTarget): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    return kl_div(input, target, { reduction: this.reduction, log_target: this.log_target });
  }
}

/**
 * t·(log t − x), of a target t and log-probabilities x. `'batchmean'` is the sum divided by the batch size.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 */
export class KLDivLoss extends pythonClass('KLDivLoss', [...REDUCTION, 'log_target'], KLDivLossModule) {}

class PoissonNLLLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'PoissonNLLLoss', { forward: ['log_input', 'target'] });
  }

  constructor(
    /** Whether the input is the logarithm of the rate. Default true. */
    public log_input: boolean = true,
    /** Whether to add Stirling's approximation of log(t!). Default false. */
    public full: boolean = false,
    size_average: Former = null,
    /** Added to a rate before its logarithm. Default 1e-8. */
    public eps: number = 1e-8,
    reduce: Former = null,
    reduction: Reduction = 'mean',
  ) {
    super(size_average, reduce, reduction);
  }

  override forward(...args: Arguments<['log_input', 'target'], [log_input: Tensor, target: Tensor]>): Tensor;
  override forward(input: Tensor, target: Tensor): Tensor {
    const { log_input, full, eps, reduction } = this;
    return poisson_nll_loss(input, target, { log_input, full, eps, reduction });
  }
}

/**
 * eˣ − t·x of the logarithm x of a rate, or x − t·log(x + eps) of the rate x.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html
 */
export class PoissonNLLLoss extends pythonClass(
  'PoissonNLLLoss',
  ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'],
  PoissonNLLLossModule,
) {}

class GaussianNLLLossModule extends _Loss {
  static {
    pythonMethods(this.prototype, 'GaussianNLLLoss', { forward: ['input', 'target', 'var'] });
  }

  constructor(
    /** Whether to add the constant log(2π)/2. Default false. */
    public full: boolean = false,
    /** Least variance. Default 1e-6. */
    public eps: number = 1e-6,
    reduction: Reduction = 'mean',
  ) {
    super(null, null, reduction);
  }

  override forward(
    ...args: Arguments<['input', 'target', 'var'], [input: Tensor, target: Tensor, variance: Tensor | number]>
  ): Tensor;
  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    return gaussian_nll_loss(input, target, variance, { full: this.full, eps: this.eps, reduction: this.reduction });
  }
}

/**
 * (log var + (x − t)²/var)/2 of a mean x and its variance.
 * @throws ValueError for a negative variance
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
 */
export class GaussianNLLLoss extends pythonClass(
  'GaussianNLLLoss',
  ['*', 'full', 'eps', 'reduction'],
  GaussianNLLLossModule,
) {}
