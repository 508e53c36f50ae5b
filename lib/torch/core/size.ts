/** `torch.Size`: a list of lengths that knows how many elements they make. */
import { sizeText, typeName } from './text';

/** Whether two lists of lengths are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, i) => length === b[i]);
}

/** Number of elements of a shape: the product of its lengths. */
export function numelOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * A shape. `x.shape` is a plain array, which every argument takes; this is for code that asks a shape for `numel()`, and
 * for the old constructors (`new torch.FloatTensor(new torch.Size([2, 3]))`), where an array is data.
 */
export class Size extends Array<number> {
  constructor(lengths: readonly number[] = []) {
    super();
    if (typeof lengths?.[Symbol.iterator] !== 'function') {
      throw new TypeError(`'${typeName(lengths)}' object is not iterable`);
    }
    for (const length of lengths) {
      if (!Number.isInteger(length)) {
        throw new TypeError(`torch.Size() takes an iterable of 'int' (item ${this.length} is '${typeName(length)}')`);
      }
      this.push(length);
    }
  }

  // Array's own methods (map, slice, …) make plain arrays.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Number of elements of a tensor of this shape. */
  numel(): number {
    return numelOf(this);
  }

  /** `torch.Size([2, 3])`. */
  override toString(): string {
    return sizeText(this);
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
