/**
 * Tensors in files: the safetensors format, which Python's `safetensors` package reads and writes too.
 * A file says nothing but names, dtypes, shapes and text: reading one runs no code.
 */
import { constants } from 'node:buffer';
import { closeSync, constants as flags, fstatSync, openSync, readSync } from 'node:fs';
import { OutOfMemoryError, ValueError } from '../../native';
import { device as toDevice, type DeviceLike, isUint8Array, sha256 } from '../../core';
import { pythonFunction, surplus } from '../../call';
import type { Tensor } from '../../memory';
import { writeAtomically } from '../atomic';
import { fileError, isSystemError } from '../file_error';
import { bytePieces, readTensor, type Source } from './data';
import { type Header, malformed, readHeader, readHeaderLength, type TensorEntry } from './header';
import { headerOf, type Metadata, type NamedTensors, planned } from './plan';

export type { Metadata, NamedTensors } from './plan';

/** Tensors and texts of a file. Both are objects without prototype: any name is only a name. */
export interface Contents {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** Options of the reading functions. */
export interface LoadOptions {
  /** Device for the tensors. Default the CPU. */
  device?: DeviceLike;
}

/** Header and data, in pieces, so that a large model is never in memory twice. */
function* pieces(tensors: NamedTensors, metadata: Metadata | undefined): Generator<Uint8Array> {
  const ordered = planned(tensors);
  yield headerOf(ordered, metadata);
  for (const { tensor } of ordered) yield* bytePieces(tensor);
}

/**
 * The bytes of a safetensors file.
 *
 * @throws ValueError for what the format does not have
 */
export function serialize(tensors: NamedTensors, metadata?: Metadata, ...more: []): Uint8Array {
  // By position only, as in save_file: tensors and texts by name are plain objects, in which any name may be a keyword's.
  if (more.length > 0) throw surplus('serialize', 1, 2, 2 + more.length);
  const ordered = planned(tensors);
  const size = ordered.reduce((sum, { bytes }) => sum + bytes, headerOf(ordered, metadata).length);
  if (size > constants.MAX_LENGTH) {
    throw malformed(`${size} bytes are more than an array holds; write them into a file with save_file()`);
  }
  return Buffer.concat([...pieces(tensors, metadata)]);
}

/**
 * Writes tensors, whatever their strides and device, and texts into a file. A regular file appears whole or not at
 * all: on failure what was at `path` is untouched.
 *
 * @example
 * io.save_file(model.state_dict(), 'model.safetensors', { epoch: '3' });
 */
export function save_file(tensors: NamedTensors, path: string, metadata?: Metadata, ...more: []): void {
  if (more.length > 0) throw surplus('save_file', 2, 3, 3 + more.length);
  writeAtomically(path, pieces(tensors, metadata));
}

/**
 * SHA-256, in hexadecimal, of tensors' names, dtypes, shapes and bytes: of everything that `save_file` would write
 * of them. What one flipped bit changes.
 */
export function digest(tensors: NamedTensors): string {
  return sha256(pieces(tensors, undefined));
}

/** Header of a file of `size` bytes, and where its data starts. */
function readStart(size: number, read: Source): { header: Header; start: number } {
  const length = readHeaderLength(size < 8 ? new Uint8Array(0) : read(0, 8), size);
  const start = 8 + length;
  return { header: readHeader(read(8, length), size - start), start };
}

function readContents(size: number, read: Source, wanted: DeviceLike): Contents {
  const device = String(toDevice(wanted));
  const { header, start } = readStart(size, read);
  const data: Source = (position, length) => read(start + position, length);
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const entry of header.entries) tensors[entry.name] = place(entry, data, device);
  return { tensors, metadata: header.metadata };
}

function place(entry: TensorEntry, read: Source, device: string): Tensor {
  let tensor: Tensor;
  try {
    tensor = readTensor(entry, read);
  } catch (cause) {
    // What torch says of sizes that it cannot hold.
    if (!(cause instanceof Error) || cause instanceof OutOfMemoryError || isSystemError(cause)) throw cause;
    const error = malformed(`tensor '${entry.name}' of shape [${entry.shape}]: ${cause.message}`);
    throw Object.assign(error, { cause });
  }
  return device === 'cpu' ? tensor : tensor.to(device);
}

/**
 * Reads the bytes of a safetensors file.
 *
 * @throws ValueError, with the reason, for malformed ones
 */
export const deserialize = pythonFunction(
  'deserialize',
  ['bytes', 'device'],
  (bytes: Uint8Array, device: DeviceLike = 'cpu'): Contents => {
    if (!isUint8Array(bytes)) {
      throw new TypeError(`deserialize(): bytes must be a Uint8Array, not ${typeof bytes}`);
    }
    const read: Source = (position, length) => bytes.subarray(position, position + length);
    return readContents(bytes.length, read, device);
  },
);

/** Opens a regular file; a pipe or a device has no size, and opening a pipe could wait for ever. */
function openFile(path: string): number {
  if (typeof path !== 'string') throw new TypeError(`the path of a file must be a string, not ${typeof path}`);
  const file = openSync(path, flags.O_RDONLY | (flags.O_NONBLOCK ?? 0));
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw malformed(`it is no regular file`);
}

function withFile<T>(path: string, body: (size: number, read: Source) => T): T {
  let file: number | undefined;
  try {
    file = openFile(path);
    const opened = file;
    const read: Source = (position, length) => {
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length; ) {
        const count = readSync(opened, bytes, done, length - done, position + done);
        if (count === 0) throw malformed(`it became shorter while it was read`);
        done += count;
      }
      return bytes;
    };
    return body(fstatSync(opened).size, read);
  } catch (error) {
    if (error instanceof ValueError) error.message = error.message.replace(/^safetensors: /, `safetensors: ${path}: `);
    throw fileError('read', path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Reads the tensors and the texts of a file.
 *
 * @throws ValueError, with the reason, for a malformed one
 */
export const readSafetensors = pythonFunction(
  'readSafetensors',
  ['path', 'device'],
  (path: string, device: DeviceLike = 'cpu'): Contents =>
    withFile(path, (size, read) => readContents(size, read, device)),
);

/**
 * Reads the texts of a file, and none of its tensors.
 *
 * @throws ValueError, with the reason, for a malformed one
 */
export const load_metadata = pythonFunction(
  'load_metadata',
  ['path'],
  (path: string): Record<string, string> => withFile(path, (size, read) => readStart(size, read).header.metadata),
);

/**
 * Reads the tensors of a file, by name.
 *
 * @throws ValueError, with the reason, for a malformed one
 */
export const load_file = pythonFunction(
  'load_file',
  ['filename', 'device'],
  (filename: string, device: DeviceLike = 'cpu'): Record<string, Tensor> =>
    withFile(filename, (size, read) => readContents(size, read, device)).tensors,
);
