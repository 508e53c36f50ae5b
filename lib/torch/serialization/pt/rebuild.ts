/** The functions by which pickles make tensors again: what Python has in `torch/_utils.py`. */
import { aten } from '../../call';
import { Dtype, dtypes, Layout, QScheme, sparse_coo } from '../../core';
import { _empty_affine_quantized, _empty_per_channel_affine_quantized } from '../../generated/functions';
import { handleOf, isTensor, type Tensor, wrap } from '../../memory';
import { native } from '../../native';
import { Parameter } from '../../nn';
import { sparse_compressed_tensor, sparse_coo_tensor } from '../../sparse/inside';
import { Float } from '../../core';
import { Made, PyDict, PyList, PyTuple } from '../pickle/values';
import { fault } from '../source';
import { checkBounds, StorageRef, tensorOver, wholeNumbers } from './storages';

/** Where tensors go that are on another device than their storage. */
export interface Placement {
  /** The device for a tensor that was at this one. */
  place(device: string): string;
}

type Args = readonly unknown[];

function sizesOf(value: unknown, what: string): number[] {
  const items = value instanceof PyTuple ? value.items : value instanceof Made ? value.value : undefined;
  if (!Array.isArray(items)) throw fault(`a tensor has no ${what}s`);
  return wholeNumbers(items, what);
}

function storageOf(value: unknown): StorageRef {
  if (value instanceof StorageRef) return value;
  throw fault('a tensor has no storage');
}

function tensorOf(value: unknown): Tensor {
  if (isTensor(value)) return value as Tensor;
  throw fault('its pickle has something else in the place of a tensor');
}

function dtypeOf(value: unknown): Dtype {
  if (value instanceof Dtype) return value;
  throw fault('a tensor has no dtype');
}

const real = (value: unknown): number => (value instanceof Float ? value.float : Number(value));

/** Sets what a tensor has besides its elements. */
function finished(tensor: Tensor, requires_grad: unknown, metadata?: unknown): Tensor {
  let result = tensor;
  if (metadata instanceof PyDict) {
    // Views that say so; without history, they are as Python's, which sets the bits themselves.
    for (const [bit, view] of [
      ['conj', '_conj'],
      ['neg', '_neg_view'],
    ] as const) {
      if (metadata.entries.get(bit) === true) result = wrap(native.alias(handleOf(wrap(aten(view)(handleOf(result))))));
    }
  }
  if (requires_grad === true) native.set_requires_grad(handleOf(result), true);
  return result;
}

function rebuildDense(args: Args, dtype: Dtype, metadata: unknown): Tensor {
  const [storage, offset, sizes, strides, requires_grad] = args;
  const [start] = wholeNumbers([offset], 'offset');
  const tensor = tensorOver(storageOf(storage), dtype, start!, sizesOf(sizes, 'size'), sizesOf(strides, 'stride'));
  return finished(tensor, requires_grad, metadata);
}

/** Scales or zero points for each channel. */
function perChannel(value: unknown, count: number): Tensor {
  if (value instanceof PyList) throw fault('a quantized tensor has lists of scales, as old versions of PyTorch wrote');
  const numbers = tensorOf(value);
  if (numbers.numel() === count) return numbers;
  throw fault(`a quantized tensor of ${count} channels has ${numbers.numel()} scales or zero points`);
}

function rebuildQuantized(args: Args): Tensor {
  const [storage, offset, sizes, strides, params, requires_grad] = args;
  const ref = storageOf(storage);
  const size = sizesOf(sizes, 'size');
  const stride = sizesOf(strides, 'stride');
  const [start] = wholeNumbers([offset], 'offset');
  const [scheme, first, second, third] = params instanceof PyTuple ? params.items : [];
  checkBounds(ref.size, ref.dtype.itemsize, start!, size, stride);
  const device = native.device(handleOf(ref.bytes));
  let tensor: Tensor;
  if (scheme === dtypes.per_tensor_affine) {
    tensor = _empty_affine_quantized(size, { scale: real(first), zero_point: real(second), dtype: ref.dtype, device });
  } else if (scheme instanceof QScheme && /per_channel_affine/.test(scheme.name)) {
    const [axis] = wholeNumbers([third], 'axis');
    if (axis! >= size.length) throw fault(`a quantized tensor of shape [${size}] has its scales along axis ${axis}`);
    const scales = perChannel(first, size[axis!]!);
    const zero_points = perChannel(second, size[axis!]!);
    tensor = _empty_per_channel_affine_quantized(size, { scales, zero_points, axis: axis!, dtype: ref.dtype, device });
  } else {
    throw fault(`a quantized tensor has the scheme ${String(scheme)}, which is not read`);
  }
  aten('set_.source_Storage_storage_offset')(handleOf(tensor), handleOf(ref.bytes), start, size, stride);
  return finished(tensor, requires_grad);
}

function rebuildSparse(args: Args): Tensor {
  const [layout, data] = args;
  const parts = data instanceof PyTuple ? data.items : [];
  if (!(layout instanceof Layout)) throw fault('a sparse tensor has no layout');
  // Checked whatever the switch says: kernels believe indices, and these come from a file.
  if (layout === sparse_coo) {
    const [indices, values, sizes, coalesced] = parts;
    const is_coalesced = typeof coalesced === 'boolean' ? coalesced : null;
    return sparse_coo_tensor(tensorOf(indices), tensorOf(values), sizesOf(sizes, 'size'), {
      check_invariants: true,
      is_coalesced,
    });
  }
  const [compressed, plain, values, sizes] = parts;
  return sparse_compressed_tensor(tensorOf(compressed), tensorOf(plain), tensorOf(values), sizesOf(sizes, 'size'), {
    layout,
    check_invariants: true,
  });
}

function rebuildMeta(args: Args): Tensor {
  const [dtype, sizes, strides, requires_grad] = args;
  const size = sizesOf(sizes, 'size');
  const tensor = wrap(aten('empty_strided')(size, sizesOf(strides, 'stride'), dtypeOf(dtype).code, null, 'meta'));
  return finished(tensor, requires_grad);
}

/** The functions, by their names in `torch._utils`. */
export function rebuildFunctions(placement: Placement): Readonly<Record<string, (args: Args) => unknown>> {
  const parameter = ([data, requires_grad]: Args) => new Parameter(tensorOf(data), requires_grad === true);
  return {
    _rebuild_tensor: (args) => rebuildDense(args, storageOf(args[0]).dtype, undefined),
    _rebuild_tensor_v2: (args) => rebuildDense(args, storageOf(args[0]).dtype, args[6]),
    _rebuild_tensor_v3: (args) => rebuildDense(args, dtypeOf(args[6]), args[7]),
    _rebuild_qtensor: rebuildQuantized,
    _rebuild_sparse_tensor: rebuildSparse,
    _rebuild_meta_tensor_no_storage: rebuildMeta,
    _rebuild_parameter: parameter,
    _rebuild_parameter_with_state: parameter,
    _rebuild_device_tensor_from_cpu_tensor: ([data, dtype, device, requires_grad]) =>
      finished(
        tensorOf(data)
          .to(dtypeOf(dtype))
          .to(placement.place(String(device))),
        requires_grad,
      ),
  };
}
