/**
 * Tensors in files: the safetensors format, which Python's `safetensors` package reads and writes too.
 * A file says nothing but names, dtypes, shapes and text: reading one runs no code.
 */
import { constants } from 'node:buffer';
import { closeSync } from 'node:fs';
import { OutOfMemoryError, ValueError } from '../../native';
import { device as toDevice, type DeviceLike, isUint8Array, sha256, uint8 } from '../../core';
import { pythonFunction, surplus } from '../../call';
import { from_file } from '../../generated/functions';
import { scope, type Tensor } from '../../memory';
import { writeAtomically } from '../atomic';
import { fileError, isSystemError } from '../file_error';
import { openRegular, type Source, sourceOfBytes, sourceOfFile } from '../source';
import { bytePieces, mapTensor, readTensor } from './data';
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
  /** Maps the file instead of reading it. Default false. */
  mmap?: boolean;
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

/** Header of a file, and where its data starts. */
function readStart(source: Source): { header: Header; start: number } {
  const length = readHeaderLength(source.size < 8 ? new Uint8Array(0) : source.read(0, 8), source.size);
  const start = 8 + length;
  return { header: readHeader(source.read(8, length), source.size - start), start };
}

/** How tensors are read. */
interface Plan {
  device: DeviceLike;
  mmap: boolean;
}

function readContents(source: Source, plan: Plan): Contents {
  const device = String(toDevice(plan.device));
  const { header, start } = readStart(source);
  return scope(() => {
    const { path, size } = source;
    const mapped = plan.mmap && path !== undefined ? from_file(path, false, size, { dtype: uint8 }) : undefined;
    const tensors: Record<string, Tensor> = Object.create(null);
    for (const entry of header.entries) {
      const tensor = named(entry, () => {
        const there = mapped && mapTensor(entry, mapped, start);
        return there ?? readTensor(entry, source, start);
      });
      tensors[entry.name] = device === 'cpu' ? tensor : tensor.to(device);
    }
    return { tensors, metadata: header.metadata };
  });
}

/** Runs `read`; what torch says of sizes that it cannot hold is said with the tensor's name. */
function named(entry: TensorEntry, read: () => Tensor): Tensor {
  try {
    return read();
  } catch (cause) {
    const isOthers = cause instanceof OutOfMemoryError || cause instanceof ValueError || isSystemError(cause);
    if (!(cause instanceof Error) || isOthers) throw cause;
    const error = malformed(`tensor '${entry.name}' of shape [${entry.shape}]: ${cause.message}`);
    throw Object.assign(error, { cause });
  }
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
    return readContents(sourceOfBytes(bytes), { device, mmap: false });
  },
);

function withFile<T>(path: string, body: (source: Source) => T): T {
  if (typeof path !== 'string') throw new TypeError(`the path of a file must be a string, not ${typeof path}`);
  let file: number | undefined;
  try {
    file = openRegular(path);
    return body(sourceOfFile(path, file));
  } catch (error) {
    if (error instanceof ValueError) {
      error.message = `safetensors: ${path}: ${error.message.replace(/^safetensors: /, '')}`;
    }
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
  ['path', 'device', '*', 'mmap'],
  (path: string, device: DeviceLike = 'cpu', mmap: boolean = false): Contents =>
    withFile(path, (source) => readContents(source, { device, mmap })),
);

/**
 * Reads the texts of a file, and none of its tensors.
 *
 * @throws ValueError, with the reason, for a malformed one
 */
export const load_metadata = pythonFunction(
  'load_metadata',
  ['path'],
  (path: string): Record<string, string> => withFile(path, (source) => readStart(source).header.metadata),
);

/**
 * Reads the tensors of a file, by name.
 *
 * With `mmap` the file is mapped, as Python's package does: tensors are read from the disk when they are used. What replaces the file
 * does not change them; who cuts it short where it lies ends the process that uses them.
 *
 * @throws ValueError, with the reason, for a malformed one
 */
export const load_file = pythonFunction(
  'load_file',
  ['filename', 'device', '*', 'mmap'],
  (filename: string, device: DeviceLike = 'cpu', mmap: boolean = false): Record<string, Tensor> =>
    withFile(filename, (source) => readContents(source, { device, mmap })).tensors,
);
