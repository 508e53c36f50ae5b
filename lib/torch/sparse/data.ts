/** Arguments that are tensors, or data for them. */
import { type DeviceLike, type Dtype, int64, isInt } from '../core';
import { tensor, type TensorData } from '../tensor';
import { isTensor, type Tensor } from '../memory';

/** Data as a tensor of this dtype (undefined: what the data asks for); a tensor keeps its history. */
export function asTensor(data: unknown, dtype: Dtype | undefined, device: DeviceLike | undefined): Tensor {
  if (!isTensor(data)) return tensor(data as TensorData, { dtype, device });
  return (data as Tensor).to({ dtype, device });
}

/** Whether the data are integers only; such numbers would be float32 as values, but are int64 as indices. */
function integers(data: unknown): boolean {
  return Array.isArray(data) ? data.every(integers) : isInt(data);
}

/** Indices as a tensor: like other data, but integer-valued numbers are int64. */
export function asIndices(data: unknown, dtype: Dtype | undefined, device: DeviceLike | undefined): Tensor {
  return asTensor(data, dtype ?? (integers(data) ? int64 : undefined), device);
}
