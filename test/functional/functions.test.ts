// The functions of torch/functional.py: every form, every flag, and the words of their errors.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const f = torch.asFloat;
const int = (...values: number[]) => torch.tensor(values.map(BigInt));
const x = () => torch.arange(12, { dtype: torch.float32 }).reshape([3, 4]);
const v = () => torch.arange(4, { dtype: torch.float32 });
const labels = () => int(3, 1, 1, 2, 3, 3);
const rows = () =>
  torch.tensor([
    [1n, 2n],
    [1n, 2n],
    [0n, 5n],
  ]);
const setup = `
x = torch.arange(12.).reshape(3, 4)
v = torch.arange(4.)
labels = torch.tensor([3, 1, 1, 2, 3, 3])
rows = torch.tensor([[1, 2], [1, 2], [0, 5]])`;

agree('broadcasting', setup, [
  ['torch.broadcast_tensors(x, v)', () => torch.broadcast_tensors(x(), v())],
  ['torch.broadcast_tensors(x, torch.ones(3))', () => torch.broadcast_tensors(x(), torch.ones([3]))],
  ['torch.broadcast_tensors([x, v])', () => torch.broadcast_tensors([x(), v()] as never)],
  ['torch.broadcast_shapes((2,), (3, 1), (1, 1, 1))', () => torch.broadcast_shapes([2], [3, 1], [1, 1, 1])],
  ['torch.broadcast_shapes(5, (3, 1))', () => torch.broadcast_shapes(5, [3, 1])],
  ['torch.broadcast_shapes()', () => torch.broadcast_shapes()],
  ['torch.broadcast_shapes((2, 3), (2, 4))', () => torch.broadcast_shapes([2, 3], [2, 4])],
  ['torch.broadcast_shapes((3,), (-1,))', () => torch.broadcast_shapes([3], [-1])],
  ['torch.broadcast_shapes((1,), (-1,))', () => torch.broadcast_shapes([1], [-1])],
  ['torch.atleast_1d(torch.tensor(2.))', () => torch.atleast_1d(torch.tensor(2))],
  ['torch.atleast_2d(v, torch.tensor(2.))', () => torch.atleast_2d(v(), torch.tensor(2))],
  ['torch.atleast_3d((v, x))', () => torch.atleast_3d([v(), x()])],
  ['torch.atleast_3d()', () => torch.atleast_3d()],
  ['torch.atleast_1d(3)', () => torch.atleast_1d(3 as never)],
  ['torch.meshgrid(v, labels)', () => torch.meshgrid(v(), labels())],
  ['torch.meshgrid([v, labels], indexing="xy")', () => torch.meshgrid([v(), labels()], { indexing: 'xy' })],
  ['torch.meshgrid(v, labels, indexing="ij")', () => torch.meshgrid(v(), labels(), { indexing: 'ij' })],
  ['torch.meshgrid(v, indexing="yx")', () => torch.meshgrid(v(), { indexing: 'yx' as never })],
  ['torch.meshgrid(v, index="xy")', () => torch.meshgrid(v(), { index: 'xy' } as never)],
  ['torch.cartesian_prod(v, labels)', () => torch.cartesian_prod(v(), labels())],
  ['torch.cartesian_prod(x)', () => torch.cartesian_prod(x())],
  ['torch.block_diag(x, v, torch.tensor(7.))', () => torch.block_diag(x(), v(), torch.tensor(7))],
  ['torch.block_diag(torch.ones(1, 1, 1))', () => torch.block_diag(torch.ones([1, 1, 1]))],
]);

