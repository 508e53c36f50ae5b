import { bindOpen, pythonFunction, signature } from '../../../call';
import { isMap } from '../../../core';
import { ones_like } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { ValueError } from '../../../native';
import type { Module } from '../../module/module';
import { parameters_to_vector } from '../convert_parameters';
import { attribute, preHooks, removeHooks } from '../hook_objects';
import { returningModule } from '../returning_module';
import type { Amount } from './amount';
import { BasePruningMethod } from './base';
import { PruningContainer } from './container';
import {
  CustomFromMask,
  Identity,
  L1Unstructured,
  LnStructured,
  RandomStructured,
  RandomUnstructured,
} from './methods';

/** Prepares a parameter for pruning, and prunes nothing. Returns the module, as the others do. */
export const identity = returningModule(
  pythonFunction('identity', ['module', 'name'], <M extends Module>(module: M, name: string): M => {
    Identity.apply(module, name);
    return module;
  }),
);

/** Prunes elements of a parameter that are drawn. */
export const random_unstructured = returningModule(
  pythonFunction(
    'random_unstructured',
    ['module', 'name', 'amount'],
    <M extends Module>(module: M, name: string, amount: Amount): M => {
      RandomUnstructured.apply(module, name, amount);
      return module;
    },
  ),
);

/** Prunes the elements of a parameter that have the smallest absolute values, or the smallest importance. */
export const l1_unstructured = returningModule(
  pythonFunction(
    'l1_unstructured',
    ['module', 'name', 'amount', 'importance_scores'],
    <M extends Module>(module: M, name: string, amount: Amount, importance_scores: Tensor | null = null): M => {
      L1Unstructured.apply(module, name, amount, importance_scores);
      return module;
    },
  ),
);

/** Prunes channels of a parameter that are drawn. */
export const random_structured = returningModule(
  pythonFunction(
    'random_structured',
    ['module', 'name', 'amount', 'dim'],
    <M extends Module>(module: M, name: string, amount: Amount, dim: number): M => {
      RandomStructured.apply(module, name, amount, dim);
      return module;
    },
  ),
);

/** Prunes the channels of a parameter that have the smallest Lₙ norms. */
export const ln_structured = returningModule(
  pythonFunction(
    'ln_structured',
    ['module', 'name', 'amount', 'n', 'dim', 'importance_scores'],
    <M extends Module>(
      module: M,
      name: string,
      amount: Amount,
      n: number | 'fro' | 'nuc',
      dim: number,
      importance_scores: Tensor | null = null,
    ): M => {
      LnStructured.apply(module, name, amount, n, dim, importance_scores);
      return module;
    },
  ),
);

/** Prunes what a mask says. */
export const custom_from_mask = returningModule(
  pythonFunction(
    'custom_from_mask',
    ['module', 'name', 'mask'],
    <M extends Module>(module: M, name: string, mask: Tensor): M => {
      CustomFromMask.apply(module, name, mask);
      return module;
    },
  ),
);

/** Importance of the elements of parameters, by module and name. */
export type ImportanceScores = ReadonlyMap<readonly [module: Module, name: string], Tensor>;

/** What the constructor of a method takes. */
type MethodKeywords = { amount?: Amount } & Record<string, unknown>;

/** Parameters by their modules and names. */
type Places = readonly (readonly [module: Module, name: string])[];

const GLOBAL = signature('global_unstructured', ['parameters', 'pruning_method', 'importance_scores'], 2);

/**
 * Prunes several parameters as if they were one. Other keywords are what the method's constructor takes:
 * `global_unstructured(list, prune.L1Unstructured, { amount: 0.2 })`.
 *
 * @throws TypeError for a method that is not unstructured
 */
export function global_unstructured(
  parameters: Places,
  pruning_method: new (keywords: never) => BasePruningMethod,
  ...options:
    | [keywords: MethodKeywords & { importance_scores?: ImportanceScores | null }]
    | [importance_scores: ImportanceScores | null, keywords: MethodKeywords]
): void;
export function global_unstructured(...args: unknown[]): void {
  const [values, keywords] = bindOpen(GLOBAL, args);
  const [parameters, pruning_method, importance_scores = null] = values as readonly unknown[] as [
    Places,
    new (keywords?: object) => BasePruningMethod,
    (ImportanceScores | null)?,
  ];
  if (typeof parameters?.[Symbol.iterator] !== 'function') {
    throw new TypeError('global_unstructured(): parameters is not an Iterable');
  }
  if (importance_scores !== null && !isMap(importance_scores)) {
    throw new TypeError('global_unstructured(): importance_scores must be of type dict');
  }
  const scoreOf = (module: Module, name: string): Tensor | undefined =>
    [...(importance_scores ?? [])].find(([[of, called]]) => of === module && called === name)?.[1];
  const tensors = parameters.map(([module, name]) => attribute<Tensor>(module, name));
  const scores = parameters_to_vector(parameters.map(([module, name], i) => scoreOf(module, name) ?? tensors[i]!));
  const before = parameters_to_vector(
    parameters.map(
      ([module, name], i) => attribute<Tensor | undefined>(module, `${name}_mask`) ?? ones_like(tensors[i]!),
    ),
  );
  const container = new PruningContainer();
  const method = Object.keys(keywords).length === 0 ? new pruning_method() : new pruning_method(keywords);
  container._tensor_name = method._tensor_name = 'temp';
  if (method.PRUNING_TYPE !== 'unstructured') {
    throw new TypeError(
      `Only "unstructured" PRUNING_TYPE supported for the \`pruning_method\`. Found method <class 'torch.nn.utils.prune.${pruning_method.name}'> of type ${method.PRUNING_TYPE}`,
    );
  }
  container.add_pruning_method(method);
  const mask = container.compute_mask(scores, before);
  let pointer = 0;
  for (const [i, [module, name]] of parameters.entries()) {
    const count = tensors[i]!.numel();
    const part = mask.get(`${pointer}:${pointer + count}`).view_as(tensors[i]!);
    custom_from_mask(module, name, part);
    pointer += count;
  }
}

/**
 * Makes a parameter what it is with its mask, for good. Returns the module.
 *
 * @throws ValueError where it is not pruned
 */
export const remove = returningModule(
  pythonFunction('remove', ['module', 'name'], <M extends Module>(module: M, name: string): M => {
    const hook = preHooks(module, BasePruningMethod).find(({ _tensor_name }) => _tensor_name === name);
    if (hook === undefined) {
      throw new ValueError(`Parameter '${name}' of module ${module} has to be pruned before pruning can be removed`);
    }
    hook.remove(module);
    removeHooks(module, hook);
    return module;
  }),
);

/** Whether a parameter of the module, or below it, is pruned. */
export const is_pruned = pythonFunction('is_pruned', ['module'], (module: Module): boolean =>
  module.modules().some((each) => preHooks(each, BasePruningMethod).length > 0),
);
