import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { contiguous_format, sameShape, sizeText } from '../../../core';
import { norm } from '../../../functional';
import * as torch from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { AssertionError } from '../../../native';
import type { TensorIndex } from '../../../tensor';
import type { Module } from '../../module/module';
import { type Amount, checkAmount, checkStructured, countOf } from './amount';
import { applyMethod, BasePruningMethod } from './base';

/** Prunes nothing. */
export class Identity extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  override compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    return default_mask;
  }

  static {
    pythonMethods(this, 'Identity', { apply: ['module', 'name'] });
    // The bundle has two classes of that name, and calls the second one something else.
    Object.defineProperty(this, 'name', { value: 'Identity' });
  }

  /** Prunes a parameter of a module. */
  static override apply(...args: Arguments<['module', 'name'], [module: Module, name: string]>): BasePruningMethod;
  static override apply(module: Module, name: string): BasePruningMethod {
    return applyMethod(module, name, new Identity());
  }
}

/** A mask without the elements that `chosen` names, of all in one row. */
function without(mask: Tensor, count: number, chosen: () => Tensor): Tensor {
  const made = mask.clone({ memory_format: contiguous_format });
  if (count !== 0) made.view(-1).__setitem__(chosen(), 0);
  return made;
}

class RandomUnstructuredMethod extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  constructor(readonly amount: Amount) {
    super();
    checkAmount(amount);
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    return without(default_mask, count, () => torch.topk(torch.rand_like(t).view(-1), count).indices);
  }
}

/** Prunes elements that are drawn. */
export class RandomUnstructured extends pythonClass('RandomUnstructured', ['amount'], RandomUnstructuredMethod) {
  static {
    pythonMethods(this, 'RandomUnstructured', { apply: ['module', 'name', 'amount'] });
  }

  /** Prunes a parameter of a module. */
  static override apply(
    ...args: Arguments<['module', 'name', 'amount'], [module: Module, name: string, amount: Amount]>
  ): BasePruningMethod;
  static override apply(module: Module, name: string, amount: Amount): BasePruningMethod {
    return applyMethod(module, name, new RandomUnstructured(amount));
  }
}

class L1UnstructuredMethod extends BasePruningMethod {
  readonly PRUNING_TYPE = 'unstructured';

  constructor(readonly amount: Amount) {
    super();
    checkAmount(amount);
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    return without(default_mask, count, () => torch.topk(torch.abs(t).view(-1), count, { largest: false }).indices);
  }
}

/** Prunes the elements of the smallest absolute values. */
export class L1Unstructured extends pythonClass('L1Unstructured', ['amount'], L1UnstructuredMethod) {
  static {
    pythonMethods(this, 'L1Unstructured', { apply: ['module', 'name', 'amount', 'importance_scores'] });
  }

  /** Prunes a parameter of a module. */
  static override apply(
    ...args: Arguments<
      ['module', 'name', 'amount', 'importance_scores'],
      [module: Module, name: string, amount: Amount, importance_scores?: Tensor | null]
    >
  ): BasePruningMethod;
  static override apply(
    module: Module,
    name: string,
    amount: Amount,
    importance_scores: Tensor | null = null,
  ): BasePruningMethod {
    return applyMethod(module, name, new L1Unstructured(amount), importance_scores);
  }
}

/** A mask of the channels of a dimension that `kept` names. */
function channels(t: Tensor, dim: number, kept: Tensor, before: Tensor): Tensor {
  const mask = torch.zeros_like(t);
  const index = t.shape.map((): TensorIndex => ':');
  index[dim < 0 ? dim + t.ndim : dim] = kept;
  mask.__setitem__(index, 1);
  return mask.mul_(before.to({ dtype: mask.dtype }));
}

class RandomStructuredMethod extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';

  constructor(
    readonly amount: Amount,
    readonly dim: number = -1,
  ) {
    super();
    checkAmount(amount);
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    checkStructured(t, this.dim);
    const size = t.shape.at(this.dim)!;
    const count = countOf(this.amount, size);
    if (count === 0) return default_mask;
    const chances = torch.rand([size]);
    const threshold = torch.kthvalue(chances, count).values;
    return channels(t, this.dim, chances.gt(threshold), default_mask);
  }
}

