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
const opaque = (dtype: torch.dtype) => torch.ones([100, 100], { dtype }).to_mkldnn();
const rnn = (layers: number) =>
  [
    ones(2, 2, 2),
    [ones(8, 2)],
    4,
    null,
    ones(1, 2, 2),
    null,
    0,
    2,
    0,
    layers,
    false,
    0,
    false,
    false,
    [],
    null,
  ] as const;

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
    'no layers',
    () => aten._cudnn_rnn(...rnn(0)),
    TorchError,
    "aten::_cudnn_rnn(): argument 'num_layers' must be at least 1, not 0",
  ],
  [
    'a kernel that is not the weight of a convolution',
    () => aten.slow_conv3d_forward(ones(1, 1, 4, 4, 4), ones(1, 1, 1, 1, 1), [3, 3, 3], null, [1, 1, 1], [0, 0, 0]),
    TorchError,
    "aten::slow_conv3d_forward(): argument 'kernel_size' must be the last sizes of 'weight', [1, 1, 1, 1, 1], not [3, 3, 3]",
  ],
  [
    'a kernel that is not the weight of a transposed convolution',
    () => aten.slow_conv_transpose2d(ones(1, 1, 2, 2), ones(1, 1, 1, 1), [3, 3]),
    TorchError,
    "aten::slow_conv_transpose2d(): argument 'kernel_size' must be the last sizes of 'weight', [1, 1, 1, 1], not [3, 3]",
  ],
  [
    'a kernel larger than the input',
    () => aten.slow_conv3d_forward(ones(1, 1, 2, 2, 2), ones(1, 1, 5, 5, 5), [5, 5, 5], null, [1, 1, 1], [0, 0, 0]),
    TorchError,
    /Kernel size can't be greater than actual input size/,
  ],
  [
    'a gradient that is not of the distances',
    () => aten._cdist_backward(ones(1, 1), ones(2, 3), ones(5, 3), 2, ones(1, 1)),
    TorchError,
    "aten::_cdist_backward(): argument 'grad' must have the size [2, 5], not [1, 1]",
  ],
  [
    'distances of other batches',
    () => aten._cdist_backward(ones(4, 2, 5), ones(1, 2, 3), ones(4, 5, 3), 2, ones(2, 5)),
    TorchError,
    "aten::_cdist_backward(): argument 'cdist' must have the size [4, 2, 5], not [2, 5]",
  ],
  [
    'distances between rows of unlike length',
    () => aten._cdist_backward(ones(2, 5), ones(2, 3), ones(5, 1), 2, ones(2, 5)),
    TorchError,
    "aten::_cdist_backward(): arguments 'x1' and 'x2' must be matrices of as many columns, not of sizes [2, 3] and [5, 1]",
  ],
  [
    'an mkldnn tensor of halves in a list',
    () => aten._foreach_zero_([ones(2), opaque(torch.bfloat16)]),
    TorchError,
    "aten::_foreach_zero_(): argument 'self' must be float32 where it is an mkldnn tensor, not BFloat16",
  ],
  [
    'an mkldnn tensor of halves',
    () => opaque(torch.bfloat16).zero_(),
    TorchError,
    "aten::zero_(): argument 'self' must be float32 where it is an mkldnn tensor, not BFloat16",
  ],
  [
    'zeros like an mkldnn tensor of halves',
    () => opaque(torch.bfloat16).new_zeros([2]),
    TorchError,
    "aten::new_zeros(): argument 'dtype' must be float32 in the layout of mkldnn tensors, not BFloat16",
  ],
  [
    'zeros of halves like an mkldnn tensor',
    () => opaque(torch.float32).new_zeros([2], { dtype: torch.float16 }),
    TorchError,
    "aten::new_zeros(): argument 'dtype' must be float32 in the layout of mkldnn tensors, not Half",
  ],
  [
    'bags of rows without elements',
    () => torch.embedding_bag(ones(4, 3), long().view(5, 0), long(0, 5)),
    TorchError,
    "aten::embedding_bag(): argument 'offsets' must be 0 where 'indices' has no elements, but has 5",
  ],
  [
    'rows of no offsets',
    () => torch.embedding_bag(ones(4, 3), long(0, 1), long().view(4, 0)),
    TorchError,
    "aten::embedding_bag(): argument 'offsets' must have 1 dimension, not the size [4, 0]",
  ],
  [
    'a copy in the place of a sparse tensor',
    () => aten._foreach_copy([torch.eye(2).to_sparse_csr()], [torch.eye(2)]),
    TorchError,
    "aten::_foreach_copy(): argument 'self' must be a strided tensor with memory, not SparseCsr",
  ],
  [
    'a bag before the first',
    () => torch.embedding_bag(ones(4, 3), long(0, 1), long(0, -9, 2)),
    TorchError,
    "aten::embedding_bag(): argument 'offsets' must not be negative, but has -9",
  ],
  [
    "bags outside of the indices, in libtorch's words",
    () => torch.embedding_bag(ones(4, 3), long(0, 1), long(0, 9)),
    TorchError,
    /^offsets\[-1\] can not be greater than input's length 2/,
  ],
  [
    'a dimension counted from the end',
    () => aten._cummin_helper(ones(2, 3), ones(2, 3), long(0, 0, 0, 0, 0, 0).view(2, 3), -1),
    TorchError,
    "aten::_cummin_helper(): argument 'dim' must be at least 0, not -1",
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
  expect(
    listOf(aten.slow_conv3d_forward(ones(1, 1, 2, 2, 2), ones(1, 1, 2, 2, 2), [2, 2, 2], null, [1, 1, 1], [0, 0, 0])),
  ).toEqual([[[[[8]]]]]);
  expect(listOf(aten.slow_conv_transpose2d(ones(1, 1, 2, 2), ones(1, 1, 2, 2), [2, 2]))).toEqual([
    [
      [
        [1, 2, 1],
        [2, 4, 2],
        [1, 2, 1],
      ],
    ],
  ]);
  expect(listOf(aten._cdist_backward(ones(2, 3), ones(2, 3), ones(3, 3).mul(2), 2, ones(2, 3)))).toEqual([
    [-3, -3, -3],
    [-3, -3, -3],
  ]);
  // The batches of the rows are broadcast.
  const broadcast = aten._cdist_backward(ones(4, 2, 5), ones(1, 2, 3), ones(4, 5, 3).mul(2), 2, ones(4, 2, 5));
  expect(listOf(broadcast)).toEqual(Array(4).fill(Array(2).fill([-5, -5, -5])));
  const floats = opaque(torch.float32);
  aten._foreach_zero_([floats]);
  expect(floats.to_dense().sum().item()).toBe(0);
  expect(floats.new_zeros([2]).to_dense().tolist()).toEqual([0, 0]);
  expect(torch.embedding_bag(ones(4, 3), long(0, 1, 2), long(0, 2))[0].tolist()).toEqual([
    [2, 2, 2],
    [1, 1, 1],
  ]);
  expect(torch.embedding_bag(ones(4, 3), long().view(5, 0), long(0))[0].tolist()).toEqual([[0, 0, 0]]);
  const places = long(0, 0, 0, 0, 0, 0).view(2, 3);
  aten._cummin_helper(ones(2, 3), ones(2, 3), places, 1);
  expect(listOf(places)).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
});

it('lets pass what another device is asked for', () => {
  expect(() => aten._cudnn_rnn(...rnn(1))).toThrow(
    /^Could not run 'aten::_cudnn_rnn' with arguments from the 'CPU' backend/,
  );
});
