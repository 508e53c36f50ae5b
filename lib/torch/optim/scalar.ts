/**
 * Python's arithmetic on what an update calls numbers: numbers, tensors of one element, whose arithmetic is done in their
 * dtype, and stand-ins for either. All of them have the type `number`, as an option has that may be a tensor.
 */
import { float64 } from '../core';
import { pow as powOf } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';
import { native } from '../native';
import { Code, constant, newOwn, Own, Register, write } from './tape';

type Scalar = number | Tensor;

/** The arithmetic of `native/optim/program.h`, in its order. */
const Arithmetic = { add: 0, sub: 1, mul: 2, div: 3, pow: 4, min: 5, max: 6, sqrt: 7, round: 8 } as const;

/** A tensor, or a stand-in for one; `other` says whether what is there has to be a stand-in. */
function tensorOf(value: unknown, other: unknown): Tensor | undefined {
  if (value instanceof Register) return value as unknown as Tensor;
  if (!isTensor(value)) return undefined;
  return other instanceof Register ? constant(value as Tensor) : (value as Tensor);
}

const term = (value: unknown): [number, number] => (value instanceof Own ? [1, value.place] : [0, value as number]);

function own(arithmetic: number, a: unknown, b: unknown): number {
  const result = newOwn();
  write(Code.arithmetic, result.place, arithmetic, ...term(a), ...term(b));
  return result as unknown as number;
}

/** Arithmetic of a tensor and a number that each parameter has its own of, in the tensor's dtype. */
function mixed(arithmetic: number, a: unknown, b: unknown): number | undefined {
  const tensor = a instanceof Own ? b : b instanceof Own ? a : undefined;
  if (!isTensor(tensor)) return undefined;
  const rounded = (tensor as Tensor).dtype === float64 ? (value: number) => value : round;
  const term = (value: unknown) => (isTensor(value) ? numberOf(value as Tensor) : rounded(value as number));
  return rounded(own(arithmetic, term(a), term(b)));
}

const isOwn = (a: unknown, b?: unknown): boolean => a instanceof Own || b instanceof Own;

/** `-a`. */
export function neg(a: Scalar): number {
  const tensor = tensorOf(a, undefined);
  if (tensor !== undefined) return tensor.neg() as unknown as number;
  return isOwn(a) ? own(Arithmetic.mul, a, -1) : -a;
}

/** `a + b`. */
export function add(a: Scalar, b: Scalar): number {
  const both = mixed(Arithmetic.add, a, b);
  if (both !== undefined) return both;
  const [left, right] = [tensorOf(a, b), tensorOf(b, a)];
  if (left !== undefined) return left.add(right ?? b) as unknown as number;
  if (right !== undefined) return right.add(a) as unknown as number;
  return isOwn(a, b) ? own(Arithmetic.add, a, b) : (a as number) + (b as number);
}

/** `a - b`. */
export function sub(a: Scalar, b: Scalar): number {
  const both = mixed(Arithmetic.sub, a, b);
  if (both !== undefined) return both;
  const [left, right] = [tensorOf(a, b), tensorOf(b, a)];
  if (left !== undefined) return left.sub(right ?? b) as unknown as number;
  if (right !== undefined) return right.neg().add(a) as unknown as number;
  return isOwn(a, b) ? own(Arithmetic.sub, a, b) : (a as number) - (b as number);
}

/** `a * b`. */
export function mul(a: Scalar, b: Scalar): number {
  const both = mixed(Arithmetic.mul, a, b);
  if (both !== undefined) return both;
  const [left, right] = [tensorOf(a, b), tensorOf(b, a)];
  if (left !== undefined) return left.mul(right ?? b) as unknown as number;
  if (right !== undefined) return right.mul(a) as unknown as number;
  return isOwn(a, b) ? own(Arithmetic.mul, a, b) : (a as number) * (b as number);
}

/** `a / b`. */
export function div(a: Scalar, b: Scalar): number {
  const both = mixed(Arithmetic.div, a, b);
  if (both !== undefined) return both;
  const [left, right] = [tensorOf(a, b), tensorOf(b, a)];
  if (left !== undefined) return left.div(right ?? b) as unknown as number;
  if (right !== undefined) return right.reciprocal().mul(a) as unknown as number;
  return isOwn(a, b) ? own(Arithmetic.div, a, b) : (a as number) / (b as number);
}

/** `a ** b`: V8's own differs from Python's in the last bit. */
export function pow(a: Scalar, b: Scalar): number {
  if ((b as unknown) instanceof Register) return (b as unknown as { rpow(base: Scalar): number }).rpow(a);
  const [left, right] = [tensorOf(a, b), tensorOf(b, a)];
  if (left !== undefined) return left.pow((right ?? b) as Tensor) as unknown as number;
  if (right !== undefined) return powOf(a as number, right) as unknown as number;
  return isOwn(a, b) ? own(Arithmetic.pow, a, b) : native.pow(a as number, b as number);
}

/** Python's `min(a, b)` of plain numbers. */
export function min(a: number, b: number): number {
  return isOwn(a, b) ? own(Arithmetic.min, a, b) : b < a ? b : a;
}

/** Python's `max(a, b)` of plain numbers. */
export function max(a: number, b: number): number {
  return isOwn(a, b) ? own(Arithmetic.max, a, b) : b > a ? b : a;
}

/** `math.sqrt(a)` of a plain number. */
export function sqrt(a: number): number {
  return isOwn(a) ? own(Arithmetic.sqrt, a, 0) : Math.sqrt(a);
}

/** The number as float32. */
export function round(a: number): number {
  return isOwn(a) ? own(Arithmetic.round, a, 0) : Math.fround(a);
}

/** Gradient with weight decay; one that autograd follows must not become a number. */
export function decayed(grad: Tensor, param: Tensor, weight_decay: number): Tensor {
  if (isTensor(weight_decay) && (weight_decay as unknown as Tensor).requires_grad) {
    return grad.addcmul_(param.clone(), weight_decay as unknown as Tensor);
  }
  return grad.add(param, { alpha: numberOf(weight_decay) });
}

/** An option that is a tensor of one element and some dimension, without the dimension. */
export function toScalar(value: number): number {
  if (!isTensor(value)) return value;
  const tensor = value as unknown as Tensor;
  return (tensor.dim() === 0 ? tensor : tensor.squeeze()) as unknown as number;
}

/** The value of a tensor of one element, as `tensor.item()` reads it. */
export function numberOf(value: Scalar): number {
  return isTensor(value) ? Number((value as Tensor).item()) : (value as number);
}
