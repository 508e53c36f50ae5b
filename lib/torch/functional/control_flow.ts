/**
 * `torch.cond` and `torch.while_loop`: control flow as functions. Python's compiler traces both branches; here they run
 * as written, with the same results.
 */
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

/** Runs `true_fn` or `false_fn` on the operands and returns its result. */
export function cond<Operands extends readonly unknown[], T>(
  pred: Tensor | boolean | number,
  true_fn: (...operands: Operands) => T,
  false_fn: (...operands: Operands) => T,
  operands: Operands = [] as unknown as Operands,
): T {
  checkFunction('cond', 'true_fn', true_fn);
  checkFunction('cond', 'false_fn', false_fn);
  return truth('cond', pred) ? true_fn(...operands) : false_fn(...operands);
}

/** Runs `body_fn` on what it returned last (first on `carried_inputs`) while `cond_fn` of that is true; returns that. */
export function while_loop<Carried extends readonly unknown[]>(
  cond_fn: (...carried: Carried) => Tensor | boolean,
  body_fn: (...carried: Carried) => Carried,
  carried_inputs: Carried,
): Carried {
  checkFunction('while_loop', 'cond_fn', cond_fn);
  checkFunction('while_loop', 'body_fn', body_fn);
  let carried = carried_inputs;
  while (truth('while_loop', cond_fn(...carried))) {
    const next = body_fn(...carried);
    if (!Array.isArray(next) || next.length !== carried.length) {
      throw new TorchError(
        `while_loop(): body_fn must return an array of ${carried.length} values like carried_inputs`,
      );
    }
    carried = next;
  }
  return carried;
}
