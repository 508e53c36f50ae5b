/** The format from before PyTorch 1.6: some pickles, then the bytes of the storages. */
import { uint8 } from '../../core';
import type { Tensor } from '../../memory';
import { fillStorage } from '../lending';
import { runPickle } from '../pickle/machine';
import { toPlain } from '../pickle/plain';
import { PickleReader } from '../pickle/reader';
import { PyDict, PyList, PyTuple } from '../pickle/values';
import { fault, type Source } from '../source';
import { LoadedStorages } from './loaded_storages';
import { globalsOf, inertGlobals, StorageType } from './globals';
import { explaining, type LoadPlan, type Named, namesIn } from './plan';
import { newBytes, sliceOf, type StorageRef, wholeNumbers } from './storages';

/** What such a file begins with. */
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;

/** Runs pickles that hold nothing but plain data. */
const PLAIN_DATA = {
  find: (module: string, name: string): never => {
    throw fault(`its beginning names ${module}.${name}, where there is only plain data`);
  },
  persistent: (): never => {
    throw fault('its beginning refers to a storage, where there is only plain data');
  },
};

/** A value of plain data. */
export const readPlain = (reader: PickleReader): unknown => runPickle(reader, PLAIN_DATA);

function checkStart(reader: PickleReader): void {
  let magic: unknown;
  try {
    magic = readPlain(reader);
  } catch (error) {
    throw fault(`it is no file of torch.save, of no version (${(error as Error).message})`);
  }
  if (magic !== MAGIC_NUMBER) throw fault('Invalid magic number; corrupt file?');
  const version = readPlain(reader);
  if (version !== PROTOCOL_VERSION) throw fault(`Invalid protocol version: ${String(version)}`);
  const system = readPlain(reader);
  if (system instanceof PyDict && system.entries.get('little_endian') === false) {
    throw fault('it was written on a machine that has the bytes of numbers in the other order');
  }
}

/** A storage as the pickle refers to it. */
interface Reference {
  type: StorageType;
  key: string;
  location: string;
  count: number;
  /** A part of it, in elements. */
  view: readonly [start: number, count: number] | undefined;
}

function referenceOf(id: unknown): Reference {
  const [kind, type, key, location, numel, view] = id instanceof PyTuple ? id.items : [];
  if (kind !== 'storage' || !(type instanceof StorageType))
    throw fault('its pickle refers to something else than a storage');
  const [count] = wholeNumbers([numel], 'number of elements');
  const place = view instanceof PyTuple ? wholeNumbers(view.items.slice(1, 3), 'place') : [];
  const [start, length] = place;
  return {
    type,
    key: String(key),
    location: String(location),
    count: count!,
    view: start === undefined || length === undefined ? undefined : [start, length],
  };
}

const itemsizeOf = ({ type }: Reference): number => (type.dtype ?? uint8).itemsize;

/** Where the bytes of a storage lie. */
export interface Place {
  start: number;
  size: number;
}

/** The storage at a position, which begins with its number of elements. */
export function placeAt(source: Source, at: number, itemsize: number): Place {
  const count = Buffer.from(source.read(at, 8)).readBigInt64LE(0);
  const left = source.size - at - 8;
  if (count < 0n || count * BigInt(itemsize) > BigInt(left)) {
    throw fault(
      `a storage of ${count} elements of ${itemsize} bytes, at byte ${at}, is larger than the rest of the file, ${left} bytes`,
    );
  }
  return { start: at + 8, size: Number(count) * itemsize };
}

/** Reads a storage straight into its memory. */
export function readPlace(source: Source, { start, size }: Place): Tensor {
  const bytes = newBytes(size);
  try {
    fillStorage(bytes, size, source, start);
    return bytes;
  } catch (error) {
    bytes.dispose();
    throw error;
  }
}

/** Storages and their places. The pickle says which there are, and the list after it in which order they follow. */
function findPlaces(source: Source, reader: PickleReader): Map<string, Place> {
  const references = new Map<string, Reference>();
  runPickle(reader, {
    find: inertGlobals(),
    persistent: (id) => {
      const reference = referenceOf(id);
      if (!references.has(reference.key)) references.set(reference.key, reference);
      return null;
    },
  });
  const keys = readPlain(reader);
  if (!(keys instanceof PyList)) throw fault('it has no list of its storages');
  const places = new Map<string, Place>();
  let at = reader.position;
  for (const key of keys.items.map(String)) {
    const reference = references.get(key);
    if (reference === undefined) throw fault(`it has bytes of a storage '${key}' that nothing refers to`);
    const place = placeAt(source, at, itemsizeOf(reference));
    if (place.size !== reference.count * itemsizeOf(reference)) {
      throw fault(`storage '${key}' of ${reference.count} elements has ${place.size} bytes`);
    }
    places.set(key, place);
    at = place.start + place.size;
  }
  return places;
}

function findStorage(
  source: Source,
  loaded: LoadedStorages,
  places: ReadonlyMap<string, Place>,
  id: unknown,
): StorageRef {
  const reference = referenceOf(id);
  const { key, location, type, view } = reference;
  const whole = loaded.storage(key, location, type.dtype, () => {
    const place = places.get(key);
    if (place === undefined) throw fault(`it has no bytes of storage '${key}'`);
    return readPlace(source, place);
  });
  if (view === undefined) return whole;
  const itemsize = itemsizeOf(reference);
  return sliceOf(whole, view[0] * itemsize, view[1] * itemsize);
}

/** What a file's pickle names. */
export function namedInLegacy(source: Source): Named {
  const reader = new PickleReader(source);
  checkStart(reader);
  return namesIn(reader);
}

/** Loads a file of pickles and bytes. */
export function loadLegacy(source: Source, plan: LoadPlan): unknown {
  return toPlain(pickledInLegacy(source, plan));
}

/** What a file of pickles and bytes holds, as its pickle made it: a storage may be all of it. */
export function pickledInLegacy(source: Source, plan: LoadPlan): unknown {
  const reader = new PickleReader(source);
  checkStart(reader);
  const start = reader.position;
  const loaded = new LoadedStorages(plan.restore, plan.place);
  return explaining(
    () => namedInLegacy(source),
    `The file has ${source.size} bytes.`,
    () => {
      const find = globalsOf(loaded);
      // Names first: what may not be loaded is said before what else may be wrong.
      for (const path of namesIn(new PickleReader(source, start)).unsafe) find(...splitPath(path));
      const places = findPlaces(source, reader);
      const persistent = (id: unknown) => findStorage(source, loaded, places, id);
      return runPickle(new PickleReader(source, start), { find, persistent });
    },
  );
}

function splitPath(path: string): [module: string, name: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, dot), path.slice(dot + 1)];
}
