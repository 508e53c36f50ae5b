/** Messages about values that differ, with statistics. */
import { fixed, Float, int64, tupleText } from '../core';
import type { Tensor } from '../memory';
import { difference, magnitude, type NumberValue, readNumber, toDouble } from './numbers';
import { numberText, text } from './text';

/** Way in which values were compared, and their names. */
export interface Closeness {
  readonly rtol: number;
  readonly atol: number;
  readonly equal_nan: boolean;
  /** Another name for the values than `Scalars` or `Tensor-likes`. */
  readonly identifier?: string | ((name: string) => string);
}

interface Difference {
  readonly value: string;
  readonly index?: readonly number[];
}

function named(name: string, identifier: Closeness['identifier']): string {
  if (identifier === undefined) return name;
  return typeof identifier === 'string' ? identifier : identifier(name);
}

function mismatch(
  name: string,
  extra: string,
  absolute: Difference,
  relative: Difference,
  { rtol, atol, identifier }: Closeness,
): string {
  const equality = rtol === 0 && atol === 0;
  const line = (kind: string, { value, index }: Difference, tolerance: number): string => {
    const capital = `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
    const found =
      index === undefined
        ? `${capital} difference: ${value}`
        : `Greatest ${kind} difference: ${value} at index ${tupleText(index)}`;
    return equality ? found : `${found} (up to ${text(tolerance)} allowed)`;
  };
  const verdict = equality ? 'equal' : 'close';
  return [
    `${named(name, identifier)} are not ${verdict}!`,
    '',
    extra,
    line('absolute', absolute, atol),
    line('relative', relative, rtol),
  ].join('\n');
}

/** Two numbers that differ. */
export function scalarMismatch(actual: NumberValue, expected: NumberValue, how: Closeness): string {
  const absolute = magnitude(difference(actual, expected));
  const size = magnitude(expected);
  const relative = toDouble(size) === 0 ? Number.POSITIVE_INFINITY : toDouble(absolute) / toDouble(size);
  return mismatch(
    'Scalars',
    `Expected ${numberText(expected)} but got ${numberText(actual)}.`,
    { value: numberText(absolute) },
    { value: numberText({ kind: 'float', float: relative }) },
    how,
  );
}

function unravel(flat: number, shape: readonly number[]): number[] {
  let rest = flat;
  return shape.reduceRight<number[]>((index, length) => {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
    return index;
  }, []);
}

/** The greatest value that is no match, and where it is. */
function greatest(values: Tensor, matches: Tensor, shape: readonly number[]): Difference {
  const { values: top, indices } = values.masked_fill_(matches, 0).max(0);
  const value = top.item();
  const number = readNumber(top.dtype.is_floating_point ? new Float(value as number) : value)!;
  return { value: numberText(number), index: unravel(Number(indices.item()), shape) };
}

/** Two tensors of which some elements differ; `matches` says which do not. */
export function tensorMismatch(actual: Tensor, expected: Tensor, matches: Tensor, how: Closeness): string {
  const total = matches.numel();
  const wrong = total - Number(matches.sum().item());
  const extra = `Mismatched elements: ${wrong} / ${total} (${fixed((wrong / total) * 100, 1)}%)`;
  if (actual.dtype.is_floating_point && actual.dtype.itemsize === 1) {
    // float8 has no arithmetic.
    const first = matches.logical_not().nonzero().select(0, 0).tolist() as number[];
    const name = named('Tensor-likes', how.identifier);
    return `${name} are not 'equal'!\n\n${extra}\nThe first mismatched element is at index ${tupleText(first)}.`;
  }
  const { is_floating_point, is_complex } = actual.dtype;
  const flat = (tensor: Tensor): Tensor => {
    const list = tensor.flatten();
    return is_floating_point || is_complex ? list : list.to(int64);
  };
  const [a, b, mask] = [flat(actual), flat(expected), matches.flatten()];
  const shape = matches.shape;
  const absolute = a.sub(b).abs();
  const greatestAbsolute = greatest(absolute, mask, shape);
  return mismatch('Tensor-likes', extra, greatestAbsolute, greatest(absolute.div(b.abs()), mask, shape), how);
}
