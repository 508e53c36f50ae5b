/** The memory of tensors, read and written in place: a model of gigabytes is never in memory twice. */
import { native } from '../native';
import { handleOf, type Tensor } from '../memory';
import type { Source } from './source';
import { crc32 } from './zip/crc';

/** Bytes that JavaScript has at a time. */
const WINDOW = 2 ** 30;

/** Calls `body` with the bytes of the tensor's storage, part by part. They are there only while it runs. */
export function eachWindow(storage: Tensor, size: number, body: (bytes: Uint8Array, start: number) => void): void {
  for (let start = 0; start < size; start += WINDOW) {
    const length = Math.min(WINDOW, size - start);
    native.lend_memory(handleOf(storage), start, length, (memory) => body(new Uint8Array(memory), start));
  }
}

/** Bytes handled at a time where each is looked at twice: what the processor's cache holds. */
const CACHED = 2 ** 20;

/** Calls `body` with the bytes in pieces that stay in the processor's cache between two looks. */
function eachPiece(bytes: Uint8Array, body: (piece: Uint8Array, start: number) => void): void {
  for (let start = 0; start < bytes.length; start += CACHED) body(bytes.subarray(start, start + CACHED), start);
}

/** Fills a storage from a position of a file on, and gives the CRC-32 of its bytes. */
export function fillStorage(storage: Tensor, size: number, source: Source, position: number): number {
  if (size === 0) return 0;
  if (source.file !== undefined) {
    source.check(position, size);
    const sum = native.read_storage(handleOf(storage), size, source.file, position);
    if (sum >= 0) return sum;
  }
  let sum = 0;
  eachWindow(storage, size, (window, start) => {
    eachPiece(window, (piece, at) => {
      source.fill(piece, position + start + at);
      sum = crc32(piece, sum);
    });
  });
  return sum;
}

/** CRC-32 of a storage's bytes. */
export function crcOfStorage(storage: Tensor, size: number): number {
  if (size === 0) return 0;
  const known = native.storage_crc32(handleOf(storage), size);
  if (known >= 0) return known;
  let sum = 0;
  eachWindow(storage, size, (window) => {
    sum = crc32(window, sum);
  });
  return sum;
}
