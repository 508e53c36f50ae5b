/** Tensors in other dtypes and on other devices. */
import { TorchError } from '../errors';
import { type Handle, type NativeOp, native } from '../native';
import { isDtype } from './arguments';
import { wrap } from './bridge';
import type { DeviceLike } from './device';
import * as dtypes from './dtype';
import { TensorOperators } from './operators';
import { handleOf, type TensorBase } from './handle';
import { refuseUnknown } from './options';
import { Overloads } from './overloads';
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

/** What may follow the dtype, device or tensor in `to`. */
export type ToRest =
  | [options?: ToOptions]
  | [non_blocking: boolean, options?: Omit<ToOptions, 'non_blocking'>]
  | [non_blocking: boolean, copy: boolean, options?: Pick<ToOptions, 'memory_format'>];

const afterTarget = 'bool non_blocking=False; bool copy=False; *; MemoryFormat? memory_format=None';
const toOverloads = new Overloads(
  'to',
  [
    `to.device||||Tensor|Device? device=None; ScalarType? dtype=None; ${afterTarget}`,
    `to.dtype||||Tensor|ScalarType dtype; ${afterTarget}`,
    `to.other||||Tensor|Tensor tensor; ${afterTarget}`,
  ],
  true,
);

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

function convert(
  tensor: TensorBase,
  dtype: dtypes.Dtype,
  options: { memory_format?: dtypes.MemoryFormat } = {},
): Tensor {
  return wrap(convertHandle(tensor, dtype.code, null, options));
}

/** `to` and the conversions named after a dtype or a device. */
export abstract class TensorConversions extends TensorOperators {
  /**
   * This tensor in another dtype or on another device. Where nothing changes the result shares the elements and
   * the history, as in Python, but is its own object: disposing of it leaves this one alone.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.to.html
   */
  to(dtype: dtypes.Dtype, ...rest: ToRest): Tensor;
  to(device: DeviceLike | null, ...rest: ToRest | [dtype: dtypes.Dtype | null, ...rest: ToRest]): Tensor;
  to(other: Tensor, ...rest: ToRest): Tensor;
  to(keywords?: ToKeywords): Tensor;
  to(...args: unknown[]): Tensor {
    const [target] = args;
    if (args.length === 1 && isDtype(target)) return wrap(convertHandle(this, target.code, null, {}));
    const [{ parameters }, values] = toOverloads.choose(args);
    const given = Object.fromEntries(parameters.map(({ name }, i) => [name, values[i] ?? undefined]));
    const { tensor, dtype, device, ...options } = given as ToKeywords & { tensor?: Tensor };
    const other = tensor === undefined ? undefined : handleOf(tensor);
    const code = other === undefined ? dtype?.code : native.dtype(other);
    const where = other === undefined ? device : native.device(other);
    return wrap(convertHandle(this, code ?? null, where === undefined ? null : String(where), options));
  }

  /** As float32. */
  float(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.float32, options);
  }

  /** As float64. */
  double(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.float64, options);
  }

  /** As float16. */
  half(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.float16, options);
  }

  /** As bfloat16. */
  bfloat16(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.bfloat16, options);
  }

  /** As int32. */
  int(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.int32, options);
  }

  /** As int64. */
  long(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.int64, options);
  }

  /** As int16. */
  short(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.int16, options);
  }

  /** As int8. */
  char(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.int8, options);
  }

  /** As uint8. */
  byte(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.uint8, options);
  }

  /** As bool: everything but zero is true. */
  bool(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.bool, options);
  }

  /** As complex64. */
  cfloat(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.complex64, options);
  }

  /** As complex128. */
  cdouble(options?: { memory_format?: dtypes.MemoryFormat }): Tensor {
    return convert(this, dtypes.complex128, options);
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
