// Functions with several forms: each is called as Python calls it, and gives its dtype, its bits and its stream of random
// numbers.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const f = torch.asFloat;
const x = () =>
  torch.tensor([
    [1, 2],
    [3, 4],
  ]);
const i = () =>
  torch.tensor([
    [1n, 2n],
    [3n, -4n],
  ]);
const m = () =>
  torch.tensor([
    [true, false],
    [false, true],
  ]);
const setup = `
x = torch.tensor([[1., 2.], [3., 4.]])
i = torch.tensor([[1, 2], [3, -4]])
m = torch.tensor([[True, False], [False, True]])`;

agree('ranges', setup, [
  ['torch.arange(5)', () => torch.arange(5)],
  ['torch.arange(5.0)', () => torch.arange(f(5))],
  ['torch.arange(2, 5)', () => torch.arange(2, 5)],
  ['torch.arange(1, 2, 0.25)', () => torch.arange(1, 2, 0.25)],
  ['torch.arange(0, 6, 2.0)', () => torch.arange(0, 6, f(2))],
  ['torch.arange(start=1, end=7, step=2)', () => torch.arange({ start: 1, end: 7, step: 2 })],
  ['torch.arange(3, dtype=torch.float64)', () => torch.arange(3, { dtype: torch.float64 })],
  [
    'torch.arange(5, out=torch.empty(0, dtype=torch.int64))',
    () => torch.arange(5, { out: torch.empty([0], { dtype: torch.int64 }) }),
  ],
  ['torch.arange(5, 1)', () => torch.arange(5, 1)],
  ['torch.arange(0, 5, 0)', () => torch.arange(0, 5, 0)],
  ['torch.arange(torch.tensor(4))', () => torch.arange(torch.tensor(4n) as never)],
  ['torch.arange()', () => torch.arange(...([] as unknown as [number]))],
  ['torch.arange("a")', () => torch.arange('a' as never)],
  ['torch.range(1, 4)', () => torch.range(1, 4)],
  ['torch.range(0, 1, 0.25)', () => torch.range(0, 1, 0.25)],
  ['torch.range(1, 4, dtype=torch.int64)', () => torch.range(1, 4, { dtype: torch.int64 })],
  ['torch.linspace(0, 1, 5)', () => torch.linspace(0, 1, 5)],
  [
    'torch.linspace(start=torch.tensor(0.0), end=2, steps=3)',
    () => torch.linspace({ start: torch.tensor(0), end: 2, steps: 3 }),
  ],
  ['torch.linspace(0, torch.tensor(2.0), steps=3)', () => torch.linspace(0, torch.tensor(2), { steps: 3 })],
  ['torch.logspace(0, 2, 4)', () => torch.logspace(0, 2, 4)],
  [
    'torch.logspace(0, 2, 4, base=2.0, dtype=torch.float64)',
    () => torch.logspace(0, 2, 4, { base: 2, dtype: torch.float64 }),
  ],
  [
    'torch.logspace(torch.tensor(1.0), torch.tensor(2.0), 3, 2)',
    () => torch.logspace(torch.tensor(1), torch.tensor(2), 3, 2),
  ],
  ['torch.eye(3)', () => torch.eye(3)],
  ['torch.eye(2, 3, dtype=torch.int64)', () => torch.eye(2, 3, { dtype: torch.int64 })],
  ['torch.eye(2, m=3)', () => torch.eye(2, { m: 3 })],
  ['torch.tril_indices(3, 3, offset=1)', () => torch.tril_indices(3, 3, { offset: 1 })],
  ['torch.triu_indices(3, 2, dtype=torch.int32)', () => torch.triu_indices(3, 2, { dtype: torch.int32 })],
]);

