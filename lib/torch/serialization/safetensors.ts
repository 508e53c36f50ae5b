/**
 * Tensors in files: the safetensors format, which Python's `safetensors` package reads and writes too.
 * A file says nothing but names, dtypes, shapes and text: reading one runs no code.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ValueError } from '../native/errors';
import { native } from '../native';
import { bytesOf } from '../tensor/creation/elements';
import { wrap } from '../memory/wrap';
import { type DeviceLike, device as toDevice } from '../core/device';
import { handleOf, isTensor } from '../memory/handle';
import { refuseUnknown } from '../call/options';
import { typeName } from '../core/text';
import type { Tensor } from '../memory/tensor';
import { entriesOf, isUint8Array } from '../core/realm';
import { writeAtomically } from './atomic';
import {
  type Header,
  orderedPlan,
  readHeader,
  readHeaderLength,
  type TensorEntry,
  writeHeader,
} from './safetensors_header';

/** Tensors by name, as `state_dict()` gives them. */
export type NamedTensors = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;

/** Texts by name that a file carries besides its tensors. */
export type Metadata = Readonly<Record<string, string>>;

/** Tensors and texts of a file. Both are objects without prototype: any name is only a name. */
export interface Contents {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** Options of the reading functions. */
export interface LoadOptions {
  /** Where the tensors are put. Default the CPU. */
  device?: DeviceLike;
}

/** Header and data, in pieces, one tensor at a time, so that a large model is never in memory twice. */
function* pieces(tensors: NamedTensors, metadata: Metadata | undefined): Generator<Uint8Array> {
  const named = isTensor(tensors) ? undefined : entriesOf(tensors);
  if (named === undefined) {
    throw new TypeError(`safetensors: expected tensors by name, an object or a Map, not ${typeName(tensors)}`);
  }
  const plan = named.map(([name, tensor]) => {
    if (!isTensor(tensor)) {
      throw new TypeError(`safetensors: '${name}' must be a Tensor, but is ${typeof tensor}`);
    }
    const { dtype, shape, nbytes: bytes } = tensor as Tensor;
    return { name, tensor: tensor as Tensor, dtype, shape, bytes };
  });
  const ordered = orderedPlan(plan);
  yield writeHeader(ordered, metadata);
  for (const { tensor } of ordered) yield new Uint8Array(bytesOf(handleOf(tensor)));
}

/** The bytes of a safetensors file. Throws ValueError for a dtype that the format does not have. */
export function serialize(tensors: NamedTensors, metadata?: Metadata, ...surplus: []): Uint8Array {
  // Not a pythonFunction: tensors by name are a plain object, as keywords are.
  if (surplus.length > 0) {
    throw new TypeError(`serialize() takes from 1 to 2 positional arguments but ${2 + surplus.length} were given`);
  }
  return Buffer.concat([...pieces(tensors, metadata)]);
}

/**
 * Writes tensors, whatever their strides and device, and texts into a file. The file appears whole or not at
 * all: on failure what was at `path` is untouched.
 *
 * @example
 * io.save_file(model.state_dict(), 'model.safetensors', { epoch: '3' });
 */
export function save_file(tensors: NamedTensors, path: string, metadata?: Metadata): void {
  writeAtomically(path, pieces(tensors, metadata));
}

type Source = (position: number, length: number) => Uint8Array;

/** Header of a file of `size` bytes, and where its data starts. */
function readStart(size: number, read: Source): { header: Header; start: number } {
  const length = readHeaderLength(size < 8 ? new Uint8Array(0) : read(0, 8), size);
  const start = 8 + length;
  return { header: readHeader(read(8, length), size - start), start };
}

function readContents(where: string, size: number, read: Source, options: LoadOptions): Contents {
  refuseUnknown(where, options, ['device']);
  const device = options.device === undefined ? 'cpu' : String(toDevice(options.device));
  const { header, start } = readStart(size, read);
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const entry of header.entries) {
    tensors[entry.name] = place(entry, read(start + entry.begin, entry.end - entry.begin), device);
  }
  return { tensors, metadata: header.metadata };
}

function place(entry: TensorEntry, bytes: Uint8Array, device: string): Tensor {
  const tensor = wrap(native.from_bytes(bytes, entry.shape, entry.dtype.code));
  return device === 'cpu' ? tensor : tensor.to(device);
}

/** Reads the bytes of a safetensors file. Throws ValueError, with the reason, for malformed ones. */
export function deserialize(bytes: Uint8Array, options: LoadOptions = {}): Contents {
  if (!isUint8Array(bytes)) {
    throw new TypeError(`deserialize(): bytes must be a Uint8Array, not ${typeof bytes}`);
  }
  const read: Source = (position, length) => bytes.subarray(position, position + length);
  return readContents('deserialize', bytes.length, read, options);
}

/** Most bytes that one system call reads. */
const CHUNK = 2 ** 30;

function withFile<T>(path: string, body: (size: number, read: Source) => T): T {
  const file = openSync(path, 'r');
  try {
    const read: Source = (position, length) => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(file, bytes, done, Math.min(length - done, CHUNK), position + done);
        if (count === 0) throw new ValueError(`safetensors: ${path} became shorter while it was read`);
        done += count;
      }
      return bytes;
    };
    return body(fstatSync(file).size, read);
  } finally {
    closeSync(file);
  }
}

/** Reads the tensors and the texts of a file. Throws ValueError, with the reason, for a malformed one. */
export function readSafetensors(path: string, options: LoadOptions = {}): Contents {
  return withFile(path, (size, read) => readContents('readSafetensors', size, read, options));
}

/** Reads the texts of a file, and none of its tensors. Throws ValueError, with the reason, for a malformed one. */
export function load_metadata(path: string): Record<string, string> {
  return withFile(path, (size, read) => readStart(size, read).header.metadata);
}

/** Reads the tensors of a file, by name. Throws ValueError, with the reason, for a malformed one. */
export function load_file(path: string, options: LoadOptions = {}): Record<string, Tensor> {
  return withFile(path, (size, read) => readContents('load_file', size, read, options)).tensors;
}
