/** Positions in lists of modules and parameters, as Python's brackets take them. */
import { valueText } from '../../../core';
import { ValueError } from '../../../native';
import { type IndexText, parseIndex, Slice, type SliceBound } from '../../../tensor';

/** A slice, or its text: `'1:3'`. */
export type ListSlice = Slice | Exclude<IndexText, '...'>;

/** The slice that is meant; undefined for a position. */
export function sliceOf(index: unknown): Slice | undefined {
  if (index instanceof Slice) return index;
  const parsed = typeof index === 'string' ? parseIndex(index) : undefined;
  return parsed instanceof Slice ? parsed : undefined;
}

/**
 * The position that an index means; negative ones count from the end.
 *
 * @throws RangeError outside the list
 */
export function positionIn(length: number, index: number): number {
  if (!Number.isInteger(index)) {
    throw new TypeError(
      `a position in a list must be a whole number or a slice such as '1:3', not ${valueText(index)}`,
    );
  }
  const position = index < 0 ? index + length : index;
  if (position < 0 || position >= length) throw new RangeError(`index ${index} is out of range`);
  return position;
}

function boundOf(bound: SliceBound): number | undefined {
  if (bound === null) return undefined;
  if (!['number', 'bigint', 'boolean'].includes(typeof bound) || !Number.isInteger(Number(bound))) {
    throw new TypeError('slice indices must be integers or None or have an __index__ method');
  }
  return Number(bound);
}

/**
 * The positions of a slice in a list, in its order.
 *
 * @throws ValueError for a step of zero
 */
export function positionsOf(length: number, { start, stop, step }: Slice): number[] {
  const by = boundOf(step) ?? 1;
  if (by === 0) throw new ValueError('slice step cannot be zero');
  const [lowest, highest] = by > 0 ? [0, length] : [-1, length - 1];
  const within = (bound: number | undefined, otherwise: number): number => {
    if (bound === undefined) return otherwise;
    const position = bound < 0 ? bound + length : bound;
    return position < lowest ? lowest : position > highest ? highest : position;
  };
  const first = within(boundOf(start), by > 0 ? lowest : highest);
  const end = within(boundOf(stop), by > 0 ? highest : lowest);
  const positions: number[] = [];
  for (let at = first; by > 0 ? at < end : at > end; at += by) positions.push(at);
  return positions;
}