agree('filled', setup, [
  ['torch.full((2, 3), 7.0)', () => torch.full([2, 3], f(7))],
  ['torch.full((2,), 7.5)', () => torch.full([2], 7.5)],
  ['torch.full((2,), 7)', () => torch.full([2], 7n)],
  ['torch.full((2,), True)', () => torch.full([2], true)],
  ['torch.full((2,), 1 + 2j)', () => torch.full([2], { re: 1, im: 2 })],
  ['torch.full([2], 3, dtype=torch.float64)', () => torch.full([2], 3, { dtype: torch.float64 })],
  ['torch.full(size=(1,), fill_value=2.5)', () => torch.full({ size: [1], fill_value: 2.5 })],
  ['torch.full((2,), 3, out=torch.empty(2))', () => torch.full([2], 3, { out: torch.empty([2]) })],
  ['torch.zeros(2, 3)', () => torch.zeros(2, 3)],
  ['torch.zeros((2, 3), dtype=torch.int8)', () => torch.zeros([2, 3], { dtype: torch.int8 })],
  ['torch.ones(2, 3, dtype=torch.bool)', () => torch.ones(2, 3, { dtype: torch.bool })],
  ['torch.ones(size=(2,))', () => torch.ones({ size: [2] })],
  ['torch.zeros()', () => torch.zeros(...([] as unknown as [number]))],
  ['torch.zeros(())', () => torch.zeros([])],
  ['torch.zeros(2.5)', () => torch.zeros(2.5)],
  ['torch.zeros(-1)', () => torch.zeros(-1)],
  ['torch.empty((0, 2)).shape', () => torch.empty([0, 2]).shape],
  ['torch.empty_strided((2, 3), (1, 2)).stride()', () => torch.empty_strided([2, 3], [1, 2]).stride()],
  ['torch.empty_permuted((2, 3), (1, 0)).stride()', () => torch.empty_permuted([2, 3], [1, 0]).stride()],
  ['torch.full_like(i, 2.5)', () => torch.full_like(i(), 2.5)],
  ['torch.zeros_like(x, dtype=torch.int64)', () => torch.zeros_like(x(), { dtype: torch.int64 })],
  ['torch.ones_like(i)', () => torch.ones_like(i())],
  ['x.new_full((2,), 3)', () => x().new_full([2], 3)],
  ['i.new_full((2,), 2.5)', () => i().new_full([2], 2.5)],
  ['i.new_zeros(2, 3)', () => i().new_zeros(2, 3)],
  ['i.new_ones((2,), dtype=torch.float32)', () => i().new_ones([2], { dtype: torch.float32 })],
  ['torch.scalar_tensor(2.5)', () => torch.scalar_tensor(2.5)],
  ['torch.scalar_tensor(2)', () => torch.scalar_tensor(2)],
  ['torch.complex(x, x)', () => torch.complex(x(), x())],
  ['torch.polar(x, x)', () => torch.polar(x(), x())],
  ['torch.heaviside(x - 2, torch.tensor(0.5))', () => torch.heaviside(x().sub(2), torch.tensor(0.5))],
]);

agree('random', setup, [
  ['torch.rand(2, 3)', () => torch.rand(2, 3)],
  ['torch.rand((2, 3), dtype=torch.float64)', () => torch.rand([2, 3], { dtype: torch.float64 })],
  ['torch.randn(20)', () => torch.randn(20)],
  ['torch.randn(3, 2, dtype=torch.complex64)', () => torch.randn(3, 2, { dtype: torch.complex64 })],
  ['torch.randint(10, (3,))', () => torch.randint(10, [3])],
  ['torch.randint(5, 10, (2, 2))', () => torch.randint(5, 10, [2, 2])],
  [
    'torch.randint(low=-3, high=3, size=(4,), dtype=torch.int8)',
    () => torch.randint({ low: -3, high: 3, size: [4], dtype: torch.int8 }),
  ],
  ['torch.randint_like(i, 10)', () => torch.randint_like(i(), 10)],
  ['torch.randint_like(i, 3, 10)', () => torch.randint_like(i(), 3, 10)],
  ['torch.randperm(7)', () => torch.randperm(7)],
  ['torch.randperm(7, dtype=torch.int32)', () => torch.randperm(7, { dtype: torch.int32 })],
  ['torch.rand_like(x)', () => torch.rand_like(x())],
  ['torch.randn_like(x, dtype=torch.float64)', () => torch.randn_like(x(), { dtype: torch.float64 })],
  ['torch.normal(x, x)', () => torch.normal(x(), x())],
  ['torch.normal(x, 2.0)', () => torch.normal(x(), 2)],
  ['torch.normal(mean=x)', () => torch.normal({ mean: x() })],
  ['torch.normal(0.5, x)', () => torch.normal(0.5, x())],
  ['torch.normal(2, 3, size=(4,))', () => torch.normal(2, 3, { size: [4] })],
  ['torch.normal(2.0, 3.0, (4,), dtype=torch.float64)', () => torch.normal(2, 3, [4], { dtype: torch.float64 })],
  ['torch.normal(x, -1.0)', () => torch.normal(x(), -1)],
  ['torch.bernoulli(x / 4)', () => torch.bernoulli(x().div(4))],
  ['torch.bernoulli(x, 0.5)', () => torch.bernoulli(x(), 0.5)],
  ['torch.bernoulli(x, p=0.25)', () => torch.bernoulli(x(), { p: 0.25 })],
  ['x.bernoulli_()', () => x().bernoulli_()],
  ['x.bernoulli_(0.25)', () => x().bernoulli_(0.25)],
  ['x.bernoulli_(torch.tensor([0.5, 0.1]))', () => x().bernoulli_(torch.tensor([0.5, 0.1]))],
  ['x.bernoulli(0.5)', () => x().bernoulli(0.5)],
  ['torch.multinomial(x, 3, replacement=True)', () => torch.multinomial(x(), 3, { replacement: true })],
  ['torch.poisson(x)', () => torch.poisson(x())],
  ['torch.binomial(x, x / 5)', () => torch.binomial(x(), x().div(5))],
  ['x.uniform_(-1, 1)', () => x().uniform_(-1, 1)],
  ['x.normal_(mean=1, std=2)', () => x().normal_({ mean: 1, std: 2 })],
  ['x.random_()', () => x().random_()],
  ['x.random_(10)', () => x().random_(10)],
  ['x.random_(2, 5)', () => x().random_(2, 5)],
  ['x.exponential_(2.0)', () => x().exponential_(2)],
  ['x.geometric_(0.3)', () => x().geometric_(0.3)],
  ['x.log_normal_(1, 0.5)', () => x().log_normal_(1, 0.5)],
  ['x.cauchy_(1, 2)', () => x().cauchy_(1, 2)],
]);

