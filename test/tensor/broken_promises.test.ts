// Tensors that say more than they hold: libtorch's kernels believe them, and write beyond their memory.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { errorOf } from '../support/errors';

const refusal = (call: () => unknown) => errorOf(call).message;
const stray = 'size is inconsistent with indices: for dim 0, size is 3 but found index 100000000';
const strayColumn = '`0 <= col_indices < ncols` is not satisfied.';

it('refuses a sparse tensor whose indices were changed in place to ones outside of it', () => {
  const x = torch.eye(3).to_sparse().coalesce();
  x.indices().fill_(100000000);
  expect(refusal(() => x.to_dense())).toBe(stray);
  expect(refusal(() => torch.add(torch.eye(3), x))).toBe(stray);
  expect(refusal(() => torch.cat([torch.eye(3).to_sparse(), x]))).toBe(stray);

  const negative = torch.eye(3).to_sparse().coalesce();
  negative.indices().data.sub_(1);
  expect(refusal(() => negative.to_dense())).toBe('found negative index -1 for dim 0');

  const rows = torch.eye(3).to_sparse_csr();
  rows.col_indices().fill_(3);
  expect(refusal(() => rows.to_dense())).toBe(strayColumn);
  const blocks = torch.eye(4).to_sparse_bsr([2, 2]);
  blocks.crow_indices().mul_(2);
  expect(refusal(() => blocks.to_dense())).toMatch(/`crow_indices\[..., -1\] == nnz` is not satisfied/);
});

it('reads it again when the indices are right again', () => {
  const x = torch.eye(3).to_sparse().coalesce();
  const indices = x.indices();
  indices.fill_(7);
  expect(refusal(() => x.to_dense())).toMatch('found index 7');
  indices.copy_(
    torch.tensor(
      [
        [0, 1, 2],
        [2, 1, 0],
      ],
      { dtype: torch.int64 },
    ),
  );
  expect(x.to_dense().tolist()).toEqual([
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ]);
});

it('refuses what was never checked', () => {
  const indices = torch.tensor([[0, 100000000, 2]], { dtype: torch.int64 });
  const unsafe = torch.ops.aten._sparse_coo_tensor_unsafe(indices, torch.ones([3]), [3]) as torch.Tensor;
  expect(refusal(() => unsafe.to_dense())).toBe(stray);
});

it('gives a compressed tensor without elements rows that are empty', () => {
  for (let i = 0; i < 20; i++) {
    torch.full([4], 1e9, { dtype: torch.int64 }).dispose();
    const x = torch.empty([3, 2], { layout: torch.sparse_csr });
    expect(x.crow_indices().tolist()).toEqual([0, 0, 0, 0]);
  }
});

it('refuses a compressed tensor that resize_ gave other batches, whose indices are whatever memory held', () => {
  const x = torch.eye(3).to_sparse_csr();
  torch.full([4, 4], 1e9, { dtype: torch.int64 }).dispose();
  x.resize_([4, 3, 3]);
  expect(refusal(() => x.to_dense())).toMatch(/is not satisfied/);
});

it('refuses nested tensors joined along the dimension in which their parts differ', () => {
  const parts = torch.nested.nested_tensor([torch.ones([2]), torch.ones([3])]);
  expect(torch.cat([parts, parts]).numel()).toBe(10);
  const error = refusal(() => torch.hstack([parts, parts]));
  expect(error).toBe('the nested tensor would have 20 elements, and memory for 10');
});

it('refuses an expanded parameter of a fused optimizer, which would write one row for each', () => {
  const p = torch.ones([1]).expand([3, 3]).detach().requires_grad_();
  p.grad = torch.ones([3, 3]);
  const adam = new torch.optim.Adam([p], { fused: true });
  expect(refusal(() => adam.step())).toBe(
    '`fused=True` requires parameter to have memory for each element and no more, but it has strides [0, 0] for ' +
      'shape [3, 3]; use contiguous(), or no fused',
  );
});
