/** `torch.testing.make_tensor`. */
import { native, TorchError, ValueError } from '../native';
import { empty, randint, view_as_real } from '../generated/functions';
import { aten, isKeywords, missing, readOptions } from '../call';
import { handleOf, scope, type Tensor, wrap } from '../memory';
import { type DeviceLike, dtypes, floatRepr, numelOf, warnOnce } from '../core';
import { finfo, iinfo } from '../tensor';
import { repr } from './text';

/** A bound: a bigint where a number would lose bits. */
type Bound = number | bigint;

/** Options of `make_tensor`. */
export interface MakeTensorOptions {
  dtype: dtypes.Dtype;
  device: DeviceLike;
  /** Least value; by default -9, or 0 for unsigned and boolean dtypes. */
  low?: Bound | null;
  /** Values stay below; by default 9 for floats, 10 for integers, 2 for booleans. */
  high?: Bound | null;
  /** Whether autograd records operations on the tensor. */
  requires_grad?: boolean;
  /** Take every second element of a tensor that is twice as wide. */
  noncontiguous?: boolean;
  /** Replace zeros by 1, or by the smallest normal float. */
  exclude_zero?: boolean;
  /** Order of the dimensions in memory. */
  memory_format?: dtypes.MemoryFormat | null;
}

const names = [
  'dtype',
  'device',
  'low',
  'high',
  'requires_grad',
  'noncontiguous',
  'exclude_zero',
  'memory_format',
] as const;

const { bool, uint8, int8, int16, int32, int64, uint16, uint32, uint64 } = dtypes;
const integers: readonly dtypes.Dtype[] = [bool, uint8, int8, int16, int32, int64, uint16, uint32, uint64];
const { float16, bfloat16, float32, float64, complex32, complex64, complex128 } = dtypes;
const floats: readonly dtypes.Dtype[] = [float16, bfloat16, float32, float64, complex32, complex64, complex128];
const { float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz } = dtypes;
const bytes: readonly dtypes.Dtype[] = [float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz];

/** Range that a dtype can hold, and that is drawn by default. */
interface Range {
  /** Least value that can be drawn. */
  readonly lowest: Bound;
  /** Bound that no drawn value reaches. */
  readonly highest: Bound;
  readonly low: Bound;
  readonly high: Bound;
}

function rangeOf(dtype: dtypes.Dtype): Range {
  if (dtype === bool) return { lowest: 0, highest: 2, low: 0, high: 2 };
  if (integers.includes(dtype)) {
    const { min, max } = iinfo(dtype);
    // randint takes its bounds as int64.
    const highest = dtype === int64 ? max : BigInt(max) + 1n;
    return { lowest: min, highest, low: -9, high: 10 };
  }
  const { min, max } = finfo(dtype);
  return { lowest: min, highest: max, low: -9, high: 9 };
}

const clamp = (value: Bound, low: Bound, high: Bound): Bound => {
  const raised = low > value ? low : value;
  return high < raised ? high : raised;
};

function warnEmptyRange(): void {
  warnOnce(
    'Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since 2.1 and ' +
      'will be removed in 2.3. Use `torch.full(...)` instead.',
    'FutureWarning',
  );
}

/**
 * The bounds to draw between.
 *
 * @throws ValueError for bounds that leave nothing to draw
 */
function bounds(dtype: dtypes.Dtype, options: MakeTensorOptions): [Bound, Bound] {
  const range = rangeOf(dtype);
  const low = options.low ?? range.low;
  const high = options.high ?? range.high;
  const limit = (bound: Bound): string => (integers.includes(dtype) ? repr(bound) : floatRepr(Number(bound)));
  if (Number.isNaN(low) || Number.isNaN(high)) {
    throw new ValueError(`\`low\` and \`high\` cannot be NaN, but got low=${repr(low)} and high=${repr(high)}`);
  }
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number may be equal
  if (low == high && floats.includes(dtype)) warnEmptyRange();
  else if (low >= high) {
    throw new ValueError(`\`low\` must be less than \`high\`, but got ${repr(low)} >= ${repr(high)}`);
  } else if (high < range.lowest || low >= range.highest) {
    throw new ValueError(
      `The value interval specified by \`low\` and \`high\` is [${repr(low)}, ${repr(high)}), ` +
        `but ${dtype} only supports [${limit(range.lowest)}, ${limit(range.highest)})`,
    );
  }
  const pair: [Bound, Bound] = [clamp(low, range.lowest, range.highest), clamp(high, range.lowest, range.highest)];
  if (!integers.includes(dtype)) return pair;
  return pair.map((bound) => (typeof bound === 'bigint' ? bound : Math.ceil(bound))) as [Bound, Bound];
}

