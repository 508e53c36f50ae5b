// Kernels that trust their callers, called by themselves: a call of each kind that is refused, and neighbours that are computed.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { _efficientzerotensor } from '../support/private';

const { aten } = torch.ops;
const long = (...values: number[]) => torch.tensor(values, { dtype: torch.int64 });
const ones = (...size: number[]) => torch.ones(size);
const rows = "argument 'crow_indices' must rise from 0 to 3";
const { TorchError } = torch;
const listOf = (result: unknown) => (result as torch.Tensor).tolist();

itRefuses([
  [
    'row starts that fall',
    () => aten._convert_indices_from_csr_to_coo(long(0, 9, 3), long(0, 1, 0)),
    TorchError,
    `aten::_convert_indices_from_csr_to_coo(): ${rows}`,
  ],
  [
    'a row outside of the matrix',
    () => aten._convert_indices_from_coo_to_csr(long(7), 2),
    TorchError,
    "aten::_convert_indices_from_coo_to_csr(): argument 'self' must be from 0 to 1 (size), but has 7",
  ],
  [
    'an index outside of the pooled plane',
    () => aten.adaptive_max_pool2d_backward(ones(1, 1, 1), ones(1, 2, 2), long(4).view(1, 1, 1)),
    TorchError,
    "aten::adaptive_max_pool2d_backward(): argument 'indices' must be from 0 to 3 (the last 2 sizes of self), but has 4",
  ],
  [
    'a gradient of another size',
    () => aten._softmax_backward_data(ones(2, 3), ones(2, 40), 1, torch.float32),
    TorchError,
    "aten::_softmax_backward_data(): argument 'grad_output' must have the size of 'output', [2, 40], not [2, 3]",
  ],
  [
    'a list of one',
    () => aten.reflection_pad1d_backward(ones(1, 4), ones(1, 2), [1]),
    TorchError,
    "aten::reflection_pad1d_backward(): argument 'padding' must have 2 items, not 1",
  ],
  [
    'no running statistics',
    () => aten.native_batch_norm(ones(2, 3), null, null, null, null, false, 0.1, 1e-5),
    TorchError,
    "aten::native_batch_norm(): argument 'running_mean' must be a tensor, not None",
  ],
  [
    'a dimension there is not',
    () => aten._fft_r2c(ones(4), [1000], 0, true),
    TorchError,
    "aten::_fft_r2c(): argument 'dim' must be dimensions of 'self', which has 1, not 1000",
  ],
  ['an empty list', () => aten._stack([], 0), TorchError, "aten::_stack(): argument 'tensors' must not be empty"],
  [
    'a divisor of zero',
    () => aten._transform_bias_rescale_qkv(ones(1, 1, 3), ones(3), 0),
    TorchError,
    "aten::_transform_bias_rescale_qkv(): argument 'num_heads' must be at least 1, not 0",
  ],
  [
    'sizes outside of the storage',
    () => aten._reshape_alias(ones(4), [4], [100_000]),
    TorchError,
    "aten::_reshape_alias(): arguments 'size' and 'stride' lead out of the storage of 16 bytes",
  ],
  [
    'out without memory',
    () => torch.kron(ones(2), ones(2), { out: _efficientzerotensor([4]) }),
    TorchError,
    /^ZeroTensors are immutable/,
  ],
]);

it('computes what fits', () => {
  expect(listOf(aten._convert_indices_from_csr_to_coo(long(0, 2, 3), long(0, 1, 0)))).toEqual([
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(listOf(aten.adaptive_max_pool2d_backward(ones(1, 1, 1), ones(1, 2, 2), long(3).view(1, 1, 1)))).toEqual([
    [
      [0, 0],
      [0, 1],
    ],
  ]);
  expect(listOf(aten.reflection_pad1d_backward(ones(1, 4), ones(1, 2), [1, 1]))).toEqual([[2, 2]]);
  expect(listOf(aten._reshape_alias(ones(4), [2], [3]))).toEqual([1, 1]);
});