agree('choices', setup, [
  ['torch.where(m)', () => torch.where(m())],
  ['torch.where(m, x, i)', () => torch.where(m(), x(), i())],
  ['torch.where(m, x, 2)', () => torch.where(m(), x(), 2)],
  ['torch.where(m, 2.5, i)', () => torch.where(m(), 2.5, i())],
  ['torch.where(m, 1, 2)', () => torch.where(m(), 1, 2)],
  ['torch.where(m, 1.0, 2)', () => torch.where(m(), f(1), 2)],
  ['torch.where(m, True, False)', () => torch.where(m(), true, false)],
  [
    'torch.where(m, x, 0, out=torch.empty(2, 2))',
    () => torch.where(...([m(), x(), 0, { out: torch.empty([2, 2]) }] as never as [torch.Tensor, number, number])),
  ],
  ['x.where(m, i)', () => x().where(m(), i())],
  ['x.where(m, 0)', () => x().where(m(), 0)],
  ['torch.where(x, x, x)', () => torch.where(x(), x(), x())],
  ['torch.where(m, x)', () => torch.where(m(), ...([x()] as never as [torch.Tensor, torch.Tensor]))],
  ['torch.max(x)', () => torch.max(x())],
  ['list(torch.max(x, 1))', () => [...torch.max(x(), 1)]],
  ['torch.max(x, i)', () => torch.max(x(), i())],
  ['list(x.min(dim=0, keepdim=True))', () => [...x().min({ dim: 0, keepdim: true })]],
  ['torch.clamp(x, 2)', () => torch.clamp(x(), 2)],
  ['torch.clamp(x, max=torch.tensor(2.0))', () => torch.clamp(x(), { max: torch.tensor(2) })],
  ['torch.clamp(x)', () => torch.clamp(x())],
  ['torch.isin(i, 2)', () => torch.isin(i(), 2)],
  ['torch.isin(2, i)', () => torch.isin(2, i())],
  ['torch.pow(2, i.abs())', () => torch.pow(2, i().abs())],
  ['torch.result_type(i, 2.5)', () => String(torch.result_type(i(), 2.5))],
  ['torch.result_type(2, 2.5)', () => String(torch.result_type(2, 2.5))],
  ['torch.bucketize(2.5, torch.arange(5.))', () => torch.bucketize(2.5, torch.arange(f(5)))],
  ['torch.searchsorted(torch.arange(5.), x)', () => torch.searchsorted(torch.arange(f(5)), x())],
  ['torch.histc(x, 4, 0, 4)', () => torch.histc(x(), 4, 0, 4)],
  ['torch.tensor_split(x, 2)', () => torch.tensor_split(x(), 2)],
  ['torch.tensor_split(x, (1,), dim=1)', () => torch.tensor_split(x(), [1], { dim: 1 })],
  ['torch.tensor_split(x, torch.tensor([1]))', () => torch.tensor_split(x(), torch.tensor([1n]))],
  ['torch.trapezoid(x)', () => torch.trapezoid(x())],
  ['torch.trapezoid(x, dx=2)', () => torch.trapezoid(x(), { dx: 2 })],
  ['torch.trapezoid(x, x)', () => torch.trapezoid(x(), x())],
  [
    'torch.gradient(torch.arange(5.) ** 2, spacing=2.0)',
    () => torch.gradient(torch.arange(f(5)).pow(2), { spacing: f(2) }),
  ],
  ['torch.gradient(x, dim=1, edge_order=1)', () => torch.gradient(x(), { dim: 1, edge_order: 1 })],
  ['torch.quantile(x, 0.5)', () => torch.quantile(x(), 0.5)],
  [
    'torch.quantile(x, torch.tensor([0.25, 0.5]), dim=0)',
    () => torch.quantile(x(), torch.tensor([0.25, 0.5]), { dim: 0 }),
  ],
  ['torch.std_mean(x, dim=1, correction=0)', () => torch.std_mean(x(), { dim: 1, correction: 0 })],
  ['torch.var(x, False)', () => torch.var(x(), false)],
  ['torch.std(x, 1, True, True)', () => torch.std(x(), 1, true, true)],
  ['torch.sum(x, dtype=torch.float64)', () => torch.sum(x(), { dtype: torch.float64 })],
  ['torch.squeeze(x.unsqueeze(0), (0,))', () => torch.squeeze(x().unsqueeze(0), [0])],
  ['torch.div(x, 3, rounding_mode="floor")', () => torch.div(x(), 3, { rounding_mode: 'floor' })],
]);

