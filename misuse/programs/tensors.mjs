// Tensors of every layout and dtype, for random programs.
import * as torch from 'isotorch';

const { asFloat } = torch;

export const DTYPES = [
  ...[torch.float32, torch.float32, torch.float32, torch.float64, torch.float16, torch.bfloat16],
  ...[torch.complex64, torch.complex128, torch.int64, torch.int32, torch.int8, torch.uint8, torch.bool],
];

/** Their shapes fit together often enough for operations to succeed. */
export const SHAPES = [[], [3], [2, 3], [3, 3], [1, 3], [2, 1], [3, 2], [0], [0, 3], [2, 2, 3], [1], [70, 70]];

const leaf = (size, dtype = torch.float32) => torch.ones(size, { dtype, requires_grad: true });

/** @param one draws one item of a list */
export const TENSORS = [
  (one) => torch.ones(one(SHAPES), { dtype: one(DTYPES) }),
  (one) => torch.randn(one(SHAPES)),
  (one) => leaf(one(SHAPES)),
  (one) => leaf(one(SHAPES), one(DTYPES)),
  (one) => leaf(one(SHAPES)).mul(asFloat(2)),
  (one) => new torch.nn.Parameter(torch.randn(one(SHAPES))),
  (one) => torch.ones(one(SHAPES), { device: 'meta' }),
  () => leaf([3, 3]).to_sparse(),
  () => torch.eye(3).to_sparse().requires_grad_(),
  () => torch.eye(3).to_sparse_csr(),
  () => torch.eye(4).to_sparse_bsr([2, 2]),
  () => torch.quantize_per_tensor(torch.ones([3]), asFloat(0.5), 0, torch.qint8),
  () => torch.quantize_per_channel(torch.ones([2, 3]), torch.ones([2]), torch.zeros([2]), 0, torch.quint8),
  () => torch.nested.nested_tensor([leaf([2]), leaf([3])]),
  () => torch.ones([2, 3]).to_mkldnn(),
  (one) => torch._efficientzerotensor(one(SHAPES)),
  () => torch.ones([3], { dtype: torch.complex64 }).conj(),
  () => torch.ops.aten._neg_view(torch.ones([3])),
  () => leaf([1, 3]).expand([2, 3]),
  () => leaf([2, 3]).t(),
  () => torch.arange(12).view([3, 4]).as_strided([2, 2], [1, 1]),
  () => torch.ops.aten._lazy_clone(torch.ones([2, 3])),
  () => torch.unsafe_from_typed_array(new Float32Array(3)),
];
