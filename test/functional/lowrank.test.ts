// Iterative and randomized linear algebra: svd_lowrank, pca_lowrank, lobpcg.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const a = () => torch.randn([2, 8, 6]);
const spd = (n = 12, ...batch: number[]) => {
  const r = torch.randn([...batch, n, n], { dtype: torch.float64 });
  return r.matmul(r.transpose(-2, -1)).add(torch.eye(n, { dtype: torch.float64 }));
};
const setup = `
a = lambda: torch.randn(2, 8, 6)
def spd(n=12, *batch):
    r = torch.randn(*batch, n, n, dtype=torch.float64)
    return r @ r.mT + torch.eye(n, dtype=torch.float64)
def grads(k, largest=None, weigh=False):
    A = spd().requires_grad_()
    E, V = torch.lobpcg(A, k=k, largest=largest, tol=1e-8)
    (E.sum() + (V * V * V).sum()).backward()
    return A.grad
steps = []`;

function grads(k: number, largest: boolean | null = null): torch.Tensor {
  const A = spd().requires_grad_();
  const [E, V] = torch.lobpcg(A, { k, largest, tol: 1e-8 });
  E.sum().add(V.mul(V).mul(V).sum()).backward();
  return A.grad!;
}

function tracked(): number[][] {
  const steps: number[][] = [];
  torch.lobpcg(spd(), {
    k: 2,
    tracker: ({ ivars }) => steps.push([ivars.istep!, ivars.converged_count!, ivars.converged_end!]),
  });
  return steps;
}

agree('low rank', setup, [
  ['torch.svd_lowrank(a())', () => torch.svd_lowrank(a())],
  ['torch.svd_lowrank(a(), 3, 4)', () => torch.svd_lowrank(a(), 3, 4)],
  [
    'torch.svd_lowrank(a().mT, q=2, M=torch.ones(6, 8))',
    () => torch.svd_lowrank(a().transpose(-2, -1), { q: 2, M: torch.ones([6, 8]) }),
  ],
  [
    '[t.resolve_conj() for t in torch.svd_lowrank(torch.randn(5, 4, dtype=torch.complex64), q=2)]',
    () => torch.svd_lowrank(torch.randn([5, 4], { dtype: torch.complex64 }), { q: 2 }).map((t) => t.resolve_conj()),
  ],
  ['torch.pca_lowrank(a())', () => torch.pca_lowrank(a())],
  [
    'torch.pca_lowrank(a(), q=3, center=False, niter=1)',
    () => torch.pca_lowrank(a(), { q: 3, center: false, niter: 1 }),
  ],
  [
    'torch.pca_lowrank(torch.randn(6, 4).to_sparse(), q=2)',
    () => torch.pca_lowrank(torch.randn([6, 4]).to_sparse(), { q: 2 }),
  ],
  ['torch.pca_lowrank(torch.ones(3, 3), q=4)', () => torch.pca_lowrank(torch.ones([3, 3]), { q: 4 })],
  ['torch.pca_lowrank(torch.ones(3, 3), niter=-1)', () => torch.pca_lowrank(torch.ones([3, 3]), { niter: -1 })],
]);

agree('lobpcg', setup, [
  ['torch.lobpcg(spd(), k=2)', () => torch.lobpcg(spd(), { k: 2 })],
  ['torch.lobpcg(spd(), 3, largest=False, niter=5)', () => torch.lobpcg(spd(), 3, { largest: false, niter: 5 })],
  [
    'torch.lobpcg(spd().float(), k=2, method="basic", niter=6)',
    () => torch.lobpcg(spd().float(), { k: 2, method: 'basic', niter: 6 }),
  ],
  ['torch.lobpcg(spd(), k=1, B=spd())', () => torch.lobpcg(spd(), { k: 1, B: spd() })],
  ['torch.lobpcg(spd(9, 2), k=2)', () => torch.lobpcg(spd(9, 2), { k: 2 })],
  [
    'torch.lobpcg(spd(), X=torch.randn(12, 2, dtype=torch.float64), iK=torch.eye(12, dtype=torch.float64) / 3)',
    () =>
      torch.lobpcg(spd(), {
        X: torch.randn([12, 2], { dtype: torch.float64 }),
        iK: torch.eye(12, { dtype: torch.float64 }).div(3),
      }),
  ],
  ['torch.lobpcg(spd().to_sparse(), k=2, niter=4)', () => torch.lobpcg(spd().to_sparse(), { k: 2, niter: 4 })],
  [
    'torch.lobpcg(spd(), k=2, ortho_iparams={"ortho_i_max": 5}, ortho_bparams={"ortho_use_drop": True})',
    () => torch.lobpcg(spd(), { k: 2, ortho_iparams: { ortho_i_max: 5 }, ortho_bparams: { ortho_use_drop: true } }),
  ],
  [
    '[torch.lobpcg(spd(), k=2, tracker=lambda w: steps.append([w.ivars[n] for n in ("istep", "converged_count", "converged_end")])), steps][1]',
    () => tracked(),
  ],
  ['grads(2)', () => grads(2)],
  ['grads(3, False)', () => grads(3, false)],
  ['torch.lobpcg(spd(), k=5)', () => torch.lobpcg(spd(), { k: 5 })],
  ['torch.lobpcg(torch.ones(3, 4))', () => torch.lobpcg(torch.ones([3, 4]))],
]);