/** Prunes channels that are drawn. */
export class RandomStructured extends pythonClass('RandomStructured', ['amount', 'dim'], RandomStructuredMethod) {
  static {
    pythonMethods(this, 'RandomStructured', { apply: ['module', 'name', 'amount', 'dim'] });
  }

  /** Prunes a parameter of a module. */
  static override apply(
    ...args: Arguments<
      ['module', 'name', 'amount', 'dim'],
      [module: Module, name: string, amount: Amount, dim?: number]
    >
  ): BasePruningMethod;
  static override apply(module: Module, name: string, amount: Amount, dim: number = -1): BasePruningMethod {
    return applyMethod(module, name, new RandomStructured(amount, dim));
  }
}

class LnStructuredMethod extends BasePruningMethod {
  readonly PRUNING_TYPE = 'structured';

  constructor(
    readonly amount: Amount,
    readonly n: number | 'fro' | 'nuc',
    readonly dim: number = -1,
  ) {
    super();
    checkAmount(amount);
  }

  override compute_mask(t: Tensor, default_mask: Tensor): Tensor {
    checkStructured(t, this.dim);
    const size = t.shape.at(this.dim)!;
    const count = countOf(this.amount, size);
    const channel = this.dim < 0 ? this.dim + t.ndim : this.dim;
    const dims = t.shape.map((_, d) => d).filter((d) => d !== channel);
    const norms = norm(t, { p: this.n, dim: dims });
    const { indices } = torch.topk(norms, size - count, { largest: true });
    return count === 0 ? default_mask : channels(t, this.dim, indices, default_mask);
  }
}

/** Prunes the channels of the smallest Lₙ norms. */
export class LnStructured extends pythonClass('LnStructured', ['amount', 'n', 'dim'], LnStructuredMethod) {
  static {
    pythonMethods(this, 'LnStructured', { apply: ['module', 'name', 'amount', 'n', 'dim', 'importance_scores'] });
  }

  /** Prunes a parameter of a module. */
  static override apply(
    ...args: Arguments<
      ['module', 'name', 'amount', 'n', 'dim', 'importance_scores'],
      [
        module: Module,
        name: string,
        amount: Amount,
        n: number | 'fro' | 'nuc',
        dim: number,
        importance_scores?: Tensor | null,
      ]
    >
  ): BasePruningMethod;
  static override apply(
    module: Module,
    name: string,
    amount: Amount,
    n: number | 'fro' | 'nuc',
    dim: number,
    importance_scores: Tensor | null = null,
  ): BasePruningMethod {
    return applyMethod(module, name, new LnStructured(amount, n, dim), importance_scores);
  }
}

class CustomFromMaskMethod extends BasePruningMethod {
  readonly PRUNING_TYPE = 'global';

  constructor(readonly mask: Tensor) {
    super();
  }

  override compute_mask(_t: Tensor, default_mask: Tensor): Tensor {
    if (!sameShape(default_mask.shape, this.mask.shape)) {
      throw new AssertionError(
        `default_mask shape ${sizeText(default_mask.shape)} must match self.mask shape ${sizeText(this.mask.shape)}`,
      );
    }
    return default_mask.mul(this.mask.to({ dtype: default_mask.dtype }));
  }
}

/** Prunes what a mask says. */
export class CustomFromMask extends pythonClass('CustomFromMask', ['mask'], CustomFromMaskMethod) {
  static {
    pythonMethods(this, 'CustomFromMask', { apply: ['module', 'name', 'mask'] });
  }

  /** Prunes a parameter of a module. */
  static override apply(
    ...args: Arguments<['module', 'name', 'mask'], [module: Module, name: string, mask: Tensor]>
  ): BasePruningMethod;
  static override apply(module: Module, name: string, mask: Tensor): BasePruningMethod {
    return applyMethod(module, name, new CustomFromMask(mask));
  }
}