agree('parts', setup, [
  ['torch.split(x, 2)', () => torch.split(x(), 2)],
  ['torch.split(x, [1, 3], dim=1)', () => torch.split(x(), [1, 3], { dim: 1 })],
  [
    'torch.split(x, split_size_or_sections=[2, 2], dim=-1)',
    () => torch.split(x(), { split_size_or_sections: [2, 2], dim: -1 }),
  ],
  ['x.split(3, 1)', () => x().split(3, 1)],
  ['x.split(split_size=2, dim=1)', () => x().split({ split_size: 2, dim: 1 })],
  ['x.split(torch.tensor(2))', () => x().split(int(2).squeeze())],
  ['x.split([1, 1])', () => x().split([1, 1])],
  ['x.split(-1)', () => x().split(-1)],
  ['x.split()', () => x().split(...([] as unknown as [number]))],
  ['torch.split(x)', () => torch.split(x(), ...([] as unknown as [number]))],
  ['x.unflatten(1, (2, -1))', () => x().unflatten(1, [2, -1])],
  ['x.unflatten(dim=0, sizes=(3, 1))', () => x().unflatten({ dim: 0, sizes: [3, 1] })],
  ['x.unflatten(1, ())', () => x().unflatten(1, [])],
  ['x.unflatten(1, (3, 2))', () => x().unflatten(1, [3, 2])],
  ['torch.unravel_index(labels, (2, 2))', () => torch.unravel_index(labels(), [2, 2])],
  ['torch.unravel_index(torch.tensor(5), 7)', () => torch.unravel_index(int(5).squeeze(), 7)],
  ['torch.unravel_index(v, (2, 2))', () => torch.unravel_index(v(), [2, 2])],
  ['torch.unravel_index(labels, (2, -2))', () => torch.unravel_index(labels(), [2, -2])],
  ['torch.unravel_index(labels, (2, 0.5))', () => torch.unravel_index(labels(), [2, 0.5])],
  ['torch.nonzero(x)', () => torch.nonzero(x())],
  ['torch.nonzero(x, as_tuple=True)', () => torch.nonzero(x(), { as_tuple: true })],
  [
    'torch.nonzero(x, out=torch.empty(0, 2, dtype=torch.long))',
    () => torch.nonzero(x(), { out: torch.empty([0, 2], { dtype: torch.int64 }) }),
  ],
  [
    'torch.nonzero(x, as_tuple=True, out=torch.empty(0, 2, dtype=torch.long))',
    () => torch.nonzero(x(), { as_tuple: true, out: torch.empty([0, 2], { dtype: torch.int64 }) }),
  ],
  ['torch.nonzero()', () => torch.nonzero(...([] as unknown as [torch.Tensor]))],
  ['x.nonzero(as_tuple=True)', () => x().nonzero({ as_tuple: true })],
  ['x.nonzero(as_tuple=1)', () => x().nonzero({ as_tuple: 1 as never })],
  ['torch.tensor(1).nonzero(as_tuple=True)', () => int(1).squeeze().nonzero({ as_tuple: true })],
]);

agree('unique', setup, [
  ['torch.unique(labels)', () => torch.unique(labels())],
  ['torch.unique(labels, return_inverse=True)', () => torch.unique(labels(), { return_inverse: true })],
  ['torch.unique(labels, return_counts=True)', () => torch.unique(labels(), { return_counts: true })],
  ['torch.unique(labels, True, True, True)', () => torch.unique(labels(), true, true, true)],
  ['torch.unique(labels, False, True)', () => torch.unique(labels(), false, true)],
  ['torch.unique(rows, dim=0, return_counts=True)', () => torch.unique(rows(), { dim: 0, return_counts: true })],
  ['rows.unique(dim=1)', () => rows().unique({ dim: 1 })],
  ['labels.unique(True, False, True)', () => labels().unique(true, false, true)],
  ['torch.unique_consecutive(labels)', () => torch.unique_consecutive(labels())],
  [
    'torch.unique_consecutive(labels, return_inverse=True, return_counts=True)',
    () => torch.unique_consecutive(labels(), { return_inverse: true, return_counts: true }),
  ],
  [
    'torch.unique_consecutive(labels, return_counts=True)',
    () => torch.unique_consecutive(labels(), { return_counts: true }),
  ],
  // Python looks for the flags at the wrong positions, and answers accordingly.
  ['torch.unique_consecutive(labels, True)', () => torch.unique_consecutive(labels(), true as never)],
  [
    'torch.unique_consecutive(labels, False, True)',
    () => torch.unique_consecutive(labels(), ...([false, true] as never as [])),
  ],
  [
    'rows.unique_consecutive(return_inverse=True, dim=0)',
    () => rows().unique_consecutive({ return_inverse: true, dim: 0 }),
  ],
  ['torch.unique()', () => torch.unique(...([] as unknown as [torch.Tensor]))],
  ['torch.unique(labels, dims=0)', () => torch.unique(labels(), { dims: 0 } as never)],
  ['torch.unique(labels, dim=3)', () => torch.unique(labels(), { dim: 3 })],
  ['labels.unique(inverse=True)', () => labels().unique({ inverse: true } as never)],
]);

