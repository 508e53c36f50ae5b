/** Tensors in other dtypes and on other devices. */
import { type Handle, native, type NativeOp, TorchError } from '../native';
import { handBound, isDevice, isDtype, isKeywords, Overloads } from '../call';
import { handleOf, type Tensor, TensorBase, wrap } from '../memory';
import { type DeviceLike, dtypes } from '../core';

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

/** Arguments of `to` after the dtype, device or tensor. */
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

let toOp: NativeOp | undefined;

/** The tensor as another dtype, on another device; null leaves it as it is. */
export function convertHandle(
  tensor: TensorBase,
  code: number | null,
  where: string | null,
  memory_format: dtypes.MemoryFormat | null = null,
  non_blocking = false,
  copy = false,
): Handle {
  toOp ??= native.op('aten::to.dtype_layout');
  return toOp(handleOf(tensor), code, null, where, null, non_blocking, copy, memory_format?.code ?? null);
}

/** What `to` was asked for; null and undefined where nothing was said. */
export interface Target {
  readonly dtype: dtypes.Dtype | null;
  readonly where: string | null;
  readonly non_blocking: boolean | undefined;
  readonly copy: boolean | undefined;
  readonly memory_format: dtypes.MemoryFormat | null;
}

/**
 * Reads the arguments of `to`, a tensor's or a module's.
 *
 * @throws TypeError in Python's words
 */
export function parseTo(args: readonly unknown[]): Target {
  const [{ parameters }, values] = toOverloads.choose(args);
  const given = new Map(parameters.map(({ name }, i) => [name, values[i] ?? undefined]));
  const tensor = given.get('tensor') as Tensor | undefined;
  const device = tensor === undefined ? given.get('device') : native.device(handleOf(tensor));
  return {
    dtype: tensor?.dtype ?? (given.get('dtype') as dtypes.Dtype | undefined) ?? null,
    where: device === undefined ? null : String(device),
    non_blocking: given.get('non_blocking') as boolean | undefined,
    copy: given.get('copy') as boolean | undefined,
    memory_format: (given.get('memory_format') as dtypes.MemoryFormat | undefined) ?? null,
  };
}

/** Arguments of the conversions named after a dtype. */
type FormatOnly = [options?: { memory_format?: dtypes.MemoryFormat | null }];

const formatOnly = new Map<string, ReturnType<typeof handBound>>();

/** A conversion that takes nothing but a memory format. */
function convert(
  name: string,
  tensor: TensorBase,
  code: number | null,
  where: string | null,
  args: readonly unknown[],
): Tensor {
  if (args.length === 0) return wrap(convertHandle(tensor, code, where));
  let parse = formatOnly.get(name);
  if (parse === undefined) {
    parse = handBound(name, ['*; MemoryFormat? memory_format=None'], true);
    formatOnly.set(name, parse);
  }
  const [memory_format] = parse(args).values as [dtypes.MemoryFormat | null | undefined];
  return wrap(convertHandle(tensor, code, where, memory_format));
}

const cudaArguments = handBound(
  'cuda',
  ['Device? device=None; bool non_blocking=False; *; MemoryFormat? memory_format=None'],
  true,
);

/** A CUDA device may be given by its number. */
function byNumber(value: unknown): unknown {
  return typeof value === 'number' ? `cuda:${value}` : value;
}

/** `to` and the conversions named after a dtype or a device. */
export class TensorConversions extends TensorBase {
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
    if (args.length === 1 && isDtype(target)) return wrap(convertHandle(this, target.code, null));
    if (args.length === 1 && isDevice(target)) return wrap(convertHandle(this, null, String(target)));
    const { dtype, where, non_blocking, copy, memory_format } = parseTo(args);
    return wrap(convertHandle(this, dtype?.code ?? null, where, memory_format, non_blocking, copy));
  }

  /** As float32. */
  float(...args: FormatOnly): Tensor {
    return convert('float', this, dtypes.float32.code, null, args);
  }

  /** As float64. */
  double(...args: FormatOnly): Tensor {
    return convert('double', this, dtypes.float64.code, null, args);
  }

  /** As float16. */
  half(...args: FormatOnly): Tensor {
    return convert('half', this, dtypes.float16.code, null, args);
  }

  /** As bfloat16. */
  bfloat16(...args: FormatOnly): Tensor {
    return convert('bfloat16', this, dtypes.bfloat16.code, null, args);
  }

  /** As int32. */
  int(...args: FormatOnly): Tensor {
    return convert('int', this, dtypes.int32.code, null, args);
  }

  /** As int64. */
  long(...args: FormatOnly): Tensor {
    return convert('long', this, dtypes.int64.code, null, args);
  }

  /** As int16. */
  short(...args: FormatOnly): Tensor {
    return convert('short', this, dtypes.int16.code, null, args);
  }

  /** As int8. */
  char(...args: FormatOnly): Tensor {
    return convert('char', this, dtypes.int8.code, null, args);
  }

  /** As uint8. */
  byte(...args: FormatOnly): Tensor {
    return convert('byte', this, dtypes.uint8.code, null, args);
  }

  /** As bool: everything but zero is true. */
  bool(...args: FormatOnly): Tensor {
    return convert('bool', this, dtypes.bool.code, null, args);
  }

  /** As complex64. */
  cfloat(...args: FormatOnly): Tensor {
    return convert('cfloat', this, dtypes.complex64.code, null, args);
  }

  /** As complex128. */
  cdouble(...args: FormatOnly): Tensor {
    return convert('cdouble', this, dtypes.complex128.code, null, args);
  }

  /** On the CPU. */
  cpu(...args: FormatOnly): Tensor {
    return convert('cpu', this, null, 'cpu', args);
  }

  /** On a CUDA device, the current one by default. */
  cuda(
    device?: DeviceLike | number | null,
    ...rest: [options?: Omit<ToOptions, 'copy'>] | [non_blocking: boolean, options?: Pick<ToOptions, 'memory_format'>]
  ): Tensor;
  cuda(keywords: Omit<ToOptions, 'copy'> & { device?: DeviceLike | number | null }): Tensor;
  cuda(...args: unknown[]): Tensor {
    const given = args.map((value) =>
      isKeywords(value) && 'device' in value ? { ...value, device: byNumber(value.device) } : byNumber(value),
    );
    const [device, non_blocking, memory_format] = cudaArguments(given).values as [
      DeviceLike | null | undefined,
      boolean | undefined,
      dtypes.MemoryFormat | null | undefined,
    ];
    const where = String(device ?? 'cuda');
    if (!where.startsWith('cuda')) {
      throw new TorchError(`Invalid device, must be cuda device, but got ${where}`);
    }
    return wrap(convertHandle(this, null, where, memory_format, non_blocking));
  }
}
