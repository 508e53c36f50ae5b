/** Element types, memory layouts and memory formats: small named constants around libtorch's integer codes. */
import { nameType } from './python_name';
import { TorchError } from '../native';
import { ours, refuseUsers } from './ours';

/** An element type (`torch.dtype`). Compare with `===`: there is one object per type. */
export class Dtype {
  static {
    nameType(this.prototype, 'torch.dtype');
  }

  /** @internal */
  constructor(
    /** Name without the namespace, for example `float32`. */
    readonly name: string,
    /** `c10::ScalarType`. */
    readonly code: number,
    /** Bytes per element. */
    readonly itemsize: number,
    /** Whether values may have a fraction. */
    readonly is_floating_point: boolean,
    /** Whether values have an imaginary part. */
    readonly is_complex: boolean,
    signed: boolean | string,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.dtype', 'they are torch.float32, torch.int64, …');
    this.#signed = signed;
  }

  /** Whether values may be negative, or why the question has no answer. */
  readonly #signed: boolean | string;

  /**
   * Whether values may be negative.
   * @throws TorchError for quantized and bits types, as in Python
   */
  get is_signed(): boolean {
    if (typeof this.#signed === 'string') throw new TorchError(this.#signed);
    return this.#signed;
  }

  /** `torch.float32`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

type DtypeKind = 'unsigned' | 'signed' | 'floating' | 'unsigned floating' | 'complex' | 'quantized' | 'bits';

const noSign: Partial<Record<DtypeKind, string>> = {
  quantized: 'isSignedType not supported for quantized types',
  bits: 'Bits types are undefined',
};

function define(kind: DtypeKind, name: string, code: number, itemsize: number): Dtype {
  const floating = kind.endsWith('floating');
  const complex = kind === 'complex';
  const signed = noSign[kind] ?? !kind.startsWith('unsigned');
  return new Dtype(name, code, itemsize, floating, complex, signed, ours);
}

export const uint8 = define('unsigned', 'uint8', 0, 1);
export const int8 = define('signed', 'int8', 1, 1);
export const int16 = define('signed', 'int16', 2, 2);
export const int32 = define('signed', 'int32', 3, 4);
export const int64 = define('signed', 'int64', 4, 8);
export const float16 = define('floating', 'float16', 5, 2);
export const float32 = define('floating', 'float32', 6, 4);
export const float64 = define('floating', 'float64', 7, 8);
export const complex32 = define('complex', 'complex32', 8, 4);
export const complex64 = define('complex', 'complex64', 9, 8);
export const complex128 = define('complex', 'complex128', 10, 16);
export const bool = define('unsigned', 'bool', 11, 1);
export const qint8 = define('quantized', 'qint8', 12, 1);
export const quint8 = define('quantized', 'quint8', 13, 1);
export const qint32 = define('quantized', 'qint32', 14, 4);
export const bfloat16 = define('floating', 'bfloat16', 15, 2);
export const quint4x2 = define('quantized', 'quint4x2', 16, 1);
export const quint2x4 = define('quantized', 'quint2x4', 17, 1);
export const bits1x8 = define('bits', 'bits1x8', 18, 1);
export const bits2x4 = define('bits', 'bits2x4', 19, 1);
export const bits4x2 = define('bits', 'bits4x2', 20, 1);
export const bits8 = define('bits', 'bits8', 21, 1);
export const bits16 = define('bits', 'bits16', 22, 2);
export const float8_e5m2 = define('floating', 'float8_e5m2', 23, 1);
export const float8_e4m3fn = define('floating', 'float8_e4m3fn', 24, 1);
export const float8_e5m2fnuz = define('floating', 'float8_e5m2fnuz', 25, 1);
export const float8_e4m3fnuz = define('floating', 'float8_e4m3fnuz', 26, 1);
export const uint16 = define('unsigned', 'uint16', 27, 2);
export const uint32 = define('unsigned', 'uint32', 28, 4);
export const uint64 = define('unsigned', 'uint64', 29, 8);
export const uint1 = define('unsigned', 'uint1', 30, 1);
export const uint2 = define('unsigned', 'uint2', 31, 1);
export const uint3 = define('unsigned', 'uint3', 32, 1);
export const uint4 = define('unsigned', 'uint4', 33, 1);
export const uint5 = define('unsigned', 'uint5', 34, 1);
export const uint6 = define('unsigned', 'uint6', 35, 1);
export const uint7 = define('unsigned', 'uint7', 36, 1);
export const int1 = define('signed', 'int1', 37, 1);
export const int2 = define('signed', 'int2', 38, 1);
export const int3 = define('signed', 'int3', 39, 1);
export const int4 = define('signed', 'int4', 40, 1);
export const int5 = define('signed', 'int5', 41, 1);
export const int6 = define('signed', 'int6', 42, 1);
export const int7 = define('signed', 'int7', 43, 1);
export const float8_e8m0fnu = define('unsigned floating', 'float8_e8m0fnu', 44, 1);
export const float4_e2m1fn_x2 = define('floating', 'float4_e2m1fn_x2', 45, 1);

// Python's second names.
export const float = float32;
export const double = float64;
export const half = float16;
export const short = int16;
export const int = int32;
export const long = int64;
export const bit = uint1;
export const chalf = complex32;
export const cfloat = complex64;
export const cdouble = complex128;

/** Storage form of a tensor's elements (`torch.layout`). */
export class Layout {
  static {
    nameType(this.prototype, 'torch.layout');
  }

  /** @internal */
  constructor(
    readonly name: string,
    /** `c10::Layout`. */
    readonly code: number,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.layout', 'they are torch.strided, torch.sparse_coo, …');
  }

  /** `torch.strided`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

export const strided = new Layout('strided', 0, ours);
export const sparse_coo = new Layout('sparse_coo', 1, ours);
export const sparse_csr = new Layout('sparse_csr', 2, ours);
/** `torch._mkldnn`. */
export const _mkldnn = new Layout('_mkldnn', 3, ours);
export const sparse_csc = new Layout('sparse_csc', 4, ours);
export const sparse_bsr = new Layout('sparse_bsr', 5, ours);
export const sparse_bsc = new Layout('sparse_bsc', 6, ours);
export const jagged = new Layout('jagged', 7, ours);

/** In which order the dimensions lie in memory (`torch.memory_format`). */
export class MemoryFormat {
  static {
    nameType(this.prototype, 'torch.memory_format');
  }

  /** @internal */
  constructor(
    readonly name: string,
    /** `c10::MemoryFormat`. */
    readonly code: number,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.memory_format', 'they are torch.contiguous_format, torch.channels_last, …');
  }

  /** `torch.channels_last`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

export const contiguous_format = new MemoryFormat('contiguous_format', 0, ours);
export const preserve_format = new MemoryFormat('preserve_format', 1, ours);
/** The name that `contiguous_format` had. */
export const legacy_contiguous_format = contiguous_format;
export const channels_last = new MemoryFormat('channels_last', 2, ours);
export const channels_last_3d = new MemoryFormat('channels_last_3d', 3, ours);

/** Mapping from a quantized tensor's integers to values (`torch.qscheme`). */
export class QScheme {
  static {
    nameType(this.prototype, 'torch.qscheme');
  }

  /** @internal */
  constructor(
    readonly name: string,
    /** `c10::QScheme`. */
    readonly code: number,
    key: typeof ours,
  ) {
    refuseUsers(key, 'torch.qscheme', 'they are torch.per_tensor_affine, torch.per_channel_affine, …');
  }

  /** `torch.per_tensor_affine`, as Python prints it. */
  toString(): string {
    return `torch.${this.name}`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

export const per_tensor_affine = new QScheme('per_tensor_affine', 0, ours);
export const per_channel_affine = new QScheme('per_channel_affine', 1, ours);
export const per_tensor_symmetric = new QScheme('per_tensor_symmetric', 2, ours);
export const per_channel_symmetric = new QScheme('per_channel_symmetric', 3, ours);
export const per_channel_affine_float_qparams = new QScheme('per_channel_affine_float_qparams', 4, ours);
