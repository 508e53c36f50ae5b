/** `torch.nn.utils.parametrize`: parameters and buffers that are computed from others. */
import { pythonFunction } from '../../call';
import { returningModule } from './returning_module';
import { placeClasses, within } from '../../core';
import { no_grad } from '../../autograd';
import { isTensor, type Tensor } from '../../memory';
import { AssertionError, NotImplementedError, ValueError } from '../../native';
import { membersOf } from '../module/members';
import type { Module } from '../module/module';
import { ModuleDict } from '../modules/container';
import { Parameter } from '../parameter';
import { attribute, setAttribute } from './hook_objects';
import {
  checkSame,
  type Parametrization,
  ParametrizationList,
  registerTensor,
  shortType,
} from './parametrization_list';

export { type Parametrization, ParametrizationList } from './parametrization_list';

/** A class of modules. */
type ModuleClass = (new (...args: never[]) => Module) & { readonly prototype: Module };

let caching = 0;
let cache = new Map<Module, Map<string, Tensor>>();

/**
 * Runs a body in which each parametrized tensor is computed once only: what uses one several times is faster for it.
 *
 * @example
 * parametrize.cached(() => net(x).sum().backward());
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.cached.html
 */
export function cached<T>(body: () => T): T {
  return within(
    'cached',
    () => {
      caching++;
    },
    () => {
      caching--;
      if (caching === 0) cache = new Map();
    },
    body,
  );
}

function computed(module: Module, name: string): Tensor {
  const list = parametrizationsOf(module).get(name);
  if (caching === 0) return list();
  const tensors = cache.get(module) ?? new Map<string, Tensor>();
  cache.set(module, tensors);
  const known = tensors.get(name);
  if (known !== undefined && !known.is_disposed) return known;
  const made = list();
  tensors.set(name, made);
  return made;
}

function parametrizationsOf(module: Module): ModuleDict<ParametrizationList> {
  const found = attribute<unknown>(module, 'parametrizations');
  if (found instanceof ModuleDict) return found as ModuleDict<ParametrizationList>;
  throw new AssertionError(`Expected module.parametrizations to be a ModuleDict, got ${shortType(found)}`);
}

/** Makes the module one of a class of its own, which computes tensors where they are read. */
function giveClass(module: Module): void {
  const base = module.constructor as ModuleClass;
  const name = `Parametrized${base.name}`;
  const made = { [name]: class extends base {} }[name]!;
  placeClasses({ 'torch.nn.utils.parametrize': { [name]: made } });
  Object.setPrototypeOf(module, made.prototype);
  setAttribute(module, 'parametrizations', new ModuleDict());
}

function giveProperty(module: Module, name: string): void {
  if (name in module) throw new AssertionError(`Module already has an attribute named '${name}'`);
  Object.defineProperty(module.constructor.prototype, name, {
    configurable: true,
    get(this: Module): Tensor {
      return computed(this, name);
    },
    set(this: Module, value: Tensor) {
      parametrizationsOf(this).get(name).right_inverse(value);
    },
  });
}

/**
 * Whether a module has parametrizations, or one of the name.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.is_parametrized.html
 */
export const is_parametrized = pythonFunction(
  'is_parametrized',
  ['module', 'tensor_name'],
  (module: Module, tensor_name: string | null = null): boolean => {
    const found = attribute<unknown>(module, 'parametrizations');
    if (!(found instanceof ModuleDict)) return false;
    return tensor_name === null ? found.length > 0 : found.__contains__(tensor_name);
  },
);

/** Throws ValueError unless one more parametrization keeps dtype and shape, in both directions. */
function checkNext(module: Module, name: string, parametrization: Parametrization): void {
  const before = attribute<Tensor>(module, name);
  const after: unknown = (parametrization as unknown as (value: Tensor) => unknown)(before);
  checkSame(
    before,
    after,
    (property, was, is) =>
      `Registering a parametrization may not change the ${property} of the tensor, unless the \`unsafe\` flag is enabled.\nmodule.${name}.${property}: ${was}\nparametrization(module.${name}).${property}: ${is}`,
  );
  if (typeof parametrization.right_inverse !== 'function') return;
  let back: unknown;
  try {
    back = parametrization.right_inverse(after as Tensor);
  } catch (error) {
    if (error instanceof NotImplementedError) return;
    throw error;
  }
  if (!isTensor(back)) {
    throw new ValueError(`parametrization.right_inverse must return a tensor. Got: ${shortType(back)}`);
  }
  checkSame(
    before,
    back,
    (property, was, is) =>
      `The tensor returned by parametrization.right_inverse must have the same ${property} as module.${name}, unless the \`unsafe\` flag is enabled.\nmodule.${name}.${property}: ${was}\nreturned ${property}: ${is}`,
  );
}

