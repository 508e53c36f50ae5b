/** Notation and width for all elements of a tensor, as Python's `_Formatter` finds them. */
import { ValueError } from '../../native';
import { fixed, scientific } from '../../core';
import { PRINT_OPTS } from './options';

/** An element that is not complex. */
export type RealElement = number | bigint | boolean;

/** Writes elements with a common notation and width. */
export interface Formatter {
  readonly width: number;
  format(value: RealElement): string;
}

function widest<T>(values: readonly T[], write: (value: T) => string): number {
  return values.reduce((width, value) => Math.max(width, write(value).length), 1);
}

/** Integers and booleans as they are. */
export function plainFormatter(values: readonly RealElement[]): Formatter {
  const write = (value: RealElement): string =>
    typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  const width = widest(values, write);
  return { width, format: (value) => write(value).padStart(width) };
}

function needsExponent(magnitudes: readonly number[]): boolean {
  if (PRINT_OPTS.sci_mode !== null) return PRINT_OPTS.sci_mode;
  const max = magnitudes.reduce((a, b) => Math.max(a, b));
  const min = magnitudes.reduce((a, b) => Math.min(a, b));
  return max / min > 1000 || max > 1e8 || min < 1e-4;
}

/**
 * float8_e8m0fnu has no zero, so that its smallest number is taken for one, and libtorch takes its NaN for finite.
 * A NaN in the comparisons rules out the exponent.
 */
export function countsInE8m0(value: number): boolean {
  return value !== 2 ** -127;
}

/** Floats: with an exponent if any needs it, without a fraction if all are integers. Only finite ones that are not 0 count. */
export function floatFormatter(
  values: readonly number[],
  counts = (value: number): boolean => Number.isFinite(value) && value !== 0,
): Formatter {
  const { precision } = PRINT_OPTS;
  if (!Number.isInteger(precision) || precision < 0) throw new ValueError('Format specifier missing precision');
  const counted = values.filter(counts);
  let write = (value: number): string => (Number.isFinite(value) ? `${fixed(value, 0)}.` : fixed(value, 0));
  if (counted.length > 0) {
    if (needsExponent(counted.map(Math.abs))) write = (value) => scientific(value, precision);
    else if (!counted.every(Number.isInteger)) write = (value) => fixed(value, precision);
  }
  const width = widest(counted, write);
  return { width, format: (value) => write(value as number).padStart(width) };
}
