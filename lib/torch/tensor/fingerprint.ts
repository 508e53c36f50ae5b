/** A tensor's value in one line, for those who compare objects by what can be seen of them. */
import { dtypeOf, sha256, strided } from '../core';
import { handleOf, takeList, type TensorBase } from '../memory';
import { native } from '../native';
import { bytesOf, typedArrayOf } from './creation/elements';

const strangers = new WeakMap<TensorBase, number>();
let count = 0;

/** Up to so many bytes are written out, for who reads why two values differ; runners compare elements one by one, too. */
const FEW = 64;

/** A name for a tensor whose elements cannot be read: it equals itself alone. */
function nameOf(tensor: TensorBase): string {
  let number = strangers.get(tensor);
  if (number === undefined) {
    number = ++count;
    strangers.set(tensor, number);
  }
  return `unreadable #${number}`;
}

/**
 * Dtype, shape, device, and the bytes: themselves if they are few, or a hash of them: `float32[2, 3] cpu 5feceb66…`. Two tensors
 * have the same one if all of these agree, bit for bit. A tensor without readable bytes (disposed, sparse, quantized, on `meta`)
 * has one of its own. Never throws.
 */
export function fingerprint(tensor: TensorBase): string {
  if (tensor.is_disposed) return `disposed, ${nameOf(tensor)}`;
  try {
    const handle = handleOf(tensor);
    const dtype = dtypeOf(native.dtype(handle));
    const head = `${dtype.name}[${takeList(native.shape(handle)).join(', ')}] ${native.device(handle)}`;
    if (native.layout(handle) !== strided.code || native.is_quantized(handle)) return `${head} ${nameOf(tensor)}`;
    const bytes = bytesOf(handle);
    if (bytes.byteLength > FEW) {
      return `${head} ${sha256([new Uint8Array(bytes)]).slice(0, 32)}`;
    }
    return `${head} [${typedArrayOf(bytes, dtype.code).join(', ')}] ${Buffer.from(bytes).toString('hex')}`;
  } catch {
    return nameOf(tensor);
  }
}
