/** PyTorch's zip format: `data.pkl`, and every storage as an entry of its own. */
import { uint8 } from '../../core';
import { from_file } from '../../generated/functions';
import { handleOf, type Tensor, wrap } from '../../memory';
import { native, TorchError } from '../../native';
import { eachWindow, fillStorage } from '../lending';
import { runPickle } from '../pickle/machine';
import { toPlain } from '../pickle/plain';
import { PickleReader } from '../pickle/reader';
import { PyTuple } from '../pickle/values';
import { fault, type Source, sourceOfBytes } from '../source';
import { swap } from '../numpy/descr';
import { METHOD, SIGNATURE } from '../zip/format';
import { checkCrc, type ZipEntry, ZipReader } from '../zip/reader';
import { LoadedStorages } from './loaded_storages';
import { globalsOf, StorageType } from './globals';
import { explaining, type LoadPlan, type Named, namesIn } from './plan';
import { get_default_load_endianness, LoadEndianness } from './settings';
import { newBytes, type StorageRef, wholeNumbers } from './storages';

/** Whether the file begins as a zip archive. */
export function isZip(source: Source): boolean {
  return source.size >= 4 && Buffer.from(source.read(0, 4)).readUInt32LE(0) === SIGNATURE.local;
}

/** Finds the archive's folder: PyTorch names it as the file was named. */
function openArchive(source: Source): { zip: ZipReader; folder: string } {
  const zip = new ZipReader(source);
  const [first = ''] = zip.entries.keys();
  const folder = `${first.split('/')[0]}/`;
  if (zip.entries.has(`${folder}constants.pkl`)) {
    throw new TorchError('it is a TorchScript archive: torch.jit.load reads those');
  }
  if (!zip.entries.has(`${folder}data.pkl`)) {
    throw fault(`it is a zip archive, but none of torch.save: it has no entry '${folder}data.pkl'`);
  }
  return { zip, folder };
}

function pickleOf(zip: ZipReader, folder: string): PickleReader {
  return new PickleReader(sourceOfBytes(zip.read(zip.entry(`${folder}data.pkl`))));
}

/** What a file's pickle names. */
export function namedInZip(source: Source): Named {
  const { zip, folder } = openArchive(source);
  return namesIn(pickleOf(zip, folder));
}

/** Whether the bytes of the file's elements are in the other order than this machine's. */
function isBigEndian(zip: ZipReader, folder: string): boolean {
  const entry = zip.entries.get(`${folder}byteorder`);
  if (entry === undefined) return get_default_load_endianness() === LoadEndianness.BIG;
  const order = Buffer.from(zip.read(entry)).toString('latin1');
  if (order !== 'little' && order !== 'big') throw fault(`Unknown endianness type: ${order}`);
  return order === 'big';
}

/** Reads a storage straight into its memory, and checks it on the way. */
function readStorage(source: Source, zip: ZipReader, entry: ZipEntry): Tensor {
  const bytes = newBytes(entry.size);
  try {
    if (entry.method !== METHOD.stored) {
      const whole = zip.read(entry);
      eachWindow(bytes, entry.size, (window, start) => window.set(whole.subarray(start, start + window.length)));
      return bytes;
    }
    checkCrc(entry, fillStorage(bytes, entry.size, source, entry.start));
    return bytes;
  } catch (error) {
    bytes.dispose();
    throw error;
  }
}

function swapStorage(bytes: Tensor, size: number, unit: number): void {
  if (unit > 1) eachWindow(bytes, size, (window) => swap(window, unit));
}

/** Storages of the archive, read or mapped. */
class Storages {
  readonly #source: Source;
  readonly #zip: ZipReader;
  readonly #folder: string;
  readonly #big: boolean;
  readonly #loaded: LoadedStorages;
  /** The whole file, mapped. */
  readonly #mapped: Tensor | undefined;

  constructor(source: Source, zip: ZipReader, folder: string, plan: LoadPlan, loaded: LoadedStorages) {
    this.#source = source;
    this.#zip = zip;
    this.#folder = folder;
    this.#big = isBigEndian(zip, folder);
    this.#loaded = loaded;
    if (plan.mmap && source.path !== undefined) {
      this.#mapped = from_file(source.path, false, source.size, { dtype: uint8 });
    }
  }

  find(id: unknown): StorageRef {
    const [kind, type, key, location, numel] = id instanceof PyTuple ? id.items : [];
    if (kind !== 'storage' || !(type instanceof StorageType) || typeof key !== 'string') {
      throw fault('its pickle refers to something else than a storage');
    }
    const [count] = wholeNumbers([numel], 'number of elements');
    return this.#loaded.storage(key, String(location), type.dtype, () => this.#read(type, key, count!));
  }

  #read(type: StorageType, key: string, count: number): Tensor {
    const entry = this.#zip.entry(`${this.#folder}data/${key}`);
    const itemsize = type.dtype?.itemsize ?? 1;
    // A storage may end within an element.
    if (count * itemsize > entry.size || entry.size - count * itemsize >= itemsize) {
      throw fault(`storage '${key}' of ${count} elements of ${itemsize} bytes has ${entry.size} bytes`);
    }
    if (this.#mapped !== undefined && entry.method === METHOD.stored && !this.#big) {
      return wrap(native.storage_slice(handleOf(this.#mapped), entry.start, entry.size));
    }
    const bytes = readStorage(this.#source, this.#zip, entry);
    const unit = type.dtype?.is_complex === true ? itemsize / 2 : itemsize;
    if (this.#big) swapStorage(bytes, entry.size, unit);
    return bytes;
  }
}

/** Loads a file of the zip format. */
export function loadZip(source: Source, plan: LoadPlan): unknown {
  const { zip, folder } = openArchive(source);
  const loaded = new LoadedStorages(plan.restore, plan.place);
  const storages = [...zip.entries.keys()].filter((name) => name.startsWith(`${folder}data/`)).length;
  const contents = `The file holds ${storages} storage${storages === 1 ? '' : 's'}.`;
  return explaining(
    () => namesIn(pickleOf(zip, folder)),
    contents,
    () => {
      const found = new Storages(source, zip, folder, plan, loaded);
      const find = globalsOf(loaded);
      return toPlain(runPickle(pickleOf(zip, folder), { find, persistent: (id) => found.find(id) }));
    },
  );
}
