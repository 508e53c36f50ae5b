/** Parts of an index besides integers and tensors: slices, the ellipsis, the new axis. */
import type { TensorBase } from '../../memory';

/** A bound or step of a slice: an int, something that stands for one, or null where left out. */
export type SliceBound = number | bigint | boolean | TensorBase | null;

/** Python's `slice`: `start:stop:step`. */
export class Slice {
  /** @internal */
  constructor(
    /** First index taken. */
    readonly start: SliceBound,
    /** First index no longer taken. */
    readonly stop: SliceBound,
    /** Distance between the indices taken. */
    readonly step: SliceBound,
  ) {}

  /** `slice(1, 3, None)`, as Python prints it. */
  toString(): string {
    return `slice(${[this.start, this.stop, this.step].map((bound) => String(bound ?? 'None')).join(', ')})`;
  }
}

/**
 * Python's builtin `slice`: `slice(stop)`, `slice(start, stop)` or `slice(start, stop, step)`; null leaves a bound
 * out. Bounds may be negative, and one-element integer tensors.
 *
 * @example
 * x.get(torch.slice(1, null)); // x[1:]
 */
export function slice(stop: SliceBound): Slice;
export function slice(start: SliceBound, stop: SliceBound, step?: SliceBound): Slice;
export function slice(...bounds: (SliceBound | undefined)[]): Slice {
  if (bounds.length === 0) throw new TypeError('slice expected at least 1 argument, got 0');
  if (bounds.length > 3) throw new TypeError(`slice expected at most 3 arguments, got ${bounds.length}`);
  if (bounds.length === 1) return new Slice(null, bounds[0] ?? null, null);
  return new Slice(bounds[0] ?? null, bounds[1] ?? null, bounds[2] ?? null);
}

class EllipsisType {
  /** Mark of the type: without a member of its own, every value would do for one, texts included. */
  protected readonly ellipsis = true;

  /** `Ellipsis`, as Python prints it. */
  toString(): string {
    return 'Ellipsis';
  }
}

/** Python's `...`: as many whole dimensions as the other indices leave over. The string `'...'` means the same. */
export const Ellipsis = new EllipsisType();

/** Type of `Ellipsis`. */
export type { EllipsisType };

/** A new dimension of length 1; another name for null, as in Python. */
export const newaxis = null;

/** Bound or step in the text of a slice: an integer, or nothing. */
type BoundText = '' | `${number | bigint}`;

/**
 * Text that stands for a slice or the ellipsis: `':'`, `'1:3'`, `'-3:'`, `'::2'`, `'1:10:2'`, `'...'`. Without a colon
 * it would be a typing mistake, so `'13'` does not compile.
 */
export type IndexText = '...' | `${BoundText}:${BoundText}` | `${BoundText}:${BoundText}:${BoundText}`;

const notation = /^\s*([+-]?\d+)?\s*:\s*([+-]?\d+)?\s*(?::\s*([+-]?\d+)?\s*)?$/;

/** Reads `'1:3'`, `':'`, `'::2'`, … and `'...'`; undefined for any other text. */
export function parseIndex(text: string): Slice | EllipsisType | undefined {
  if (text.trim() === '...') return Ellipsis;
  const parts = notation.exec(text);
  if (parts === null) return undefined;
  const bound = (digits: string | undefined) => (digits === undefined ? null : Number(digits));
  return new Slice(bound(parts[1]), bound(parts[2]), bound(parts[3]));
}