/**
 * Makes a parameter or buffer what a module computes from it; several are applied one after the other. The module becomes
 * one of a class of its own, and keeps what the tensor is computed from in `parametrizations.<name>.original`.
 *
 * @throws ValueError where there is no such tensor, or where dtype or shape change without `unsafe`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html
 * @example
 * class Symmetric extends nn.Module {
 *   forward(x: Tensor) { return x.triu().add(x.triu(1).mT); }
 * }
 * parametrize.register_parametrization(new nn.Linear(5, 5), 'weight', new Symmetric());
 */
export const register_parametrization = returningModule(
  pythonFunction(
    'register_parametrization',
    ['module', 'tensor_name', 'parametrization', '*', 'unsafe'],
    <M extends Module>(
      module: M,
      tensor_name: string,
      parametrization: Parametrization,
      unsafe: boolean = false,
    ): M => {
      parametrization.train(module.training);
      const kind = membersOf(module).kindOf(tensor_name);
      if (is_parametrized(module, tensor_name)) {
        if (!unsafe) checkNext(module, tensor_name, parametrization);
        const list = parametrizationsOf(module).get(tensor_name);
        list.append(parametrization);
        list.unsafe ||= unsafe;
      } else if (kind !== undefined && kind !== 'module') {
        const list = new ParametrizationList([parametrization], attribute<Tensor>(module, tensor_name), unsafe);
        Reflect.deleteProperty(module, tensor_name);
        if (!is_parametrized(module)) giveClass(module);
        giveProperty(module, tensor_name);
        parametrizationsOf(module).set(tensor_name, list);
      } else {
        throw new ValueError(
          `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${tensor_name}'`,
        );
      }
      return module;
    },
  ),
);

/** The tensor that takes the place of a parametrized one. */
function leftBehind(module: Module, name: string, leave_parametrized: boolean): Tensor {
  const list = parametrizationsOf(module).get(name);
  if (list.is_tensor) {
    const { original } = list;
    if (leave_parametrized) no_grad(() => original.set_(attribute<Tensor>(module, name)));
    return original;
  }
  if (!leave_parametrized) {
    throw new ValueError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
    );
  }
  const tensor = attribute<Tensor>(module, name);
  return tensor.requires_grad ? new Parameter(tensor) : tensor;
}

/**
 * Takes the parametrizations of a tensor off: it becomes what they compute, or with `leave_parametrized: false` what they
 * compute it from.
 *
 * @throws ValueError where there are none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.remove_parametrizations.html
 */
export const remove_parametrizations = returningModule(
  pythonFunction(
    'remove_parametrizations',
    ['module', 'tensor_name', 'leave_parametrized'],
    <M extends Module>(module: M, tensor_name: string, leave_parametrized: boolean = true): M => {
      if (!is_parametrized(module, tensor_name)) {
        throw new ValueError(`Module ${module} does not have a parametrization on ${tensor_name}`);
      }
      const original = leftBehind(module, tensor_name, leave_parametrized);
      Reflect.deleteProperty(module.constructor.prototype as object, tensor_name);
      parametrizationsOf(module).__delitem__(tensor_name);
      registerTensor(module, tensor_name, original);
      if (!is_parametrized(module)) {
        Reflect.deleteProperty(module, 'parametrizations');
        Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)) as object);
      }
      return module;
    },
  ),
);

/**
 * The class of a module as it was before it had parametrizations.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.type_before_parametrizations.html
 */
export const type_before_parametrizations = pythonFunction(
  'type_before_parametrizations',
  ['module'],
  (module: Module): ModuleClass =>
    (is_parametrized(module) ? Object.getPrototypeOf(module.constructor) : module.constructor) as ModuleClass,
);

/**
 * Gives a module the parametrizations of another one, of one tensor or all, and the tensors that they compute from.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.transfer_parametrizations_and_params.html
 */
export const transfer_parametrizations_and_params = pythonFunction(
  'transfer_parametrizations_and_params',
  ['from_module', 'to_module', 'tensor_name'],
  <M extends Module>(from_module: Module, to_module: M, tensor_name: string | null = null): M => {
    if (!is_parametrized(from_module)) return to_module;
    const lists = parametrizationsOf(from_module);
    for (const name of tensor_name === null ? lists.keys() : [tensor_name]) {
      if (!(name in to_module)) setAttribute(to_module, name, new Parameter(attribute<Tensor>(from_module, name)));
      const list = lists.get(name);
      for (const parametrization of list) register_parametrization(to_module, name, parametrization);
      const target = parametrizationsOf(to_module).get(name);
      for (const [original] of [...membersOf(list).kinds()].filter(([each]) => each.startsWith('original'))) {
        setAttribute(target, original, attribute(list, original));
      }
    }
    return to_module;
  },
);
