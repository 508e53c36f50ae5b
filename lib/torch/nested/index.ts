/**
 * `torch.nested`: tensors of tensors of different sizes (`torch/nested/__init__.py`), in the strided layout. The jagged
 * layout is a subclass of Tensor that Python defines in Python; it is refused.
 */
import { NotImplementedError, TorchError } from '../native';
import * as raw from '../generated/functions';
import { type DeviceLike, type Dtype, isInt, jagged, type Layout, strided } from '../core';
import { tensor, type TensorData } from '../tensor';
import { isTensor, type Tensor } from '../memory';
import { pythonFunction } from '../call';

export { to_padded_tensor } from '../generated/nested';

function refuseLayout(layout: Layout | null, what: string): void {
  if (layout === null || layout === strided) return;
  if (layout === jagged) {
    throw new NotImplementedError('the jagged layout of nested tensors is written in Python and not available here');
  }
  throw new TorchError(`Specified layout is unsupported for ${what}: ${layout}`);
}

function component(item: unknown, dtype: Dtype | null, device: DeviceLike | null): Tensor {
  if (!isTensor(item)) {
    return tensor(item as TensorData, { dtype: dtype ?? undefined, device: device ?? undefined });
  }
  const part = (item as Tensor).detach();
  if (part.is_nested) throw new TorchError('We do not accept nested tensors as input to nested tensors');
  return part;
}

/**
 * A nested tensor of copies of the tensors (or data) in a list, a leaf for autograd.
 * @see https://docs.pytorch.org/docs/stable/nested.html
 */
export const nested_tensor = pythonFunction(
  'nested_tensor',
  ['tensor_list', '*', 'dtype', 'layout', 'device', 'requires_grad', 'pin_memory'],
  (
    tensor_list: readonly TensorData[],
    dtype: Dtype | null = null,
    layout: Layout | null = null,
    device: DeviceLike | null = null,
    requires_grad: boolean = false,
    pin_memory: boolean = false,
  ): Tensor => {
    refuseLayout(layout, 'nested tensors');
    if (!Array.isArray(tensor_list)) {
      throw new TypeError('Only lists (List[Tensor] and List[List...[Scalar]]) are accepted in nested_tensor');
    }
    const parts = (tensor_list as readonly TensorData[]).map((item) => component(item, dtype, device));
    const result = raw._nested_tensor_from_tensor_list(
      parts,
      dtype ?? parts[0]?.dtype ?? null,
      null,
      device ?? parts[0]?.device ?? null,
      pin_memory,
    );
    return requires_grad ? result.requires_grad_() : result;
  },
);

function fromTensor(given: Tensor, dtype: Dtype | null, device: DeviceLike | null, layout: Layout | null): Tensor {
  if (given.dim() < 2) throw new TorchError('as_nested_tensor(): Expected tensor argument to have dim() > 1');
  const convert = (source: Tensor): Tensor => source.to({ dtype: dtype ?? undefined, device: device ?? undefined });
  if (given.is_nested) {
    if (layout === given.layout) return convert(given);
    throw new TorchError('as_nested_tensor(): Converting between nested tensor layouts is not supported');
  }
  refuseLayout(layout, 'nested tensors');
  const row = given.shape.slice(1).map(BigInt);
  const sizes = tensor(Array.from({ length: given.size(0) }, () => row));
  const [strides, offsets] = raw._nested_compute_contiguous_strides_offsets(sizes);
  return raw._nested_view_from_buffer(convert(given.reshape(-1)), sizes, strides, offsets);
}

/**
 * A nested tensor of the tensors in a list, or of the slices of a tensor along its first dimension, with their history.
 * @see https://docs.pytorch.org/docs/stable/nested.html
 */
export const as_nested_tensor = pythonFunction(
  'as_nested_tensor',
  ['ts', 'dtype', 'device', 'layout'],
  (
    ts: Tensor | readonly Tensor[],
    dtype: Dtype | null = null,
    device: DeviceLike | null = null,
    layout: Layout | null = null,
  ): Tensor => {
    if (isTensor(ts)) return fromTensor(ts as Tensor, dtype, device, layout);
    if (!Array.isArray(ts) || !ts.every(isTensor)) {
      throw new TypeError('as_nested_tensor(): Expected first argument to be a tensor or a list / tuple of tensors ');
    }
    refuseLayout(layout, 'nested tensors');
    return raw._nested_tensor_from_tensor_list(ts as unknown as Tensor[], dtype, null, device, null);
  },
);

/** A nested tensor of a part of each slice of `tensor` along its first dimension. */
export const narrow = pythonFunction(
  'narrow',
  ['tensor', 'dim', 'start', 'length', 'layout'],
  (tensor: Tensor, dim: number, start: number | Tensor, length: number | Tensor, layout: Layout = strided): Tensor => {
    if (!isInt(start) && !isTensor(start)) throw new TorchError('start must be an integer or a tensor');
    if (!isInt(length) && !isTensor(length)) throw new TorchError('length must be an integer or a tensor');
    refuseLayout(layout, 'nested narrow');
    if (isTensor(start) || isTensor(length)) {
      throw new TorchError('start and length must be integers for the strided layout NT impl');
    }
    return as_nested_tensor(tensor.unbind()).narrow(dim, start, length);
  },
);
