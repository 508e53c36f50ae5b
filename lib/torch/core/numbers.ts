/** Numbers as Python tells them apart: ints, floats, complex numbers. */
import { floatRepr } from './float_text';
import { nameType } from './python_name';

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** A number that is a Python float also where its value is whole; `asFloat` makes one. */
export class Float {
  static {
    nameType(this.prototype, 'float');
  }

  constructor(readonly float: number) {
    if (typeof float !== 'number') throw new TypeError(`Float(): expected a number, not ${typeof float}`);
  }

  /** The number, so that arithmetic works. */
  valueOf(): number {
    return this.float;
  }

  /** `2.0`, as Python writes it. */
  toString(): string {
    return floatRepr(this.float);
  }
}

/**
 * The number as a Python float: `torch.asFloat(2)` is Python's `2.0` where a bare `2` would be its `2`.
 *
 * @example
 * torch.tensor([1n, 2n]).mul(2).dtype; // torch.int64
 * torch.tensor([1n, 2n]).mul(torch.asFloat(2)).dtype; // torch.float32
 */
export function asFloat(value: number): Float {
  if (typeof value !== 'number') throw new TypeError(`asFloat(): expected a number, not ${typeof value}`);
  return new Float(value);
}

/** One element of a tensor in JavaScript: a bigint where a number would lose bits. */
export type Element = number | bigint | boolean | Complex;

/**
 * Python's `Number`: an integer-valued number (other than -0) and a bigint are ints, other numbers and `asFloat`'s are
 * floats.
 */
export type Scalar = Element | Float;

/** An integer; a bigint where a number would lose bits. */
export type Int = number | bigint;

/** A complex number, or `{ re, im }` in general. */
export function isComplex(value: unknown): value is Complex {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Complex).re === 'number' &&
    typeof (value as Complex).im === 'number'
  );
}

/** An int that fits a number exactly. */
export function isInt(value: unknown): value is number {
  return Number.isInteger(value);
}

/** A JavaScript value that Python would call a number. */
export function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    typeof value === 'bigint' ||
    value instanceof Float ||
    isComplex(value)
  );
}
