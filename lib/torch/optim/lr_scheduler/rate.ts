/** Arithmetic of learning rates: Python's of floats, or that of tensors of one element. */
import { isTensor, keep, type Tensor } from '../../memory';
import { rsub } from '../../generated/functions';

/** A learning rate, or a momentum. */
export type Rate = number | Tensor;

const is = isTensor as (value: Rate) => value is Tensor;

/** `a + b`. */
export function plus(a: Rate, b: Rate): Rate {
  if (is(a)) return a.add(b as number);
  return is(b) ? b.add(a) : a + b;
}

/** `a - b`. */
export function minus(a: Rate, b: Rate): Rate {
  if (is(a)) return a.sub(b as number);
  return is(b) ? rsub(b, a) : a - b;
}

/** `a * b`. */
export function times(a: Rate, b: Rate): Rate {
  if (is(a)) return a.mul(b as number);
  return is(b) ? b.mul(a) : a * b;
}

/**
 * `a / b`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for a number divided by 0
 */
export function over(a: Rate, b: number): Rate {
  return is(a) ? a.div(b) : quotient(a, b);
}

/**
 * `a / b` of numbers.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function quotient(a: number, b: number): number {
  if (b === 0) {
    const ints = Number.isInteger(a) && Object.is(b, 0);
    throw new RangeError(ints ? 'division by zero' : 'float division by zero');
  }
  return a / b;
}

/**
 * `1.0 / b`.
 *
 * @throws RangeError (Python: ZeroDivisionError) for b = 0
 */
export function inverse(b: number): number {
  if (b === 0) throw new RangeError('float division by zero');
  return 1 / b;
}

/** A rate that later changes of the original do not reach. */
export const copied = (rate: Rate): Rate => (is(rate) ? keep(rate.clone()) : rate);

/** `float(rate)`. */
export const toFloat = (rate: Rate): number => (is(rate) ? Number(rate.item()) : rate);
