/** Comparisons of two values that are no containers. Each takes what it can handle, and says what differs. */
import { dtypes } from '../core';
import { Failure, type Path } from './failure';
import { scalarMismatch } from './messages';
import { difference, isEqual, isNan, magnitude, type NumberValue, readNumbers, toDouble } from './numbers';
import { repr, text } from './text';
import { tolerances } from './tolerances';

/** Options of `assert_close`. */
export interface Options {
  readonly allow_subclasses: boolean;
  readonly rtol: number | null;
  readonly atol: number | null;
  readonly equal_nan: boolean;
  readonly check_device: boolean;
  readonly check_dtype: boolean;
  readonly check_layout: boolean;
  readonly check_stride: boolean;
}

/** A comparison that is ready to run; it throws a Failure where the values differ. */
export interface Pair {
  compare(): void;
  /** The comparison and its options, for errors that nobody foresaw. */
  toString(): string;
}

/** Makes a comparison, or gives undefined for values that another kind has to handle. */
export type PairMaker = (actual: unknown, expected: unknown, options: Options, path: Path) => Pair | undefined;

/** A comparison as Python prints it. */
export function pairText(
  name: string,
  path: Path,
  fields: readonly (readonly [name: string, value: unknown])[],
): string {
  const id = path.length === 1 ? `(${repr(path[0])},)` : `(${path.map(repr).join(', ')})`;
  const lines = fields.map(([field, value]) => `    ${field}=${text(value)},`);
  return [`${name}(`, `    id=${id},`, ...lines, ')'].join('\n');
}

const isNone = (value: unknown): boolean => value === null || value === undefined;

/** null beside anything. */
export const nonePair: PairMaker = (actual, expected, _options, path) => {
  if (!isNone(actual) && !isNone(expected)) return undefined;
  return {
    compare() {
      if (isNone(actual) && isNone(expected)) return;
      throw Failure.mismatch(`None mismatch: ${text(actual)} is not ${text(expected)}`, path);
    },
    toString: () => pairText('NonePair', path, Object.entries({ actual, expected })),
  };
};

/** Two booleans. */
export const booleanPair: PairMaker = (actual, expected, _options, path) => {
  if (typeof actual !== 'boolean' || typeof expected !== 'boolean') return undefined;
  return {
    compare() {
      if (actual === expected) return;
      throw Failure.mismatch(`Booleans mismatch: ${text(actual)} is not ${text(expected)}`, path);
    },
    toString: () => pairText('BooleanPair', path, Object.entries({ actual, expected })),
  };
};

const dtypeOfKind: Readonly<Record<NumberValue['kind'], dtypes.Dtype>> = {
  int: dtypes.int64,
  float: dtypes.float64,
  complex: dtypes.complex128,
};

/** Two numbers. */
export const numberPair: PairMaker = (actual, expected, options, path) => {
  const numbers = readNumbers(actual, expected);
  if (numbers === undefined) {
    // In Python a bool is a number, for which its table has no tolerance.
    const [a, b] = [actual, expected].map((value) => (typeof value === 'boolean' ? 0 : value));
    if (readNumbers(a, b) !== undefined) throw new TypeError('a boolean is compared with a number');
    return undefined;
  }
  const [a, b] = numbers;
  const { equal_nan, check_dtype } = options;
  const [rtol, atol] = tolerances([dtypeOfKind[a.kind], dtypeOfKind[b.kind]], options.rtol, options.atol, path);
  return {
    compare() {
      if (check_dtype && a.kind !== b.kind) {
        throw Failure.mismatch(`The (d)types do not match: <class '${a.kind}'> != <class '${b.kind}'>.`, path);
      }
      if (isEqual(a, b) || (equal_nan && isNan(a) && isNan(b))) return;
      const distance = toDouble(magnitude(difference(a, b)));
      if (Number.isFinite(distance) && distance <= atol + rtol * toDouble(magnitude(b))) return;
      throw Failure.mismatch(scalarMismatch(a, b, { rtol, atol, equal_nan }), path);
    },
    toString: () =>
      pairText('NumberPair', path, Object.entries({ actual, expected, rtol, atol, equal_nan, check_dtype })),
  };
};
