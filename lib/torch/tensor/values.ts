/** A tensor's elements as JavaScript values. */
import { type Handle, native, type NativeOp, TorchError, ValueError } from '../native';
import { type Complex, type Element, strided } from '../core';
import { convertHandle } from './conversion';
import {
  bytesOf,
  isReadable,
  type Nested,
  narrow,
  nest,
  readableCode,
  type TypedArray,
  typedArrayOf,
  valuesOf,
} from './creation/elements';
import { handleOf, takeList, TensorBase } from '../memory';
import { tensorAsIndex } from './index/program';
import { unsafeTypedArray } from './creation/unsafe';

let isNonzeroOp: NativeOp | undefined;

/** Refuses sparse and other tensors whose elements are not in one place. */
function dense(handle: Handle): Handle {
  if (native.layout(handle) !== strided.code) native.data_ptr(handle);
  return handle;
}

/** The only element, for the conversions that Python has for numbers. */
function onlyElement(handle: Handle): Element {
  if (native.numel(handle) !== 1) throw new ValueError('only one element tensors can be converted to Python scalars');
  return native.item(handle);
}

function isComplexElement(element: Element): element is Complex {
  return typeof element === 'object';
}

/** The part of a complex number without an imaginary one; `to` is C++'s name of what it shall become. */
function real(element: Element, to: string): number | bigint | boolean {
  if (!isComplexElement(element)) return element;
  if (element.im !== 0) throw new TorchError(`value cannot be converted to type ${to} without overflow`);
  return element.re;
}

/** Values, lists, typed arrays, and Python's conversions to numbers. */
export class TensorValues extends TensorBase {
  /**
   * The value of a one-element tensor: a number, a BigInt where a number would lose bits, a boolean, or `{ re, im }`. The type says
   * number, which nearly all are; `x.item<boolean>()` or `x.item<bigint>()` says otherwise.
   */
  item<T extends Element = number>(): T {
    return native.item(handleOf(this)) as T;
  }

  /**
   * The elements in arrays nested like the dimensions; a bare value (see `item`) for zero dimensions.
   *
   * @throws TorchError for sparse and quantized tensors: use `to_dense()` or `dequantize()` first
   */
  tolist(): Nested<Element> {
    const handle = dense(handleOf(this));
    const code = native.dtype(handle);
    if (!isReadable(code)) throw new TorchError('load_scalar: invalid type');
    const readable = readableCode(code);
    const shape = takeList(native.shape(handle));
    if (readable === code) return nest(valuesOf(bytesOf(handle), code), shape);
    const wide = convertHandle(this, readable, null);
    try {
      return nest(valuesOf(bytesOf(wide), readable), shape);
    } finally {
      native.release(wide);
    }
  }

  /**
   * A copy of the elements in row-major order. int64 gives a BigInt64Array, bool a Uint8Array; complex numbers
   * are interleaved; float16 and bfloat16 give their bits in a Uint16Array, float8 in a Uint8Array.
   */
  toTypedArray(): TypedArray {
    const handle = dense(handleOf(this));
    return typedArrayOf(bytesOf(handle), native.dtype(handle));
  }

  /**
   * The memory of a contiguous CPU tensor as a typed array (see `toTypedArray` for its type), without a copy: what is
   * written to either is seen in both. The array keeps the memory alive, also after `dispose()` or the end of the
   * tensor's scope. Autograd does not notice writes to it. The storage can no longer be resized, as with Python's
   * `numpy()`, and the array's buffer cannot be transferred.
   *
   * @throws TypeError for tensors that are not on the CPU or not dense
   * @throws TorchError for tensors that require a gradient, are not contiguous, or are conjugated lazily
   */
  unsafe_typed_array(): TypedArray {
    return unsafeTypedArray(this);
  }

  /**
   * Python's `bool(x)`: whether the only element is not zero.
   * @throws TorchError "Boolean value of Tensor with more than one value is ambiguous"
   */
  __bool__(): boolean {
    isNonzeroOp ??= native.op('aten::is_nonzero');
    return isNonzeroOp(handleOf(this));
  }

  /** Another name for `__bool__`. */
  __nonzero__(): boolean {
    return this.__bool__();
  }

  /** Python's `int(x)`: the only element, its fraction cut off. */
  __int__(): number | bigint {
    const value = real(onlyElement(handleOf(this)), 'int64_t');
    if (typeof value === 'number') {
      if (Number.isNaN(value)) throw new ValueError('cannot convert float NaN to integer');
      if (!Number.isFinite(value)) throw new RangeError('cannot convert float infinity to integer');
      // A float beyond 2^53 is some integer, which only a BigInt shows whole; + 0 takes the sign off -0.
      const whole = Math.trunc(value) + 0;
      return Number.isSafeInteger(whole) ? whole : BigInt(whole);
    }
    if (typeof value === 'bigint' && value >= 2n ** 63n) {
      throw new TorchError('value cannot be converted to type int64_t without overflow');
    }
    return typeof value === 'bigint' ? narrow(value) : Number(value);
  }

  /** Another name for `__int__`. */
  __long__(): number | bigint {
    return this.__int__();
  }

  /** Python's `float(x)`: the only element. */
  __float__(): number {
    return Number(real(onlyElement(handleOf(this)), 'double'));
  }

  /** Python's `complex(x)`: the only element. */
  __complex__(): Complex {
    const element = onlyElement(handleOf(this));
    return isComplexElement(element) ? element : { re: Number(element), im: 0 };
  }

  /** Python's `operator.index(x)`: the only element of an integer tensor. */
  __index__(): number | bigint {
    return tensorAsIndex(this);
  }
}