agree(
  'contractions',
  `${setup}\na = torch.randn(2, 3, 4)\nb = torch.randn(2, 4, 5)\nc = torch.randn(5, 3)`,
  (() => {
    const operands = () => ({ a: torch.randn([2, 3, 4]), b: torch.randn([2, 4, 5]), c: torch.randn([5, 3]) });
    type Operands = ReturnType<typeof operands>;
    const row = (python: string, ours: (operands: Operands) => torch.Tensor): [string, () => torch.Tensor] => [
      python,
      () => ours(operands()),
    ];
    return [
      row('torch.einsum("bij,bjk->bik", a, b)', ({ a, b }) => torch.einsum('bij,bjk->bik', a, b)),
      row('torch.einsum("bij,bjk->bik", [a, b])', ({ a, b }) => torch.einsum('bij,bjk->bik', [a, b])),
      row('torch.einsum("bij,bjk,kl->bl", a, b, c)', ({ a, b, c }) => torch.einsum('bij,bjk,kl->bl', a, b, c)),
      row('torch.einsum("...ij->...ji", a)', ({ a }) => torch.einsum('...ij->...ji', a)),
      row('torch.einsum(a, [0, 1, 2], b, [0, 2, 30], [0, 30, 1])', ({ a, b }) =>
        torch.einsum(a, [0, 1, 2], b, [0, 2, 30], [0, 30, 1]),
      ),
      row('torch.einsum(a, [..., 1, 2], b, [..., 2, 3])', ({ a, b }) =>
        torch.einsum(a, ['...', 1, 2], b, ['...', 2, 3]),
      ),
      row('torch.einsum(a, [0, ...], b, [..., 0, 3])', ({ a, b }) =>
        torch.einsum(a, [0, torch.Ellipsis], b, ['...', 0, 3]),
      ),
      row('torch.einsum(a, [0, 1, 52])', ({ a }) => torch.einsum(a, [0, 1, 52])),
      row('torch.einsum("ij")', () => torch.einsum('ij')),
      row('torch.einsum("ij,jk", a, b)', ({ a, b }) => torch.einsum('ij,jk', a, b)),
      row('torch.einsum("ij->ik", c)', ({ c }) => torch.einsum('ij->ik', c)),
      row('torch.einsum("i?", c)', ({ c }) => torch.einsum('i?', c)),
      row('torch.tensordot(a, b, dims=([0, 2], [0, 1]))', ({ a, b }) =>
        torch.tensordot(a, b, {
          dims: [
            [0, 2],
            [0, 1],
          ],
        }),
      ),
      row('torch.tensordot(b, c, 1)', ({ b, c }) => torch.tensordot(b, c, 1)),
      row('torch.tensordot(b, c, torch.tensor([[2], [0]]))', ({ b, c }) =>
        torch.tensordot(b, c, torch.tensor([[2n], [0n]])),
      ),
      row('torch.tensordot(b, c, torch.tensor(1), torch.empty(2, 4, 3))', ({ b, c }) =>
        torch.tensordot(b, c, int(1).squeeze(), torch.empty([2, 4, 3])),
      ),
      row('torch.tensordot(b, c, -1)', ({ b, c }) => torch.tensordot(b, c, -1)),
      row('torch.tensordot(b, c, 3)', ({ b, c }) => torch.tensordot(b, c, 3)),
      row('torch.tensordot(b, c, 0.5)', ({ b, c }) => torch.tensordot(b, c, 0.5)),
      row('torch.chain_matmul(c, c.T, c)', ({ c }) => torch.chain_matmul(c, c.t(), c)),
      row('torch.chain_matmul(c, c.T, out=torch.empty(5, 5))', ({ c }) =>
        torch.chain_matmul(c, c.t(), { out: torch.empty([5, 5]) }),
      ),
      row('torch.cdist(a, a + 1)', ({ a }) => torch.cdist(a, a.add(1))),
      row('torch.cdist(a, a + 1, p=1.5)', ({ a }) => torch.cdist(a, a.add(1), { p: 1.5 })),
      row('torch.cdist(a, a + 1, compute_mode="use_mm_for_euclid_dist")', ({ a }) =>
        torch.cdist(a, a.add(1), { compute_mode: 'use_mm_for_euclid_dist' }),
      ),
      row('torch.cdist(a, a + 1, 2.0, "donot_use_mm_for_euclid_dist")', ({ a }) =>
        torch.cdist(a, a.add(1), 2, 'donot_use_mm_for_euclid_dist'),
      ),
      row('torch.cdist(a, a, compute_mode="no")', ({ a }) => torch.cdist(a, a, { compute_mode: 'no' as never })),
    ] as [string, () => torch.Tensor][];
  })(),
);

