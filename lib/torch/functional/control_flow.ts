/**
 * `torch.cond` and `torch.while_loop`: control flow as functions. Python's compiler traces both branches; here they run
 * as written, with the same results.
 */
import { pythonFunction } from '../call';
import { native, TorchError } from '../native';
import { handleOf, isTensor, type Tensor } from '../memory';
import { typeName, valueText } from '../core';

function truth(caller: string, pred: unknown): boolean {
  if (typeof pred === 'boolean' || typeof pred === 'number') return Boolean(pred);
  if (isTensor(pred) && native.numel(handleOf(pred)) === 1) return Boolean(native.item(handleOf(pred)));
  const got = isTensor(pred) ? String(pred) : valueText(pred);
  const name = caller === 'cond' ? 'pred' : 'condition_fn to return';
  throw new TorchError(`Expected ${name} to be bool or single-element tensor, but got ${got}.`);
}

function checkFunction(caller: string, name: string, value: unknown): void {
  if (typeof value !== 'function')
    throw new TorchError(`${caller}(): expected ${name} to be callable, got ${typeName(value)}`);
}

type Branch<Operands extends readonly unknown[], T> = (...operands: Operands) => T;

/** Runs `true_fn` or `false_fn` on the operands and returns its result. */
export const cond = pythonFunction(
  'cond',
  ['pred', 'true_fn', 'false_fn', 'operands'],
  (
    pred: Tensor | boolean | number,
    true_fn: Branch<never[], unknown>,
    false_fn: Branch<never[], unknown>,
    operands: readonly unknown[] = [],
  ): unknown => {
    checkFunction('cond', 'true_fn', true_fn);
    checkFunction('cond', 'false_fn', false_fn);
    return truth('cond', pred) ? true_fn(...(operands as never[])) : false_fn(...(operands as never[]));
  },
) as {
  <Operands extends readonly unknown[], T>(
    pred: Tensor | boolean | number,
    true_fn: Branch<Operands, T>,
    false_fn: Branch<Operands, T>,
    operands?: Operands,
  ): T;
  <Operands extends readonly unknown[], T>(keywords: {
    pred: Tensor | boolean | number;
    true_fn: Branch<Operands, T>;
    false_fn: Branch<Operands, T>;
    operands?: Operands;
  }): T;
};

/** Runs `body_fn` on what it returned last (first on `carried_inputs`) while `cond_fn` of that is true; returns that. */
export const while_loop = pythonFunction(
  'while_loop',
  ['cond_fn', 'body_fn', 'carried_inputs'],
  (
    cond_fn: Branch<never[], unknown>,
    body_fn: Branch<never[], unknown>,
    carried_inputs: readonly unknown[],
  ): readonly unknown[] => {
    checkFunction('while_loop', 'cond_fn', cond_fn);
    checkFunction('while_loop', 'body_fn', body_fn);
    let carried = carried_inputs as never[];
    while (truth('while_loop', cond_fn(...carried))) {
      const next = body_fn(...carried);
      if (!Array.isArray(next) || next.length !== carried.length) {
        throw new TorchError(
          `while_loop(): body_fn must return an array of ${carried.length} values like carried_inputs`,
        );
      }
      carried = next as never[];
    }
    return carried;
  },
) as {
  <Carried extends readonly unknown[]>(
    cond_fn: Branch<Carried, Tensor | boolean>,
    body_fn: Branch<Carried, Carried>,
    carried_inputs: Carried,
  ): Carried;
  <Carried extends readonly unknown[]>(keywords: {
    cond_fn: Branch<Carried, Tensor | boolean>;
    body_fn: Branch<Carried, Carried>;
    carried_inputs: Carried;
  }): Carried;
};
