/** Weight normalisation of the old kind, by a hook; `parametrizations.weight_norm` is the new one. */
import { pythonFunction } from '../../call';
import { returningModule } from './returning_module';
import { warn } from '../../core';
import { _weight_norm, norm_except_dim } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { TorchError, ValueError } from '../../native';
import type { Module } from '../module/module';
import { is_lazy, Parameter } from '../parameter';
import { addPreHook, attribute, preHooks, removeHooks, setAttribute, setComputed } from './hook_objects';

/** Weight normalisation of one parameter. */
export class WeightNorm {
  constructor(
    readonly name: string,
    readonly dim: number,
  ) {}

  /** g·v/‖v‖. */
  compute_weight(module: Module): Tensor {
    const g = attribute<Tensor>(module, `${this.name}_g`);
    return _weight_norm(attribute<Tensor>(module, `${this.name}_v`), g, this.dim);
  }

  /** Puts the parameters `name_g` and `name_v` in the place of a parameter, and computes it before every call. */
  static apply(module: Module, name: string, dim: number | null): WeightNorm {
    warn(
      '`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.',
      'FutureWarning',
    );
    if (preHooks(module, WeightNorm).some((hook) => hook.name === name)) {
      throw new TorchError(`Cannot register two weight_norm hooks on the same parameter ${name}`);
    }
    const norm = new WeightNorm(name, dim ?? -1);
    const weight = module.get_parameter(name);
    if (is_lazy(weight)) {
      throw new ValueError(
        "The module passed to `WeightNorm` can't have uninitialized parameters. Make sure to run the dummy forward before applying weight normalization",
      );
    }
    Reflect.deleteProperty(module, name);
    module.register_parameter(`${name}_g`, new Parameter(norm_except_dim(weight, 2, norm.dim).data));
    module.register_parameter(`${name}_v`, new Parameter(weight.data));
    setComputed(module, name, norm.compute_weight(module));
    addPreHook(module, norm, (called) => setComputed(called, name, norm.compute_weight(called)));
    return norm;
  }

  /** Makes a parameter of what is computed. */
  remove(module: Module): void {
    const weight = this.compute_weight(module);
    for (const end of ['', '_g', '_v']) Reflect.deleteProperty(module, this.name + end);
    setAttribute(module, this.name, new Parameter(weight.data));
  }
}

/**
 * Makes a parameter the product of its norm, `name_g`, and its direction, `name_v`. Returns the module.
 *
 * @deprecated as in Python: `parametrizations.weight_norm` does it better
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html
 */
export const weight_norm = returningModule(
  pythonFunction(
    'weight_norm',
    ['module', 'name', 'dim'],
    <M extends Module>(module: M, name: string = 'weight', dim: number | null = 0): M => {
      WeightNorm.apply(module, name, dim);
      return module;
    },
  ),
);

/**
 * Undoes `weight_norm`. Returns the module.
 *
 * @throws ValueError where there is none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.remove_weight_norm.html
 */
export const remove_weight_norm = returningModule(
  pythonFunction(
    'remove_weight_norm',
    ['module', 'name'],
    <M extends Module>(module: M, name: string = 'weight'): M => {
      const hook = preHooks(module, WeightNorm).find((each) => each.name === name);
      if (hook === undefined) throw new ValueError(`weight_norm of '${name}' not found in ${module}`);
      hook.remove(module);
      removeHooks(module, hook);
      return module;
    },
  ),
);