agree('norms', `${setup}\ns = x.to_sparse()`, [
  ['torch.norm(x)', () => torch.norm(x())],
  ['torch.norm(x, 1)', () => torch.norm(x(), 1)],
  [
    'torch.norm(x, p=float("inf"), dim=1, keepdim=True)',
    () => torch.norm(x(), { p: Number.POSITIVE_INFINITY, dim: 1, keepdim: true }),
  ],
  ['torch.norm(x, None, 0)', () => torch.norm(x(), null, 0)],
  ['torch.norm(x, "nuc")', () => torch.norm(x(), 'nuc')],
  ['torch.norm(x, "nuc", (0, 1), out=torch.empty(()))', () => torch.norm(x(), 'nuc', [0, 1], { out: torch.empty([]) })],
  ['torch.norm(x, "fro", (0, 1), dtype=torch.float64)', () => torch.norm(x(), 'fro', [0, 1], { dtype: torch.float64 })],
  ['torch.norm(x, 3.0, out=torch.empty(()))', () => torch.norm(x(), f(3), { out: torch.empty([]) })],
  ['torch.norm(x.reshape(3, 2, 2), "fro", (0, 1, 2))', () => torch.norm(x().reshape([3, 2, 2]), 'fro', [0, 1, 2])],
  ['torch.norm(x, "spam")', () => torch.norm(x(), 'spam' as never)],
  ['torch.norm(labels)', () => torch.norm(labels())],
  ['torch.norm(s)', () => torch.norm(x().to_sparse())],
  ['torch.norm(s, 2)', () => torch.norm(x().to_sparse(), 2)],
  ['torch.norm(s, "fro", dtype=torch.float64)', () => torch.norm(x().to_sparse(), 'fro', { dtype: torch.float64 })],
  ['torch.norm(s, "spam")', () => torch.norm(x().to_sparse(), 'spam' as never)],
  ['torch.norm(x, q=1)', () => torch.norm(x(), { q: 1 } as never)],
  ['x.norm(1, 1, True)', () => x().norm(1, 1, true)],
  ['x.norm(dim=0, dtype=torch.float64)', () => x().norm({ dim: 0, dtype: torch.float64 })],
  ['x.norm(out=None)', () => x().norm({ out: null } as never)],
]);

agree('factorizations', 'a = torch.randn(2, 3, 3)', [
  ['torch.lu(a)', () => torch.lu(torch.randn([2, 3, 3]))],
  ['torch.lu(a, get_infos=True)', () => [...torch.lu(torch.randn([2, 3, 3]), { get_infos: true })]],
  ['torch.lu(a, True, True)', () => [...torch.lu(torch.randn([2, 3, 3]), true, true)]],
  [
    'torch.lu(a, out=(torch.empty(0), torch.empty(0, dtype=torch.int32)))',
    () => torch.lu(torch.randn([2, 3, 3]), { out: [torch.empty([0]), torch.empty([0], { dtype: torch.int32 })] }),
  ],
  ['torch.lu(a, out=(torch.empty(0),))', () => torch.lu(torch.randn([2, 3, 3]), { out: [torch.empty([0])] })],
  ['torch.lu(a * 0)', () => torch.lu(torch.randn([2, 3, 3]).mul(0))],
  ['torch.lu(a * 0, get_infos=True)', () => [...torch.lu(torch.randn([2, 3, 3]).mul(0), { get_infos: true })]],
  ['torch.lu()', () => torch.lu(...([] as unknown as [torch.Tensor]))],
  ['a.lu()', () => torch.randn([2, 3, 3]).lu()],
  ['a.lu(get_infos=True)', () => torch.randn([2, 3, 3]).lu({ get_infos: true })],
  ['torch.matrix_rank(a)', () => torch.matrix_rank(torch.ones([2, 2]))],
  ['torch.solve(a, a)', () => torch.solve(torch.ones([2, 2]), torch.ones([2, 2]))],
  ['a.lstsq(a)', () => torch.ones([2, 2]).lstsq(torch.ones([2, 2]))],
  ['torch.symeig(a)', () => torch.symeig(torch.ones([2, 2]))],
  ['a.eig()', () => torch.ones([2, 2]).eig()],
]);

