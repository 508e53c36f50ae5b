/** The format of PyTorch's first versions: a tar archive of pickles and bytes. */
import { type Dtype, uint8 } from '../../core';
import { runPickle } from '../pickle/machine';
import { toPlain } from '../pickle/plain';
import { PickleReader } from '../pickle/reader';
import { PyList, PyTuple } from '../pickle/values';
import { fault, type Source } from '../source';
import { LoadedStorages } from './loaded_storages';
import { globalsOf, inertGlobals, StorageType } from './globals';
import { placeAt, readPlace, readPlain } from './legacy';
import { explaining, type LoadPlan, namesIn } from './plan';
import { sliceOf, type StorageRef, tensorOver, wholeNumbers } from './storages';

const BLOCK = 512;

/** Whether the file is a tar archive. */
export function isTar(source: Source): boolean {
  return source.size >= BLOCK && Buffer.from(source.read(257, 5)).toString('latin1') === 'ustar';
}

/** A part of a file as a source of its own. */
function part(source: Source, start: number, size: number): Source {
  const check = (position: number, length: number) => {
    if (position < 0 || length < 0 || position > size - length) throw fault('an entry of its tar archive is cut short');
  };
  return {
    path: undefined,
    size,
    file: undefined,
    check,
    read(position, length) {
      check(position, length);
      return source.read(start + position, length);
    },
    fill(target, position) {
      check(position, target.length);
      source.fill(target, start + position);
    },
  };
}

const octal = (field: Buffer): number => {
  const text = field.toString('latin1').replace(/[\0 ]+$/, '');
  if (!/^ *[0-7]*$/.test(text)) throw fault('its tar archive has a damaged header');
  return text.trim() === '' ? 0 : Number.parseInt(text.trim(), 8);
};

/** Plain files of the archive, by name. */
function entriesOf(source: Source): Map<string, Source> {
  const entries = new Map<string, Source>();
  for (let at = 0; at + BLOCK <= source.size; ) {
    const header = Buffer.from(source.read(at, BLOCK));
    if (header.every((byte) => byte === 0)) break;
    let sum = 8 * 0x20;
    header.forEach((byte, i) => {
      if (i < 148 || i >= 156) sum += byte;
    });
    if (sum !== octal(header.subarray(148, 156))) throw fault(`its tar archive has a damaged header at byte ${at}`);
    const size = octal(header.subarray(124, 136));
    if (size > source.size - at - BLOCK) throw fault('an entry of its tar archive is cut short');
    const [name = ''] = header.toString('utf8', 0, 100).split('\0');
    if (header[156] === 0 || header[156] === 0x30)
      entries.set(name.replace(/^\.\//, ''), part(source, at + BLOCK, size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

/** A pickle of plain data that may name classes of storages and tensors. */
function readNamed(reader: PickleReader): readonly unknown[] {
  const find = inertGlobals();
  const persistent = (): never => {
    throw fault('its lists refer to a storage, where there is only plain data');
  };
  const value = runPickle(reader, { find, persistent });
  if (value instanceof PyTuple || value instanceof PyList) return value.items;
  throw fault('its lists of storages and tensors are damaged');
}

function countOf(value: unknown): number {
  const [count] = wholeNumbers([value], 'number');
  return count!;
}

function storagesOf(source: Source, loaded: LoadedStorages): Map<string, StorageRef> {
  const found = new Map<string, StorageRef>();
  const reader = new PickleReader(source);
  let at = 0;
  for (let left = countOf(readPlain(reader)); left > 0; left--) {
    const [key, location, type] = readNamed(reader);
    const dtype = type instanceof StorageType ? (type.dtype ?? uint8) : undefined;
    if (dtype === undefined) throw fault('it has a storage of no type');
    const place = placeAt(source, reader.position, dtype.itemsize);
    at = place.start + place.size;
    found.set(
      String(key),
      loaded.storage(String(key), String(location), dtype, () => readPlace(source, place)),
    );
    reader.skipTo(at);
  }
  const views = readNamed(reader);
  for (const view of views) {
    const [target, root, offset, count] = view instanceof PyTuple || view instanceof PyList ? view.items : [];
    const whole = found.get(String(root));
    if (whole === undefined) throw fault(`it has a view of a storage '${String(root)}' that it has not`);
    const { itemsize } = whole.dtype;
    found.set(String(target), sliceOf(whole, countOf(offset) * itemsize, countOf(count) * itemsize));
  }
  return found;
}

function tensorsOf(source: Source, storages: ReadonlyMap<string, StorageRef>): Map<string, unknown> {
  const found = new Map<string, unknown>(storages);
  const reader = new PickleReader(source);
  for (let left = countOf(readPlain(reader)); left > 0; left--) {
    const [key, storageKey] = readNamed(reader);
    const storage = storages.get(String(storageKey));
    if (storage === undefined) throw fault(`it has a tensor of a storage '${String(storageKey)}' that it has not`);
    const ndim = reader.take(4).readInt32LE(0);
    reader.take(4);
    if (ndim < 0 || ndim > 64) throw fault(`it has a tensor of ${ndim} dimensions`);
    const numbers = Array.from({ length: 2 * ndim + 1 }, () => Number(reader.take(8).readBigInt64LE(0)));
    wholeNumbers(numbers, 'size, stride or offset');
    const [sizes, strides] = [numbers.slice(0, ndim), numbers.slice(ndim, 2 * ndim)];
    const dtype: Dtype = storage.dtype;
    found.set(String(key), tensorOver(storage, dtype, numbers.at(-1)!, sizes, strides));
  }
  return found;
}

/** Loads a tar archive. */
export function loadTar(source: Source, plan: LoadPlan): unknown {
  const entries = entriesOf(source);
  const entry = (name: string): Source => {
    const found = entries.get(name);
    if (found === undefined) throw fault(`it is a tar archive, but none of torch.save: it has no entry '${name}'`);
    return found;
  };
  const loaded = new LoadedStorages(plan.restore, plan.place);
  return explaining(
    () => namesIn(new PickleReader(entry('pickle'))),
    `The file has ${source.size} bytes.`,
    () => {
      const found = tensorsOf(entry('tensors'), storagesOf(entry('storages'), loaded));
      const persistent = (id: unknown) => {
        const known = found.get(String(id));
        if (known === undefined) throw fault(`its pickle refers to '${String(id)}', which it has not`);
        return known;
      };
      return toPlain(runPickle(new PickleReader(entry('pickle')), { find: globalsOf(loaded), persistent }));
    },
  );
}
