/**
 * Kinds of arguments: their types, the predicates that generated code chooses overloads with, and the
 * conversions to what native operators take.
 */
import type { External, Handle } from '../native';
import {
  Device,
  type DeviceLike,
  Dtype,
  isComplex,
  isPlainObject,
  isScalar,
  Layout,
  MemoryFormat,
  type Scalar,
  pythonName,
} from '../core';
import { handleOf, isTensor, type TensorBase } from '../memory';

/** Name in Python of what a `generator` argument takes. */
export const GENERATOR = 'torch._C.Generator';

/** What a `generator` argument takes: `torch.Generator`. */
export interface GeneratorLike {
  readonly external: External;
}

/** One item, or a list of `n`: what `stride=2` and `stride=[2, 2]` both fit. */
export type OneOrMany<T> = T | readonly T[];

/** Keyword arguments by name. */
export type Keywords = Readonly<Record<string, unknown>>;

/** Whether the value is the trailing object of keyword arguments rather than an argument. */
export function isKeywords(value: unknown): value is Keywords {
  return isPlainObject(value) && !(isComplex(value) && Object.hasOwn(value, 're'));
}

/** A list of ints. */
export function isIntList(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!Number.isInteger(value[i])) return false;
  return true;
}

/** A list of numbers. */
export function isFloatList(value: unknown): value is readonly number[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number') return false;
  return true;
}

/** A list of tensors. */
export function isTensorList(value: unknown): value is readonly TensorBase[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!isTensor(value[i])) return false;
  return true;
}

/** A list of tensors and nulls. */
export function isOptionalTensorList(value: unknown): value is readonly (TensorBase | null)[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    if (value[i] !== null && !isTensor(value[i])) return false;
  }
  return true;
}

/** A tensor, or a number that stands for one. */
export function isOperand(value: unknown): value is TensorBase | Scalar {
  return isTensor(value) || isScalar(value);
}

/** A dtype. */
export function isDtype(value: unknown): value is Dtype {
  return value instanceof Dtype;
}

/** A layout. */
export function isLayout(value: unknown): value is Layout {
  return value instanceof Layout;
}

/** A memory format. */
export function isMemoryFormat(value: unknown): value is MemoryFormat {
  return value instanceof MemoryFormat;
}

/** A device, or what may be a device's name. */
export function isDevice(value: unknown): value is DeviceLike {
  return typeof value === 'string' || value instanceof Device;
}

/** A random number generator. */
export function isGenerator(value: unknown): value is GeneratorLike {
  return (value as { [pythonName]?: string } | null)?.[pythonName] === GENERATOR;
}

/** What native code takes for a tensor that may be a number: such a number takes part as a scalar in type promotion. */
export function operand(value: TensorBase | Scalar): Handle | [Scalar] {
  return isTensor(value) ? handleOf(value) : [value];
}

/** `handleOf`, for a tensor that may be left out. */
export function optionalHandle(value: TensorBase | null | undefined): Handle | null | undefined {
  return value ? handleOf(value) : (value as null | undefined);
}

/** Handles of a list whose items may be null. */
export function optionalHandlesOf(tensors: readonly (TensorBase | null)[]): (Handle | null)[] {
  return tensors.map((tensor) => (tensor === null ? null : handleOf(tensor)));
}

/** The integer code of a dtype, layout or memory format that may be left out. */
export function codeOf(value: { readonly code: number } | null | undefined): number | null | undefined {
  return value ? value.code : (value as null | undefined);
}

/** The list of ints in `f([2, 3])` or `f(2, 3)`; undefined when the arguments are anything else. */
export function intArguments(args: readonly unknown[]): readonly number[] | undefined {
  const list = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  return (list !== args || list.length > 0) && isIntList(list) ? list : undefined;
}