const signal = () => torch.randn([2, 50]);
const window = () => torch.hann_window(16);
agree('stft', 's = torch.randn(2, 50)\nw = torch.hann_window(16)', [
  ['torch.stft(s, 16, return_complex=True)', () => torch.stft(signal(), 16, { return_complex: true })],
  [
    'torch.stft(s, 16, 4, 16, w, return_complex=True)',
    () => torch.stft(signal(), 16, 4, 16, window(), { return_complex: true }),
  ],
  [
    's.stft(16, window=w, center=False, return_complex=True)',
    () => signal().stft(16, { window: window(), center: false, return_complex: true }),
  ],
  [
    's[0].stft(16, window=w, pad_mode="constant", normalized=True, onesided=False, return_complex=True)',
    () =>
      signal()
        .select(0, 0)
        .stft(16, { window: window(), pad_mode: 'constant', normalized: true, onesided: false, return_complex: true }),
  ],
  [
    'torch.stft(s, 16, window=w, return_complex=False)',
    () => torch.stft(signal(), 16, { window: window(), return_complex: false }),
  ],
  [
    'torch.stft(s, 16, center=False, align_to_window=True, window=w, return_complex=True)',
    () => torch.stft(signal(), 16, { center: false, align_to_window: true, window: window(), return_complex: true }),
  ],
  [
    'torch.stft(s, 16, align_to_window=True, return_complex=True)',
    () => torch.stft(signal(), 16, { align_to_window: true, return_complex: true }),
  ],
  ['torch.stft(s, 16)', () => torch.stft(signal(), 16)],
  ['torch.stft(s, 160, return_complex=True)', () => torch.stft(signal(), 160, { return_complex: true })],
  ['torch.stft(s)', () => torch.stft(signal(), ...([] as unknown as [number]))],
  [
    'torch.istft(torch.stft(s, 16, window=w, return_complex=True), 16, window=w)',
    () => torch.istft(torch.stft(signal(), 16, { window: window(), return_complex: true }), 16, { window: window() }),
  ],
]);

describe('types', () => {
  it('say what comes back', () => {
    const values: torch.Tensor = torch.unique(labels());
    const [, counts]: [torch.Tensor, torch.Tensor] = labels().unique({ return_counts: true });
    const [lu, pivots]: [torch.Tensor, torch.Tensor] = torch.lu(torch.eye(2));
    const where: torch.Tensor[] = labels().nonzero({ as_tuple: true });
    expect([values, counts, lu, pivots, ...where].every(torch.is_tensor)).toBe(true);
  });
});

const keywords = (options: object) => options as never;

agree('keywords of functions that take tensors only', setup, [
  ['torch.block_diag(x, foo=1)', () => torch.block_diag(x(), keywords({ foo: 1 }))],
  ['torch.block_diag(tensors=[x])', () => torch.block_diag(keywords({ tensors: [x()] }))],
  ['torch.atleast_1d(tensors=x)', () => torch.atleast_1d(keywords({ tensors: x() }))],
  ['torch.atleast_2d(x, foo=3)', () => torch.atleast_2d(x(), keywords({ foo: 3 }))],
  ['torch.atleast_3d(x, v, foo=3)', () => torch.atleast_3d(x(), v(), keywords({ foo: 3 }))],
  ['torch.broadcast_tensors(tensors=[x])', () => torch.broadcast_tensors(keywords({ tensors: [x()] }))],
  ['torch.cartesian_prod(v, foo=1)', () => torch.cartesian_prod(v(), keywords({ foo: 1 }))],
  ['torch.broadcast_shapes((2,), foo=1)', () => torch.broadcast_shapes([2], keywords({ foo: 1 }))],
  ['torch.broadcast_shapes((2.5,))', () => torch.broadcast_shapes([2.5])],
  ['torch.broadcast_shapes((1, 2), (3, 2))', () => torch.broadcast_shapes([1, 2], [3, 2])],
]);
