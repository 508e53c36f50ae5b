/** Tensors in other dtypes and on other devices. */
import { TorchError } from '../errors';
import { type Handle, type NativeOp, native } from '../native';
import { isDevice, isDtype, isKeywords } from './arguments';
import { wrap } from './bridge';
import type { DeviceLike } from './device';
import * as dtypes from './dtype';
import { TensorOperators } from './operators';
import { handleOf, isTensor, type TensorBase } from './handle';
import { refuseUnknown } from './options';
import type { Tensor } from './tensor';

/** Options of `to` and of the conversions named after a dtype or a device. */
export interface ToOptions {
  /** Let the copy overlap with the host, where both memories allow it. */
  non_blocking?: boolean;
  /** Copy even when nothing changes. */
  copy?: boolean;
  /** Order of the dimensions in memory; by default the source's. */
  memory_format?: dtypes.MemoryFormat;
}

/** `to` with everything by keyword. */
export interface ToKeywords extends ToOptions {
  dtype?: dtypes.Dtype;
  device?: DeviceLike;
}

const toKeywords = ['dtype', 'device', 'non_blocking', 'copy', 'memory_format'] as const;

let toOp: NativeOp | undefined;

/** The tensor as another dtype, on another device; null leaves it as it is. */
export function convertHandle(
  tensor: TensorBase,
  code: number | null,
  where: string | null,
  options: ToOptions,
): Handle {
  refuseUnknown('to', options, toKeywords);
  toOp ??= native.op('aten::to.dtype_layout');
  return toOp(
    handleOf(tensor),
    code,
    null,
    where,
    null,
    options.non_blocking ?? false,
    options.copy ?? false,
    options.memory_format?.code ?? null,
  );
}

/** `to` and the conversions named after a dtype or a device. */
export abstract class TensorConversions extends TensorOperators {
  /**
   * This tensor in another dtype or on another device. Where nothing changes the result shares the elements and
   * the history, as in Python, but is its own object: disposing of it leaves this one alone.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
   */
  to(dtype: dtypes.Dtype, options?: ToOptions): Tensor;
  to(device: DeviceLike, options?: ToOptions): Tensor;
  to(device: DeviceLike, dtype: dtypes.Dtype, options?: ToOptions): Tensor;
  to(other: Tensor, options?: ToOptions): Tensor;
  to(keywords: ToKeywords): Tensor;
  to(
    target: dtypes.Dtype | DeviceLike | Tensor | ToKeywords,
    second?: dtypes.Dtype | ToOptions,
    third?: ToOptions,
  ): Tensor {
    const keywords = isDtype(second) ? third : second;
    let code = isDtype(second) ? second.code : null;
    let where: string | null = null;
    let options: ToKeywords = keywords ?? {};
    if (isDtype(target)) code = target.code;
    else if (isDevice(target)) where = String(target);
    else if (isTensor(target)) {
      code = native.dtype(handleOf(target));
      where = native.device(handleOf(target));
    } else if (isKeywords(target)) {
      options = target;
    } else {
      throw new TypeError('to(): the first argument must be a dtype, a device, a tensor or options');
    }
    if (options.dtype !== undefined) code = options.dtype.code;
    if (options.device !== undefined) where = String(options.device);
    return wrap(convertHandle(this, code, where, options));
  }

  #as(dtype: dtypes.Dtype, options: { memory_format?: dtypes.MemoryFormat } = {}): Tensor {
    return wrap(convertHandle(this, dtype.code, null, options));
  }

  /** As float32. */
  float(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float32, options);
  }

  /** As float64. */
  double(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float64, options);
  }

  /** As float16. */
  half(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.float16, options);
  }

  /** As bfloat16. */
  bfloat16(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.bfloat16, options);
  }

  /** As int32. */
  int(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int32, options);
  }

  /** As int64. */
  long(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int64, options);
  }

  /** As int16. */
  short(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int16, options);
  }

  /** As int8. */
  char(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.int8, options);
  }

  /** As uint8. */
  byte(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.uint8, options);
  }

  /** As bool: everything but zero is true. */
  bool(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.bool, options);
  }

  /** As complex64. */
  cfloat(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.complex64, options);
  }

  /** As complex128. */
  cdouble(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return this.#as(dtypes.complex128, options);
  }

  /** On the CPU. */
  cpu(options: { memory_format?: dtypes.MemoryFormat } = {}): Tensor {
    return wrap(convertHandle(this, null, 'cpu', options));
  }

  /** On a CUDA device, the current one by default. */
  cuda(
    device: DeviceLike | number | null = null,
    options: { non_blocking?: boolean; memory_format?: dtypes.MemoryFormat } = {},
  ): Tensor {
    const where = typeof device === 'number' ? `cuda:${device}` : String(device ?? 'cuda');
    if (!where.startsWith('cuda')) {
      throw new TorchError(`Invalid device, must be cuda device, but got ${where}`);
    }
    return wrap(convertHandle(this, null, where, options));
  }
}
