/** From samples to batches (Python: `torch.utils.data._utils.collate`). */
import { pythonFunction } from '../../../call';
import {
  Float,
  float64,
  isMap,
  isPlainObject,
  sparse_bsc,
  sparse_bsr,
  sparse_coo,
  sparse_csc,
  sparse_csr,
  typeName,
} from '../../../core';
import { stack } from '../../../generated/functions';
import { isTensor, Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { as_tensor, tensor } from '../../../tensor';
import { lengthOf } from '../sized';

/** Node's Buffer: Python's bytes. Not by its name, because users may have no types of Node. */
interface Bytes extends Uint8Array {
  readUInt8(offset?: number): number;
}

/** What `default_collate` makes of samples of type `T`. */
export type Collated<T> = T extends Tensor | number | bigint | boolean | Float
  ? Tensor
  : T extends string | Bytes
    ? T[]
    : T extends ArrayBufferView
      ? Tensor
      : T extends ReadonlyMap<infer Key, infer Value>
        ? Map<Key, Collated<Value>>
        : T extends object
          ? { -readonly [Name in keyof T]: Collated<T[Name]> }
          : unknown;

/** Makes a batch of samples of one kind. */
export type CollateFn = (batch: readonly unknown[], options: { collate_fn_map: CollateFnMap | null }) => unknown;

/** Python's kinds of samples that are no class of JavaScript. */
export type CollateKind = 'float' | 'int' | 'str' | 'bytes' | 'ndarray';

/** What collates samples, by their class or kind. */
export type CollateFnMap = Map<CollateKind | (abstract new (...args: never[]) => unknown), CollateFn>;

/** Python's type of a value that has no class of its own here. */
function kindOf(value: unknown): CollateKind | undefined {
  if (typeof value === 'number' || value instanceof Float) return 'float';
  if (typeof value === 'bigint' || typeof value === 'boolean') return 'int';
  if (typeof value === 'string') return 'str';
  if (Buffer.isBuffer(value)) return 'bytes';
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? 'ndarray' : undefined;
}

const isNumeric = (value: unknown): value is ArrayBufferView => kindOf(value) === 'ndarray';

const FOUND = 'default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found ';

/** Lists, maps and plain objects, with `change` done to what they hold; undefined for anything else. */
function rebuilt(value: unknown, change: (item: unknown, key: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (isMap(value)) return new Map([...value].map(([key, item]) => [key, change(item, key)]));
  if (!isPlainObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

/**
 * Typed arrays as tensors, in lists, maps and objects too; all else as it is.
 *
 * What a DataLoader without batches does to samples.
 */
export const default_convert = pythonFunction('default_convert', ['data{}'], (data: unknown): unknown => {
  if (isTensor(data)) return data;
  if (isNumeric(data)) return as_tensor(data as never);
  return rebuilt(data, (item) => default_convert(item)) ?? data;
});

function itemAt(sample: unknown, key: unknown): unknown {
  return isMap(sample) ? sample.get(key) : (sample as Record<PropertyKey, unknown>)[key as PropertyKey];
}

/**
 * One batch of samples: what they hold is collated by `collate_fn_map`, in lists, maps and objects at each place.
 *
 * @throws TypeError for samples that nothing in the map is for
 */
export const collate = pythonFunction(
  'collate',
  ['batch', '*', 'collate_fn_map'],
  (batch: readonly unknown[], collate_fn_map: CollateFnMap | null = null): unknown => {
    const [sample] = batch;
    const make = collate_fn_map === null ? undefined : makerFor(sample, collate_fn_map);
    if (make !== undefined) return make(batch, { collate_fn_map });
    if (Array.isArray(sample) && !batch.every((other) => lengthOf(other) === sample.length)) {
      throw new TorchError('each element in list of batch should be of equal size');
    }
    const made = rebuilt(sample, (_, key) => {
      const items = batch.map((other) => itemAt(other, key));
      return collate(items, { collate_fn_map });
    });
    if (made !== undefined) return made;
    throw new TypeError(FOUND + typeName(sample));
  },
);

function makerFor(sample: unknown, map: CollateFnMap): CollateFn | undefined {
  const kind = kindOf(sample);
  if (kind !== undefined && map.has(kind)) return map.get(kind);
  for (const [type, make] of map) if (typeof type === 'function' && sample instanceof type) return make;
  return undefined;
}

const SPARSE: ReadonlySet<unknown> = new Set([sparse_coo, sparse_csr, sparse_bsr, sparse_csc, sparse_bsc]);

function collateTensors(batch: readonly unknown[]): Tensor {
  const [first] = batch as Tensor[];
  const refused = first?.is_nested ? 'nested' : SPARSE.has(first?.layout) ? 'sparse' : undefined;
  if (refused !== undefined) {
    throw new TorchError(
      `Batches of ${refused} tensors are not currently supported by the default collate_fn; please provide a custom collate_fn to handle them appropriately.`,
    );
  }
  return stack(batch as Tensor[], 0);
}

/** What `default_collate` uses: set an entry to teach it a class. */
export const default_collate_fn_map: CollateFnMap = new Map();

function defaults(): CollateFnMap {
  if (default_collate_fn_map.size === 0) {
    default_collate_fn_map.set(Tensor, collateTensors);
    default_collate_fn_map.set('ndarray', (batch, options) =>
      collate(
        batch.map((array) => as_tensor(array as never)),
        options,
      ),
    );
    default_collate_fn_map.set('float', (batch) => tensor(batch as number[], { dtype: float64 }));
    default_collate_fn_map.set('int', (batch) => tensor(batch as bigint[]));
    default_collate_fn_map.set('str', (batch) => batch);
    default_collate_fn_map.set('bytes', (batch) => batch);
  }
  return default_collate_fn_map;
}

/**
 * The batch of samples that a DataLoader makes: tensors are stacked; numbers, BigInts and booleans become tensors of float64,
 * int64 and bool; typed arrays are stacked as tensors; strings and Buffers stay a list; lists, maps and objects are collated inside.
 *
 * @throws TypeError for samples of another kind
 * @throws TorchError when lists differ in length, or tensors in shape
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
 */
export const default_collate = pythonFunction('default_collate', ['batch'], (batch: readonly unknown[]): unknown =>
  collate(batch, { collate_fn_map: defaults() }),
);
