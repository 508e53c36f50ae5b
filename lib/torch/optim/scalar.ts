/** Arithmetic on options, which are numbers or tensors that stand for one: a tensor's is done in its dtype, as in Python. */
import { native } from '../native';
import { isTensor, type Tensor } from '../memory';

/** `-a`. */
export const neg = (a: number): number => (isTensor(a) ? (a as unknown as Tensor).neg() : -a) as number;

/** `a * b`. */
export const mul = (a: number, b: number): number => (isTensor(a) ? (a as unknown as Tensor).mul(b) : a * b) as number;

/** `a / b`. */
export const div = (a: number, b: number): number => (isTensor(a) ? (a as unknown as Tensor).div(b) : a / b) as number;

/** `1 - a`. */
export const oneMinus = (a: number): number => (isTensor(a) ? (a as unknown as Tensor).neg().add(1) : 1 - a) as number;

/** `base ** exponent` as Python's: V8's own differs in the last bit. */
export const pow = native.pow;
