// torch.masked and torch.signal.windows: dense and sparse, with and without masks.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { masked, signal } = torch;
const f = torch.asFloat;
const x = () =>
  torch.tensor([
    [-1, 2, 0.5],
    [3, -4, 0.25],
  ]);
const i = () =>
  torch.tensor([
    [1n, 2n, 3n],
    [4n, 5n, 6n],
  ]);
const m = () =>
  torch.tensor([
    [true, false, true],
    [false, false, true],
  ]);
const s = () =>
  torch
    .tensor([
      [0, 2, 0],
      [3, 0, 1],
    ])
    .to_sparse();
const setup = `
x = torch.tensor([[-1., 2, 0.5], [3, -4, 0.25]])
i = torch.tensor([[1, 2, 3], [4, 5, 6]])
m = torch.tensor([[True, False, True], [False, False, True]])
s = torch.tensor([[0., 2, 0], [3, 0, 1]]).to_sparse()
masked = torch.masked
w = torch.signal.windows
def dense(t): return t.to_dense()`;

agree('masked', setup, [
  ['masked.sum(x, 1, mask=m)', () => masked.sum(x(), 1, { mask: m() })],
  [
    'masked.sum(i, (0, 1), keepdim=True, dtype=torch.float64)',
    () => masked.sum(i(), [0, 1], { keepdim: true, dtype: torch.float64 }),
  ],
  ['masked.sum(m, mask=m)', () => masked.sum(m(), { mask: m() })],
  ['masked.prod(x, mask=m)', () => masked.prod(x(), { mask: m() })],
  ['masked.prod(m[0], dim=(), mask=m[0])', () => masked.prod(m().get(0), { dim: [], mask: m().get(0) })],
  ['masked.amax(i, 0, mask=m)', () => masked.amax(i(), 0, { mask: m() })],
  ['masked.amin(x, 0, mask=m[0])', () => masked.amin(x(), 0, { mask: m().get(0) })],
  ['masked.amax(m, mask=m)', () => masked.amax(m(), { mask: m() })],
  ['masked.argmax(x, 1, mask=m)', () => masked.argmax(x(), 1, { mask: m() })],
  ['masked.argmin(i, mask=m)', () => masked.argmin(i(), { mask: m() })],
  ['masked.mean(x, 1, mask=m)', () => masked.mean(x(), 1, { mask: m() })],
  ['masked.mean(x, 1)', () => masked.mean(x(), 1)],
  ['masked.mean(i)', () => masked.mean(i())],
  ['masked.median(x, 1, mask=m)', () => masked.median(x(), 1, { mask: m() })],
  ['masked.median(i, 0, mask=m)', () => masked.median(i(), 0, { mask: m() })],
  ['masked.logsumexp(x, 1, mask=m)', () => masked.logsumexp(x(), 1, { mask: m() })],
  [
    'masked.logaddexp(x, x + 1, input_mask=m, other_mask=~m)',
    () => masked.logaddexp(x(), x().add(1), { input_mask: m(), other_mask: m().logical_not() }),
  ],
  ['masked.norm(x, 1.0, 1, mask=m)', () => masked.norm(x(), f(1), 1, { mask: m() })],
  ['masked.norm(x, float("-inf"), mask=m)', () => masked.norm(x(), Number.NEGATIVE_INFINITY, { mask: m() })],
  ['masked.norm(i, float("-inf"), mask=m)', () => masked.norm(i(), Number.NEGATIVE_INFINITY, { mask: m() })],
  ['masked.var(x, 1, mask=m)', () => masked.var(x(), 1, { mask: m() })],
  [
    'masked.std(x, 0, unbiased=False, mask=m, keepdim=True)',
    () => masked.std(x(), 0, { unbiased: false, mask: m(), keepdim: true }),
  ],
  ['masked.var(i, correction=0)', () => masked.var(i(), { correction: 0 })],
  ['masked.var(x.to(torch.complex64), 1, True)', () => masked.var(x().to(torch.complex64), 1, true)],
  ['masked.var(x, 1, True, correction=1)', () => masked.var(x(), 1, true, { correction: 1 })],
  ['masked.cumsum(x, 1, mask=m)', () => masked.cumsum(x(), 1, { mask: m() })],
  ['masked.cumprod(x, 0, mask=m)', () => masked.cumprod(x(), 0, { mask: m() })],
  ['masked.softmax(x, 1, mask=m)', () => masked.softmax(x(), 1, { mask: m() })],
  [
    'masked.log_softmax(x, 1, mask=m, dtype=torch.float64)',
    () => masked.log_softmax(x(), 1, { mask: m(), dtype: torch.float64 }),
  ],
  ['masked.softmin(x, 0, mask=m)', () => masked.softmin(x(), 0, { mask: m() })],
  ['masked.normalize(x, 2.0, 1, mask=m)', () => masked.normalize(x(), f(2), 1, { mask: m() })],
  ['masked.sum(x, (0, 0))', () => masked.sum(x(), [0, 0])],
  ['masked.sum(x, 2)', () => masked.sum(x(), 2)],
  ['masked.sum(x, mask=torch.ones(2, 2, 3) > 0)', () => masked.sum(x(), { mask: torch.ones([2, 2, 3]).gt(0) })],
  ['masked.sum(x, mask=m, where=m)', () => masked.sum(x(), { mask: m(), where: m() } as never)],
  ['masked.softmax(s, 0)', () => masked.softmax(s(), 0)],
]);

