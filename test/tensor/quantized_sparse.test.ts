// Sparse and quantized tensors as far as the operators go: constructors, parts, conversions, gradients, against Python's.
import * as torch from 'isotorch';
import { parity } from '../support/parity';

const floats = (count: number) => torch.arange(0, count, { dtype: torch.float32 });

parity(
  'sparse tensors',
  [
    {
      name: 'coordinates: parts, coalescing, arithmetic',
      python: `
s = torch.sparse_coo_tensor([[0, 1, 1, 0], [2, 0, 2, 2]], [3., 4., 5., 6.], (2, 3))
c = s.coalesce()
return [s.is_sparse, s.is_coalesced(), s._nnz(), s.sparse_dim(), s.dense_dim(), s._indices(), s._values(),
        c.indices(), c.values(), c.is_coalesced(), s.to_dense(), (s + s).to_dense(), s.t().to_dense(),
        torch.sparse.mm(c, torch.arange(6.).reshape(3, 2)), c.sum().item(), s[1].to_dense(), c.to_sparse_csr().crow_indices()]`,
      ours: () => {
        const at = [
          [0, 1, 1, 0],
          [2, 0, 2, 2],
        ];
        const s = torch.sparse_coo_tensor(at, [3, 4, 5, 6], [2, 3]);
        const c = s.coalesce();
        return [
          ...[s.is_sparse, s.is_coalesced(), s._nnz(), s.sparse_dim(), s.dense_dim(), s._indices(), s._values()],
          ...[c.indices(), c.values(), c.is_coalesced(), s.to_dense(), s.add(s).to_dense(), s.t().to_dense()],
          torch.sparse.mm(c, floats(6).reshape([3, 2])),
          c.sum().item() as number,
          s.get(1).to_dense(),
          c.to_sparse_csr().crow_indices(),
        ];
      },
    },
    {
      name: 'compressed: every layout there and back',
      python: `
x = torch.tensor([[0., 1., 0., 2.], [3., 0., 0., 0.], [0., 0., 4., 0.], [0., 5., 0., 6.]])
csr, csc = x.to_sparse_csr(), x.to_sparse_csc()
bsr, bsc = x.to_sparse_bsr((2, 2)), x.to_sparse_bsc((2, 2))
made = torch.sparse_csr_tensor([0, 2, 3], [0, 2, 1], [1., 2., 3.], (2, 3))
return [csr.crow_indices(), csr.col_indices(), csr.values(), csc.ccol_indices(), csc.row_indices(), csc.values(),
        bsr.crow_indices(), bsr.col_indices(), bsr.values(), bsc.ccol_indices(), bsc.row_indices(), bsc.values(),
        [str(t.layout) for t in (csr, csc, bsr, bsc)], [t.to_dense() for t in (csr, csc, bsr, bsc)],
        made.to_dense(), made.is_sparse_csr, csr @ torch.arange(4.), csr[1, 0], csr.to_sparse_coo().to_dense()]`,
      ours: () => {
        const x = torch.tensor([
          [0, 1, 0, 2],
          [3, 0, 0, 0],
          [0, 0, 4, 0],
          [0, 5, 0, 6],
        ]);
        const [csr, csc] = [x.to_sparse_csr(), x.to_sparse_csc()];
        const [bsr, bsc] = [x.to_sparse_bsr([2, 2]), x.to_sparse_bsc([2, 2])];
        const made = torch.sparse_csr_tensor([0, 2, 3], [0, 2, 1], [1, 2, 3], [2, 3]);
        return [
          ...[csr.crow_indices(), csr.col_indices(), csr.values()],
          ...[csc.ccol_indices(), csc.row_indices(), csc.values()],
          ...[bsr.crow_indices(), bsr.col_indices(), bsr.values()],
          ...[bsc.ccol_indices(), bsc.row_indices(), bsc.values()],
          [csr, csc, bsr, bsc].map((t) => String(t.layout)),
          [csr, csc, bsr, bsc].map((t) => t.to_dense()),
          made.to_dense(),
          made.is_sparse_csr,
          csr.matmul(floats(4)),
          csr.get(1, 0),
          csr.to_sparse_coo().to_dense(),
        ];
      },
    },
    {
      name: 'gradients through sparse tensors',
      python: `
v = torch.tensor([1., 2., 3.], requires_grad=True)
w = torch.arange(6.).reshape(3, 2).requires_grad_()
s = torch.sparse_coo_tensor([[0, 1, 1], [2, 0, 2]], v, (2, 3))
(torch.sparse.mm(s, w) ** 2).sum().backward()
return [v.grad, w.grad, s.requires_grad]`,
      ours: () => {
        const v = torch.tensor([1, 2, 3], { requires_grad: true });
        const w = floats(6).reshape([3, 2]).requires_grad_();
        const at = [
          [0, 1, 1],
          [2, 0, 2],
        ];
        const s = torch.sparse_coo_tensor(at, v, [2, 3]);
        torch.sparse.mm(s, w).pow(2).sum().backward();
        return [v.grad, w.grad, s.requires_grad];
      },
    },
  ],
  { threads: [1] },
);

parity(
  'quantized tensors',
  [
    {
      name: 'per tensor and per channel',
      python: `
x = torch.arange(6.).reshape(2, 3) / 3
q = torch.quantize_per_tensor(x, 0.1, 10, torch.quint8)
s = torch.quantize_per_tensor(x, 0.25, 0, torch.qint8)
c = torch.quantize_per_channel(x, torch.tensor([0.1, 0.05]), torch.tensor([10, 0]), 0, torch.quint8)
i = torch.quantize_per_tensor(x, 0.001, 0, torch.qint32)
return [q.is_quantized, q.q_scale(), q.q_zero_point(), q.int_repr(), q.dequantize(), s.int_repr(), s.dequantize(),
        c.q_per_channel_scales(), c.q_per_channel_zero_points(), c.q_per_channel_axis(), c.int_repr(), c.dequantize(),
        str(q.qscheme()), str(c.qscheme()), str(q.dtype), i.int_repr(), q[1].dequantize(), q[0, 1].item(),
        q.reshape(3, 2).int_repr(), torch.dequantize(q), q.clone().int_repr(), torch.fake_quantize_per_tensor_affine(x, 0.1, 10, 0, 255)]`,
      ours: () => {
        const x = floats(6).reshape([2, 3]).div(3);
        const q = torch.quantize_per_tensor(x, 0.1, 10, torch.quint8);
        const s = torch.quantize_per_tensor(x, 0.25, 0, torch.qint8);
        const c = torch.quantize_per_channel(x, torch.tensor([0.1, 0.05]), torch.tensor([10n, 0n]), 0, torch.quint8);
        const i = torch.quantize_per_tensor(x, 0.001, 0, torch.qint32);
        return [
          ...[q.is_quantized, q.q_scale(), q.q_zero_point(), q.int_repr(), q.dequantize()],
          ...[s.int_repr(), s.dequantize()],
          ...[c.q_per_channel_scales(), c.q_per_channel_zero_points(), c.q_per_channel_axis()],
          ...[c.int_repr(), c.dequantize(), String(q.qscheme()), String(c.qscheme()), String(q.dtype)],
          ...[i.int_repr(), q.get(1).dequantize(), q.get(0, 1).item() as number, q.reshape([3, 2]).int_repr()],
          ...[torch.dequantize(q), q.clone().int_repr()],
          torch.fake_quantize_per_tensor_affine(x, 0.1, 10, 0, 255),
        ];
      },
    },
  ],
  { threads: [1] },
);
