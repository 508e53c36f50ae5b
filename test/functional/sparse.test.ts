// Sparse tensors: made from indices and values, and what torch.sparse computes of them.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { agree } from '../support/expressions';

const { sparse } = torch;
const int = (...values: number[]) => torch.tensor(values.map(BigInt));
const indices = () =>
  torch.tensor([
    [0n, 1n, 1n],
    [2n, 0n, 2n],
  ]);
const values = () => torch.tensor([3, 4, 5]);
const s = () => torch.sparse_coo_tensor(indices(), values(), [2, 4]);
const csr = () => torch.sparse_csr_tensor(int(0, 1, 3), int(2, 0, 2), values(), [2, 4]);
const d = () => torch.arange(8, { dtype: torch.float32 }).reshape([4, 2]);
const parts = (tensor: torch.Tensor) => [
  tensor._indices(),
  tensor._values(),
  tensor.shape,
  String(tensor.dtype),
  tensor.is_coalesced(),
];
const compressed = (tensor: torch.Tensor) => [tensor.to_dense(), tensor.values(), tensor.shape, String(tensor.layout)];
const setup = `
indices = torch.tensor([[0, 1, 1], [2, 0, 2]])
values = torch.tensor([3., 4, 5])
sparse = torch.sparse
s = torch.sparse_coo_tensor(indices, values, (2, 4))
csr = torch.sparse_csr_tensor(torch.tensor([0, 1, 3]), torch.tensor([2, 0, 2]), values, (2, 4))
d = torch.arange(8.).reshape(4, 2)
def parts(t): return [t._indices(), t._values(), t.shape, t.dtype, t.is_coalesced()]
def compressed(t): return [t.to_dense(), t.values(), t.shape, str(t.layout)]`;

agree('creation', setup, [
  ['parts(s)', () => parts(s())],
  ['parts(torch.sparse_coo_tensor(indices, values))', () => parts(torch.sparse_coo_tensor(indices(), values()))],
  [
    'parts(torch.sparse_coo_tensor([[0, 1], [1, 0]], [2., 3.], (2, 2), dtype=torch.float64))',
    () =>
      parts(
        torch.sparse_coo_tensor(
          [
            [0, 1],
            [1, 0],
          ],
          [2, 3],
          [2, 2],
          { dtype: torch.float64 },
        ),
      ),
  ],
  ['parts(torch.sparse_coo_tensor((2, 3)))', () => parts(torch.sparse_coo_tensor([2, 3]))],
  [
    'parts(torch.sparse_coo_tensor(indices, values, (2, 4), is_coalesced=True))',
    () => parts(torch.sparse_coo_tensor(indices(), values(), [2, 4], { is_coalesced: true })),
  ],
  [
    'parts(torch.sparse_coo_tensor([[0, 1]], values[:2], is_coalesced=True))',
    () => parts(torch.sparse_coo_tensor([[0, 1]], values().narrow(0, 0, 2), { is_coalesced: true })),
  ],
  [
    'parts(torch.sparse_coo_tensor(indices, values, is_coalesced=True, check_invariants=True).coalesce())',
    () =>
      parts(torch.sparse_coo_tensor(indices(), values(), { is_coalesced: true, check_invariants: true }).coalesce()),
  ],
  [
    'torch.sparse_coo_tensor([2, 3], pin_memory=True)',
    () => torch.sparse_coo_tensor([2, 3], { pin_memory: true } as never),
  ],
  [
    'torch.sparse_coo_tensor(indices, values, pin_memory=True)',
    () => torch.sparse_coo_tensor(indices(), values(), { pin_memory: true }),
  ],
  [
    'parts(torch.sparse_coo_tensor(size=(2, 3), dtype=torch.int64))',
    () => parts(torch.sparse_coo_tensor({ size: [2, 3], dtype: torch.int64 } as never)),
  ],
  [
    'torch.sparse_coo_tensor(indices, values, requires_grad=True).requires_grad',
    () => torch.sparse_coo_tensor(indices(), values(), { requires_grad: true }).requires_grad,
  ],
  [
    'torch.sparse_coo_tensor(indices, values, (1, 1), check_invariants=True)',
    () => torch.sparse_coo_tensor(indices(), values(), [1, 1], { check_invariants: true }),
  ],
  ['torch.sparse_coo_tensor(indices, values[:2])', () => torch.sparse_coo_tensor(indices(), values().narrow(0, 0, 2))],
  ['compressed(csr)', () => compressed(csr())],
  [
    'compressed(torch.sparse_csr_tensor([0, 1, 3], [2, 0, 2], values))',
    () => compressed(torch.sparse_csr_tensor([0, 1, 3], [2, 0, 2], values())),
  ],
  [
    'compressed(torch.sparse_csc_tensor([0, 1, 3], [0, 0, 1], values, (2, 2), dtype=torch.float64))',
    () => compressed(torch.sparse_csc_tensor([0, 1, 3], [0, 0, 1], values(), [2, 2], { dtype: torch.float64 })),
  ],
  [
    'compressed(torch.sparse_bsr_tensor([0, 1, 2], [0, 1], torch.arange(8.).reshape(2, 2, 2)))',
    () =>
      compressed(
        torch.sparse_bsr_tensor([0, 1, 2], [0, 1], torch.arange(8, { dtype: torch.float32 }).reshape([2, 2, 2])),
      ),
  ],
  [
    'compressed(torch.sparse_bsc_tensor([0, 1, 2], [0, 1], torch.arange(8.).reshape(2, 2, 2), (4, 4)))',
    () =>
      compressed(
        torch.sparse_bsc_tensor(
          [0, 1, 2],
          [0, 1],
          torch.arange(8, { dtype: torch.float32 }).reshape([2, 2, 2]),
          [4, 4],
        ),
      ),
  ],
  [
    'compressed(torch.sparse_compressed_tensor([0, 1, 3], [2, 0, 2], values, (2, 4), layout=torch.sparse_csr))',
    () =>
      compressed(torch.sparse_compressed_tensor([0, 1, 3], [2, 0, 2], values(), [2, 4], { layout: torch.sparse_csr })),
  ],
  [
    'torch.sparse_csr_tensor([0, 1, 4], [2, 0, 2], values, (2, 4), check_invariants=True)',
    () => torch.sparse_csr_tensor([0, 1, 4], [2, 0, 2], values(), [2, 4], { check_invariants: true }),
  ],
  [
    'torch.sparse_csr_tensor([0, 1, 3], [2, 0, 2], values, layout=torch.sparse_csc)',
    () => torch.sparse_csr_tensor([0, 1, 3], [2, 0, 2], values(), { layout: torch.sparse_csc } as never),
  ],
]);

