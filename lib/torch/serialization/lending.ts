/** The memory of tensors, read and written in place: a model of gigabytes is never in memory twice. */
import { native } from '../native';
import { handleOf, type Tensor } from '../memory';

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
export function eachPiece(bytes: Uint8Array, body: (piece: Uint8Array, start: number) => void): void {
  for (let start = 0; start < bytes.length; start += CACHED) body(bytes.subarray(start, start + CACHED), start);
}
