/** From native handles to tensors. */
import type { Handle, NumberList } from '../native';
import { ownership } from './handle';
import { takeList } from './number_lists';
import { Tensor } from './tensor';

/** A tensor that owns `handle`. */
export function wrap(handle: Handle): Tensor {
  return new Tensor(handle, ownership);
}

/** `wrap`, for results that may be undefined in libtorch (None in Python). */
export function wrapOptional(handle: Handle | null): Tensor | null {
  return handle === null ? null : wrap(handle);
}

/**
 * `wrap` for a list. libtorch leaves an item undefined only where an operator's documentation says so
 * (a gradient nobody asked for); such an item is null, as Python's None.
 */
export function wrapMany(raw: NumberList<Handle | null>): Tensor[] {
  const handles = takeList(raw);
  const tensors = new Array<Tensor | null>(handles.length);
  for (let i = 0; i < handles.length; i++) tensors[i] = wrapOptional(handles[i] as Handle | null);
  return tensors as Tensor[];
}

/**
 * Several results with names, like Python's `torch.return_types`: read them by name or by number, or destructure them in order.
 *
 * @example
 * const { values, indices } = x.max(1);
 * const [values, indices] = x.max(1);
 * const indices = x.max(1)[1];
 */
export abstract class NamedResult<Item = Tensor> implements Iterable<Item> {
  readonly [index: number]: Item;

  /** Number of results. */
  get length(): number {
    return Object.keys(this).length;
  }

  *[Symbol.iterator](): Iterator<Item> {
    yield* Object.values(this) as Item[];
  }

  /** `torch.return_types.max(…)`, every result on its own line. */
  toString(): string {
    const show = (value: unknown): string =>
      Array.isArray(value) ? `(${value.map(String).join(', ')})` : String(value);
    const items = Object.entries(this).map(([name, value]) => `${name}=${show(value)}`);
    return `torch.return_types.${this.constructor.name}(\n${items.join(',\n')})`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** No operator has as many results. */
const MOST_RESULTS = 16;

for (let index = 0; index < MOST_RESULTS; index++) {
  Object.defineProperty(NamedResult.prototype, index, {
    configurable: true,
    get(this: NamedResult<unknown>): unknown {
      const items = Object.values(this);
      if (index >= items.length) throw new RangeError('tuple index out of range');
      return items[index];
    },
  });
}