agree('operations', setup, [
  ['sparse.sum(s)', () => sparse.sum(s())],
  ['parts(sparse.sum(s, 1))', () => parts(sparse.sum(s(), 1))],
  ['sparse.sum(s, (0, 1), dtype=torch.float64)', () => sparse.sum(s(), [0, 1], { dtype: torch.float64 })],
  ['sparse.sum(s, dtype=torch.float64)', () => sparse.sum(s(), { dtype: torch.float64 })],
  ['sparse.mm(s, d)', () => sparse.mm(s(), d())],
  ['sparse.mm(csr, d, "mean")', () => sparse.mm(csr(), d(), 'mean')],
  ['sparse.addmm(torch.ones(2, 2), s, d, beta=2)', () => sparse.addmm(torch.ones([2, 2]), s(), d(), { beta: 2 })],
  ['parts(sparse.softmax(s, 1))', () => parts(sparse.softmax(s(), 1))],
  ['parts(sparse.log_softmax(s, 0, dtype=torch.float64))', () => parts(sparse.log_softmax(s(), 0, torch.float64))],
  [
    'compressed(sparse.sampled_addmm(csr, torch.ones(2, 4), torch.ones(4, 4)))',
    () => compressed(sparse.sampled_addmm(csr(), torch.ones([2, 4]), torch.ones([4, 4]))),
  ],
  [
    'parts(sparse.spdiags(d, torch.tensor([0, 1, -1, 2]), (3, 3)))',
    () => parts(sparse.spdiags(d(), int(0, 1, -1, 2), [3, 3])),
  ],
  ['torch.spmm(s, d)', () => torch.spmm(s(), d())],
  ['torch.dsmm(s, d)', () => torch.dsmm(s(), d())],
  ['parts(torch.hsmm(s, d))', () => parts(torch.hsmm(s(), d()))],
  ['s.sum()', () => s().sum()],
]);

describe('indices', () => {
  const broken = (check_invariants?: boolean) =>
    torch.sparse_csr_tensor([0, 1, 4], [2, 0, 2], values(), [2, 4], { check_invariants });
  const { check_sparse_tensor_invariants: checks } = sparse;

  it('are checked unless told not to', () => {
    const refusal = '`crow_indices[..., -1] == nnz` is not satisfied.';
    expect(errorOf(() => broken()).message).toContain(refusal);
    expect(broken(false).layout).toBe(torch.sparse_csr);
    expect(checks.is_enabled()).toBe(false);
  });

  it('can be checked in operators, for the process or for a while', () => {
    const unsafe = () =>
      torch.ops.aten._sparse_csr_tensor_unsafe(int(0, 1, 4), int(2, 0, 2), values(), [2, 4], {
        dtype: torch.float32,
        layout: torch.sparse_csr,
        device: 'cpu',
      });
    unsafe();
    expect(errorOf(() => checks(unsafe)).message).toContain('is not satisfied');
    expect(checks.is_enabled()).toBe(false);
    checks.enable();
    expect(checks(() => checks.is_enabled(), false)).toBe(false);
    expect(errorOf(unsafe).message).toContain('is not satisfied');
    checks.disable();
    expect(checks.is_enabled()).toBe(false);
  });

  it('refuses asynchronous bodies', () => {
    expect(errorOf(() => checks(async () => 1)).message).toContain('returned a promise');
  });
});