agree('windows of old', setup, [
  ['torch.hann_window(6)', () => torch.hann_window(6)],
  ['torch.hann_window(6, periodic=False)', () => torch.hann_window(6, { periodic: false })],
  ['torch.hamming_window(6, True, 0.5)', () => torch.hamming_window(6, true, 0.5)],
  [
    'torch.hamming_window(6, True, 0.5, 0.4, dtype=torch.float64)',
    () => torch.hamming_window(6, true, 0.5, 0.4, { dtype: torch.float64 }),
  ],
  ['torch.blackman_window(5)', () => torch.blackman_window(5)],
  ['torch.bartlett_window(5, False)', () => torch.bartlett_window(5, false)],
  ['torch.kaiser_window(5)', () => torch.kaiser_window(5)],
  ['torch.kaiser_window(5, False, 8.0)', () => torch.kaiser_window(5, false, 8)],
  ['torch.hann_window(-1)', () => torch.hann_window(-1)],
]);

const image = () => torch.randn([1, 2, 4, 6]);

agree(
  'None for a list that has a default',
  `${setup}
F = torch.nn.functional
def image(): return torch.randn(1, 2, 4, 6)`,
  [
    ['torch.amax(x, None)', () => torch.amax(x(), null)],
    ['x.amin(dim=None, keepdim=True)', () => x().amin({ dim: null, keepdim: true })],
    ['F.avg_pool2d(image(), 2, None)', () => torch.nn.functional.avg_pool2d(image(), 2, null)],
    [
      'F.avg_pool2d(image(), [2, 3], stride=None, ceil_mode=True)',
      () => torch.nn.functional.avg_pool2d(image(), [2, 3], { stride: null, ceil_mode: true }),
    ],
    ['F.avg_pool1d(image()[0], 2, None, 1)', () => torch.nn.functional.avg_pool1d(image().get(0), 2, null, 1)],
    [
      'F.avg_pool2d(image(), 2, padding=None)',
      () => torch.nn.functional.avg_pool2d(image(), 2, { padding: null } as never),
    ],
  ],
);

const complex = () => {
  torch.manual_seed(1);
  const options = { dtype: torch.complex64 };
  return { a: torch.randn([6, 3], options), b: torch.randn([6, 6], options) };
};

// Calls that record nothing go below autograd's key; composite operators would get conjugated copies there.
agree(
  'composite operators on conjugated views',
  `torch.manual_seed(1)
a = torch.randn(6, 3, dtype=torch.complex64)
b = torch.randn(6, 6, dtype=torch.complex64)`,
  [
    [
      'torch.inner(a.mH, b)',
      () => {
        const { a, b } = complex();
        return torch.inner(a.mH, b);
      },
    ],
    [
      '[t.resolve_conj() for t in torch.svd_lowrank(a, niter=2)]',
      () => torch.svd_lowrank(complex().a, { niter: 2 }).map((t) => t.resolve_conj()),
    ],
  ],
);
