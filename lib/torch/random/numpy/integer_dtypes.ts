/** The types of integers that NumPy's classes draw. */
import { type Dtype, dtypes, typeName } from '../../core';
import { ValueError } from '../../native';
import type { Tensor } from '../../memory';
import { arrayOf, countOf, dimsOf, type Shape } from './arrays';
import type { Bits } from './bits';
import { integerBytes } from './bounded';

/** Bits of a type, and its limits. */
interface Kind {
  readonly name: string;
  readonly size: number;
  readonly least: bigint;
  readonly most: bigint;
}

function kindOf(dtype: Dtype, method: string): Kind {
  const name = dtype.toString().replace('torch.', '');
  if (dtype === dtypes.bool) return { name, size: 1, least: 0n, most: 1n };
  const [, unsigned, digits] = /^(u?)int(8|16|32|64)$/.exec(name) ?? [];
  if (digits === undefined) throw new TypeError(`Unsupported dtype ${name} for ${method}`);
  const size = BigInt(digits);
  if (unsigned) return { name, size: Number(digits), least: 0n, most: (1n << size) - 1n };
  return { name, size: Number(digits), least: -(1n << (size - 1n)), most: (1n << (size - 1n)) - 1n };
}

function integer(value: unknown): bigint {
  if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`an integer bound is needed, not ${typeof value === 'number' ? value : typeName(value)}`);
  }
  return BigInt(Math.trunc(value));
}

/** What `randint` and `integers` are asked for. */
export interface IntegerRequest {
  readonly method: string;
  readonly low: number | bigint;
  readonly high: number | bigint | null;
  readonly size: Shape | null;
  readonly dtype: Dtype;
  /** Whether `high` may be drawn, too. */
  readonly closed: boolean;
  /** RandomState's method. */
  readonly masked: boolean;
}

/**
 * Integers in [low, high), or in [0, low) without `high`.
 *
 * @throws ValueError "low >= high", "high <= 0", "low is out of bounds for int32"
 */
export function drawIntegers(bits: Bits, request: IntegerRequest): number | bigint | boolean | Tensor {
  const { method, size, dtype, closed, masked } = request;
  const kind = kindOf(dtype, method);
  const dims = size === null ? [] : dimsOf(size);
  const count = countOf(dims);
  if (count === 0) return arrayOf(new Uint8Array(0), dims, dtype);
  const low = request.high === null ? 0n : integer(request.low);
  const high = integer(request.high ?? request.low) - (closed ? 0n : 1n);
  if (low < kind.least) throw new ValueError(`low is out of bounds for ${kind.name}`);
  if (high > kind.most) throw new ValueError(`high is out of bounds for ${kind.name}`);
  if (low > high) {
    const [zero, two] = closed ? ['high < 0', 'low > high'] : ['high <= 0', 'low >= high'];
    throw new ValueError(low === 0n ? zero : two);
  }
  const bytes = integerBytes(bits, kind.size, low, high - low, masked, count);
  if (size !== null) return arrayOf(bytes, dims, dtype);
  using drawn = arrayOf(bytes, dims, dtype);
  return drawn.item() as number | bigint | boolean;
}