agree('masked, sparse', setup, [
  ['dense(masked.sum(s, 0, mask=m))', () => masked.sum(s(), 0, { mask: m() }).to_dense()],
  ['dense(masked.sum(s, 1, keepdim=True))', () => masked.sum(s(), 1, { keepdim: true }).to_dense()],
  ['dense(masked.prod(s, 1, mask=m))', () => masked.prod(s(), 1, { mask: m() }).to_dense()],
  [
    'dense(masked.amax(s, 0, keepdim=True, mask=m))',
    () => masked.amax(s(), 0, { keepdim: true, mask: m() }).to_dense(),
  ],
  ['dense(masked.amin(s, (0, 1), mask=~m))', () => masked.amin(s(), [0, 1], { mask: m().logical_not() }).to_dense()],
  ['masked.prod(s, 0)', () => masked.prod(s(), 0)],
  [
    'dense(masked.sum(s.to_sparse_csr(), 1, keepdim=True, mask=m))',
    () => masked.sum(s().to_sparse_csr(), 1, { keepdim: true, mask: m() }).to_dense(),
  ],
  [
    'dense(masked.amax(s.to_sparse_csr(), 1, keepdim=True, mask=~m))',
    () => masked.amax(s().to_sparse_csr(), 1, { keepdim: true, mask: m().logical_not() }).to_dense(),
  ],
  [
    'dense(masked.mean(s.to_sparse_csr(), 0, keepdim=True, mask=~m))',
    () => masked.mean(s().to_sparse_csr(), 0, { keepdim: true, mask: m().logical_not() }).to_dense(),
  ],
  ['masked.amax(s.to_sparse_csr(), 1, mask=m)', () => masked.amax(s().to_sparse_csr(), 1, { mask: m() })],
]);

const w = signal.windows;
agree('windows', setup, [
  ['w.bartlett(7)', () => w.bartlett(7)],
  ['w.bartlett(7, sym=False, dtype=torch.float64)', () => w.bartlett(7, { sym: false, dtype: torch.float64 })],
  ['w.blackman(6)', () => w.blackman(6)],
  ['w.cosine(6, sym=False)', () => w.cosine(6, { sym: false })],
  ['w.exponential(6, tau=2.5)', () => w.exponential(6, { tau: 2.5 })],
  ['w.exponential(6, center=0.0, sym=False, tau=2.0)', () => w.exponential(6, { center: 0, sym: false, tau: 2 })],
  ['w.gaussian(9, std=0.5)', () => w.gaussian(9, { std: 0.5 })],
  ['w.general_cosine(8, a=[0.46, 0.23, 0.31])', () => w.general_cosine(8, { a: [0.46, 0.23, 0.31] })],
  ['w.general_hamming(8, alpha=0.3, sym=False)', () => w.general_hamming(8, { alpha: 0.3, sym: false })],
  ['w.hamming(8)', () => w.hamming(8)],
  ['w.hann(1)', () => w.hann(1)],
  ['w.hann(0)', () => w.hann(0)],
  ['w.kaiser(8, beta=3.5)', () => w.kaiser(8, { beta: 3.5 })],
  ['w.nuttall(8, requires_grad=True)', () => w.nuttall(8, { requires_grad: true })],
  ['w.hann(-1)', () => w.hann(-1)],
  ['w.blackman(4, dtype=torch.int64)', () => w.blackman(4, { dtype: torch.int64 })],
  ['w.cosine(4, layout=torch.sparse_coo)', () => w.cosine(4, { layout: torch.sparse_coo })],
  ['w.gaussian(4, std=-1.0)', () => w.gaussian(4, { std: f(-1) as never })],
  ['w.kaiser(4, beta=-1)', () => w.kaiser(4, { beta: -1 })],
  ['w.exponential(4, tau=0)', () => w.exponential(4, { tau: 0 })],
  ['w.exponential(4, center=1)', () => w.exponential(4, { center: 1 })],
  ['w.general_cosine(4, a=[])', () => w.general_cosine(4, { a: [] })],
  ['w.general_cosine(4)', () => w.general_cosine(4, {} as never)],
  ['w.hann()', () => w.hann(...([] as unknown as [number]))],
  ['w.hann(4, True)', () => w.hann(4, true as never)],
]);