/** Draws uniformly, also where the bounds are further apart than the largest number. */
function drawUniform(tensor: Tensor, low: number, high: number): void {
  if (high - low >= finfo(tensor.dtype).max) tensor.uniform_(low / 2, high / 2).mul_(2);
  else tensor.uniform_(low, high);
}

function draw(shape: readonly number[], options: MakeTensorOptions): Tensor {
  const { dtype, device } = options;
  if (![...integers, ...floats, ...bytes].includes(dtype)) {
    throw new TypeError(
      `The requested dtype '${dtype}' is not supported by torch.testing.make_tensor(). ` +
        'To request support, file an issue at: https://github.com/pytorch/pytorch/issues',
    );
  }
  const [low, high] = bounds(dtype, options);
  if (integers.includes(dtype)) return randint(low, high, shape, { device, dtype });
  const narrow = bytes.includes(dtype);
  const result = empty(shape, { device, dtype: narrow ? float32 : dtype });
  drawUniform(dtype.is_complex ? view_as_real(result) : result, Number(low), Number(high));
  return narrow ? result.to(dtype) : result;
}

/** Every second element of the last dimension, without the first. */
function everySecond(tensor: Tensor): Tensor {
  return wrap(aten('slice.Tensor')(handleOf(tensor), -1, 1, null, 2));
}

function replaceZeros(tensor: Tensor): void {
  const value = integers.includes(tensor.dtype) ? 1 : finfo(tensor.dtype).tiny;
  const zeros = aten('eq.Scalar')(handleOf(tensor), 0);
  const filled = aten('masked_fill_.Scalar');
  filled(handleOf(tensor), zeros, value);
  native.release(zeros);
}

function make(given: readonly number[], options: MakeTensorOptions): Tensor {
  const { dtype, requires_grad = false, memory_format = null } = options;
  if (options.noncontiguous && memory_format !== null) {
    throw new ValueError(
      'The parameters `noncontiguous` and `memory_format` are mutually exclusive, ' +
        `but got noncontiguous=True and memory_format=${memory_format}`,
    );
  }
  if (requires_grad && integers.includes(dtype)) {
    throw new ValueError(
      `\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=${dtype}`,
    );
  }
  const sparse = options.noncontiguous === true && numelOf(given) > 1;
  const shape = sparse ? [...given.slice(0, -1), 2 * given.at(-1)!] : given;
  let result = draw(shape, options);
  if (sparse) result = everySecond(result);
  else if (memory_format !== null) result = result.clone({ memory_format });
  if (options.exclude_zero) replaceZeros(result);
  if (floats.includes(dtype)) result.requires_grad_(requires_grad);
  return result;
}

/**
 * A tensor of uniformly drawn values in [low, high), for tests: the same draws as Python's.
 *
 * @throws ValueError for bounds that leave nothing to draw, and for options that exclude each other
 * @see https://docs.pytorch.org/docs/stable/testing.html#torch.testing.make_tensor
 */
export function make_tensor(...args: [...shape: number[], options: MakeTensorOptions]): Tensor;
export function make_tensor(shape: readonly number[], options: MakeTensorOptions): Tensor;
export function make_tensor(...args: unknown[]): Tensor {
  const last = args.at(-1);
  const options = readOptions('make_tensor', (isKeywords(last) ? last : {}) as unknown as MakeTensorOptions, names);
  if (options.dtype === undefined || options.device === undefined) {
    throw missing({ caller: 'make_tensor', names, positional: 0, required: 2 }, [options.dtype, options.device]);
  }
  if (!(options.dtype instanceof dtypes.Dtype)) {
    throw new TypeError(`make_tensor(): argument 'dtype' must be a torch dtype, not ${typeof options.dtype}`);
  }
  const sizes = isKeywords(last) ? args.slice(0, -1) : args;
  const shape = (sizes.length === 1 && Array.isArray(sizes[0]) ? sizes[0] : sizes) as number[];
  if (!shape.every((size) => Number.isInteger(size))) {
    throw new TorchError('make_tensor(): the shape must be a list of integers');
  }
  return scope(() => make(shape, options));
}
