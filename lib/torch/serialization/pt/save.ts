/** `torch.save`: PyTorch's zip format. */
import { basename, extname } from 'node:path';
import { pythonFunction } from '../../call';
import { typeName } from '../../core';
import { handleOf, scope, type Tensor } from '../../memory';
import { native, NotImplementedError, ValueError } from '../../native';
import { bytesOfStorage, UntypedStorage } from '../../tensor';
import { crcOfStorage, eachWindow } from '../lending';
import { pickle } from '../pickle/pickler';
import { type Target, type Write, writing } from '../sink';
import { ALIGNMENT, ZipWriter } from '../zip/writer';
import { type Kept, Reducer } from './reduce';
import { get_crc32_options } from './settings';

/** The name of the folder inside: that of the file, as PyTorch has it. */
function folderOf(f: Target): string {
  return typeof f === 'string' ? basename(f, extname(f)) : 'archive';
}

/** A tensor on the CPU with the storage's bytes. */
function bytesHere({ owner }: Kept): Tensor {
  const isHere = native.device(handleOf(owner)) === 'cpu';
  return isHere ? owner : bytesOfStorage(new UntypedStorage(owner).cpu());
}

function writeArchive(
  write: Write,
  folder: string,
  contents: Uint8Array,
  storages: Iterable<Kept>,
  byteorder: boolean,
): void {
  const zip = new ZipWriter(write, get_crc32_options());
  zip.add(`${folder}/data.pkl`, contents);
  zip.add(`${folder}/.format_version`, '1');
  zip.add(`${folder}/.storage_alignment`, String(ALIGNMENT));
  if (byteorder) zip.add(`${folder}/byteorder`, 'little');
  for (const kept of storages) {
    const { key, size } = kept;
    const bytes = bytesHere(kept);
    zip.addStream(
      `${folder}/data/${key}`,
      size,
      (put) => eachWindow(bytes, size, put),
      () => crcOfStorage(bytes, size),
    );
  }
  zip.add(`${folder}/version`, '3\n');
  zip.end();
}

/**
 * Writes tensors and plain data into a file that Python's `torch.load` reads, with `weights_only=True` too.
 *
 * A file at `f` appears whole or not at all: on failure what was there is untouched. Tensors keep their strides, and share memory
 * when they are loaded as they do now. An array is a list, a frozen one a tuple, an object or a Map a dict, a Set a set, a
 * Uint8Array bytes; a number without fraction is an int, and `torch.asFloat` makes it a float.
 *
 * @throws TypeError naming the place of what is neither plain data nor a tensor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.save.html
 * @example
 * torch.save(net.state_dict(), 'net.pt');
 */
export const save = pythonFunction(
  'save',
  ['obj{}', 'f{}', 'pickle_module', 'pickle_protocol', '_use_new_zipfile_serialization', '_disable_byteorder_record'],
  (
    obj: unknown,
    f: Target,
    pickle_module: null = null,
    pickle_protocol: number = 2,
    _use_new_zipfile_serialization: boolean = true,
    _disable_byteorder_record: boolean = false,
  ): void => {
    if (pickle_module !== null)
      throw new NotImplementedError('torch.save(): pickles are written here, by no module of Python');
    if (pickle_protocol !== 2) {
      throw new ValueError(
        `torch.save(): pickles of protocol 2 are written, which every Python reads, not ${pickle_protocol}`,
      );
    }
    if (_use_new_zipfile_serialization !== true) {
      throw new NotImplementedError('torch.save(): the format from before PyTorch 1.6 is read, but not written');
    }
    if (f === undefined || f === null) throw new TypeError(`torch.save(): expected a path, not ${typeName(f)}`);
    scope(() => {
      const reducer = new Reducer();
      const contents = pickle(obj, (value) => reducer.reduce(value));
      writing('torch.save()', f, (write) =>
        writeArchive(write, folderOf(f), contents, reducer.storages, !_disable_byteorder_record),
      );
    });
  },
);
