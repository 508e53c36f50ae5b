/**
 * Memory shared between tensors and typed arrays, without a copy. Unsafe, because autograd does not notice what is
 * written through an array, and kernels see memory that JavaScript changes whenever it likes.
 */
import { forgetDeadCallbacks, native, registerCallback } from '../../native';
import { handleOf, type Tensor, type TensorBase, wrap } from '../../memory';
import { codeOfTypedArray, refuseDetached, type TypedArray, typedArrayOf } from './elements';
import { isSharedArrayBuffer, typeName } from '../../core';

/** See `Tensor.unsafe_typed_array`. */
export function unsafeTypedArray(tensor: TensorBase): TypedArray {
  const handle = handleOf(tensor);
  const buffer = native.unsafe_buffer(handle);
  Object.defineProperties(buffer, untransferable);
  return typedArrayOf(buffer, native.dtype(handle));
}

function refuseTransfer(): never {
  throw new TypeError('this ArrayBuffer cannot be transferred: a tensor uses its memory');
}

// What structuredClone and postMessage are told by markAsUntransferable.
const untransferable: PropertyDescriptorMap = {
  transfer: { value: refuseTransfer },
  transferToFixedLength: { value: refuseTransfer },
};
const marked = new WeakSet<ArrayBuffer>();

// Of any array and buffer, whatever properties they or their classes have.
const { get: bufferOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'buffer')!;
const { get: resizableOf } = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable') ?? {};

function keepInPlace(buffer: ArrayBuffer): void {
  if (marked.has(buffer)) return;
  if (!Object.isExtensible(buffer)) {
    throw new TypeError(
      'unsafe_from_typed_array(): the ArrayBuffer is frozen and cannot be kept from being transferred',
    );
  }
  if (!native.pin_buffer(buffer)) {
    throw new TypeError(
      'unsafe_from_typed_array(): the ArrayBuffer is memory of WebAssembly, which may move; copy it first',
    );
  }
  Object.defineProperties(buffer, untransferable);
  // Hardly any program comes here; all would wait for Node to load its threads.
  process.getBuiltinModule('node:worker_threads').markAsUntransferable(buffer);
  marked.add(buffer);
}

/**
 * A one-dimensional tensor over the memory of a typed array: what is written to either is seen in both. The tensor,
 * its views and its graph keep the array alive.
 *
 * The array's buffer can no longer be transferred (`structuredClone`, `postMessage` and `transfer()` refuse, for good),
 * because the tensor would be left without memory. Memory of a `WebAssembly.Memory` is refused: it may move.
 * Results may differ in the last bit from a tensor's own memory, which is aligned; `torch.tensor(array)` copies.
 *
 * @throws TypeError for shared, resizable, detached, frozen or WebAssembly's buffers, and for anything but a typed array
 */
export function unsafe_from_typed_array(array: TypedArray): Tensor {
  const code = codeOfTypedArray(array);
  if (code === undefined) {
    throw new TypeError(`unsafe_from_typed_array(): expected a typed array, not ${typeName(array)}`);
  }
  const buffer = bufferOf!.call(array) as ArrayBuffer;
  if (isSharedArrayBuffer(buffer)) {
    throw new TypeError(
      'unsafe_from_typed_array(): another thread may write a SharedArrayBuffer while a kernel reads it; copy it first',
    );
  }
  if (resizableOf?.call(buffer) === true) {
    throw new TypeError('unsafe_from_typed_array(): the ArrayBuffer is resizable, so its memory may go away');
  }
  refuseDetached('unsafe_from_typed_array', array);
  keepInPlace(buffer);
  forgetDeadCallbacks();
  // Native code holds the number; the function holds the array until the number is reported dead.
  return wrap(
    native.unsafe_from_buffer(
      array,
      code,
      registerCallback(() => array),
    ),
  );
}
