/** `torch.asarray`: data as a tensor, shared where that is possible. */
import { native, ValueError } from '../../native';
import { frombuffer, tensor } from './tensor';
import { device as makeDevice, type DeviceLike, type Dtype, isAnyArrayBuffer, isDataView } from '../../core';
import { get_default_dtype, pythonFunction } from '../../call';
import { handleOf, isTensor, type Tensor } from '../../memory';
import type { TensorData } from './nested_data';

/** C++'s name of a dtype in the message. */
const shown = (dtype: Dtype): string =>
  ({ float32: 'Float', float64: 'Double', float16: 'Half', int64: 'Long', int32: 'Int', int16: 'Short', int8: 'Char' })[
    dtype.name as 'float32'
  ] ?? dtype.name.replace(/^./, (letter) => letter.toUpperCase());

function ofTensor(
  obj: Tensor,
  dtype: Dtype | null,
  device: DeviceLike | null,
  copy: boolean | null,
  requires_grad: boolean,
): Tensor {
  const wrongDevice = device !== null && !makeDevice(device).equals(obj.device);
  const wrongDtype = dtype !== null && dtype !== obj.dtype;
  let result = obj;
  if (copy === false) {
    if (wrongDevice) throw new ValueError(`can't alias tensor from device '${obj.device}' to '${device}'.`);
    if (wrongDtype) {
      throw new ValueError(`can't alias tensor with dtype '${shown(obj.dtype)}' into dtype '${shown(dtype)}'.`);
    }
  } else if (wrongDevice || wrongDtype) {
    result = obj.to({ device: device ?? obj.device, dtype: dtype ?? obj.dtype, copy: copy === true });
  } else if (copy === true) result = obj.clone();
  if (!requires_grad && result.requires_grad && !obj.requires_grad) result = result.detach();
  else if (requires_grad && !result.requires_grad) native.set_requires_grad(handleOf(result), true);
  return result;
}

/**
 * `obj` as a tensor. A tensor is returned itself, or converted; bytes (an ArrayBuffer, a DataView or a Buffer) are read
 * as elements of `dtype`; anything else is data as for `torch.tensor`. Memory of JavaScript is always copied.
 * @throws ValueError where `copy` is false and a copy would be needed
 * @see https://docs.pytorch.org/docs/stable/generated/torch.asarray.html
 */
export const asarray = pythonFunction(
  'asarray',
  ['obj', '*', 'dtype', 'device', 'copy', 'requires_grad'],
  (
    obj: TensorData | ArrayBufferLike | DataView,
    dtype: Dtype | null = null,
    device: DeviceLike | null = null,
    copy: boolean | null = null,
    requires_grad: boolean = false,
  ): Tensor => {
    if (isTensor(obj)) return ofTensor(obj as Tensor, dtype, device, copy, requires_grad);
    if (copy === false) throw new ValueError("can't alias arbitrary sequence into a tensor.");
    const where = device === null ? {} : { device };
    if (isAnyArrayBuffer(obj) || isDataView(obj)) {
      const read = frombuffer(obj, { dtype: dtype ?? get_default_dtype() });
      const there = device === null ? read : read.to(device);
      return requires_grad ? there.requires_grad_() : there;
    }
    return tensor(obj, { ...(dtype === null ? {} : { dtype }), ...where, requires_grad });
  },
);
