/** Text of generated tensors under generated print options: every character as Python's repr. */
import * as torch from 'isotorch';
import { afterEach, describe, expect, it } from 'vitest';
import type { Leaf } from '../support/bits';
import { ask, askLeaves, live, skipReason } from '../support/parity';
import { _efficientzerotensor } from '../support/private';

/** Python makes the tensors and the texts; the tensors come over as bytes. */
const generate = `
import random
r = random.Random(SEED)
float_dtypes = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.complex64, torch.complex128,
                torch.complex32, torch.float8_e5m2, torch.float8_e4m3fn, torch.float8_e5m2fnuz, torch.float8_e4m3fnuz,
                torch.float8_e8m0fnu]
int_dtypes = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32,
              torch.uint64]
shapes = [[], [1], [3], [7], [40], [0], [2, 0], [0, 3], [2, 3], [5, 12], [2, 2, 3], [2, 1, 2, 2], [11, 8, 2], [1001],
          [40, 30], [7, 3, 60], [2, 7, 8, 10], [1, 1, 1500], [1500, 1, 1]]
ties = [0.5, 1.5, 2.5, 0.125, 0.375, 0.03125, 0.09375, 1.00005, 2.00015, 0.00005, 5e-5, 1.25e-7, 12345.5, 99999.5, 9.5, 99.5]
def numbers(count):
    kind = r.choice(['unit', 'int', 'wide', 'huge', 'ties', 'special', 'small', 'bits', 'zeros', 'large ints'])
    def one():
        if kind == 'unit': return r.uniform(-1, 1)
        if kind == 'int': return float(r.randint(-20, 300))
        if kind == 'wide': return r.gauss(0, 1) * 10 ** r.randint(-6, 6)
        if kind == 'huge': return r.choice([-1, 1]) * r.random() * 10 ** r.randint(15, 300)
        if kind == 'ties': return r.choice([-1, 1]) * r.choice(ties)
        if kind == 'special': return r.choice([0.0, -0.0, float('inf'), float('-inf'), float('nan'), 1.0, -2.5, 3.0])
        if kind == 'small': return r.gauss(0, 1) * 10 ** r.randint(-320, -3)
        if kind == 'bits': return __import__('struct').unpack('<d', r.randbytes(8))[0]
        if kind == 'zeros': return r.choice([0.0, -0.0])
        return float(r.randint(-10 ** 8 - 2, 10 ** 8 + 2))
    return [one() for _ in range(count)]
def make():
    shape = r.choice(shapes)
    count = 1
    for length in shape: count *= length
    if r.random() < 0.35:
        dtype = r.choice(int_dtypes)
        if dtype == torch.bool: return torch.tensor([r.random() < 0.5 for _ in range(count)], dtype=dtype).reshape(shape)
        info = torch.iinfo(dtype)
        top = r.choice([3, 100, info.max])
        return torch.tensor([r.randint(max(info.min, -top), top) for _ in range(count)], dtype=dtype).reshape(shape)
    dtype = r.choice(float_dtypes[:4]) if r.random() < 0.6 else r.choice(float_dtypes)
    if dtype.is_complex:
        pairs = torch.stack([torch.tensor(numbers(count), dtype=torch.float64), torch.tensor(numbers(count), dtype=torch.float64)], -1)
        return torch.view_as_complex(pairs).to(dtype).reshape(shape)
    return torch.tensor(numbers(count), dtype=torch.float64).to(dtype).reshape(shape)
def options():
    if r.random() < 0.4: return {}
    if r.random() < 0.2: return {'profile': r.choice(['default', 'short', 'full'])}
    given = {'precision': r.choice([0, 1, 2, 3, 4, 6, 8, 12, 17, 30]), 'threshold': r.choice([0, 5, 100, 1000]),
             'edgeitems': r.choice([0, 1, 2, 3, 5]), 'linewidth': r.choice([10, 40, 80, 120, 300]),
             'sci_mode': r.choice([True, False, None])}
    return {name: value for name, value in given.items() if r.random() < 0.5}
changes = ['', '', '', 'view', 'leaf', 'result', 'coo', 'csr', 'quantized']
unconverted = [torch.complex32, torch.uint16, torch.uint32, torch.uint64]
def changed(tensor, change):
    if change == 'view': return tensor.transpose(0, -1) if tensor.dim() > 1 else tensor
    if change == 'leaf': return tensor.clone().requires_grad_()
    if change == 'result': return tensor.clone().requires_grad_().clone()
    if change == 'coo': return tensor.to_sparse()
    if change == 'csr': return tensor.to_sparse_csr()
    if change == 'quantized': return torch.quantize_per_tensor(tensor, 0.25, 3, torch.qint32)
    return tensor
out = []
for _ in range(COUNT):
    tensor, given, change = make(), options(), r.choice(changes)
    if change in ('leaf', 'result') and not (tensor.is_floating_point() or tensor.is_complex()) or tensor.itemsize == 1 and change != 'view': change = ''
    if change == 'csr' and tensor.dim() != 2 or change == 'coo' and tensor.dim() == 0: change = ''
    if tensor.dtype in unconverted and change in ('coo', 'csr', 'quantized'): change = ''
    if change == 'quantized' and tensor.dtype != torch.float32: change = ''
    torch.set_printoptions(profile='default')
    with torch._tensor_str.printoptions(**given):
        out.append({'tensor': tensor, 'change': change, 'options': __import__('json').dumps(given), 'text': repr(changed(tensor, change))})
return out
`;

const byName = torch as unknown as Record<string, torch.dtype>;

/** A tensor from its bytes. */
function restore(leaf: Leaf | undefined): torch.Tensor {
  if (leaf?.kind !== 'tensor') throw new Error('Python sent no tensor');
  const dtype = byName[leaf.dtype.replace('torch.', '')]!;
  if (leaf.bytes.length === 0) return torch.empty(leaf.shape, { dtype });
  return torch.frombuffer(leaf.bytes.slice(), { dtype, shape: leaf.shape });
}

/** The same as `changed` in Python. */
const changes: Readonly<Record<string, (tensor: torch.Tensor) => torch.Tensor>> = {
  '': (tensor) => tensor,
  view: (tensor) => (tensor.ndim > 1 ? tensor.transpose(0, -1) : tensor),
  leaf: (tensor) => tensor.clone().requires_grad_(),
  result: (tensor) => tensor.clone().requires_grad_().clone(),
  coo: (tensor) => tensor.to_sparse(),
  csr: (tensor) => tensor.to_sparse_csr(),
  quantized: (tensor) => torch.quantize_per_tensor(tensor, 0.25, 3, torch.qint32),
};

function textOf(leaf: Leaf | undefined): string {
  if (leaf?.kind !== 'string') throw new Error('Python sent no text');
  return leaf.value;
}

afterEach(() => torch.set_printoptions({ profile: 'default' }));

describe.skipIf(!live)(`generated tensors${skipReason}`, () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %i: a hundred of them', async (seed) => {
    const code = generate.replace('SEED', String(seed)).replace('COUNT', '100');
    const leaves = await askLeaves({ code });
    for (let i = 0; i < 100; i++) {
      const options = JSON.parse(textOf(leaves.get(`${i}.options`)));
      const change = textOf(leaves.get(`${i}.change`));
      const tensor = changes[change]!(restore(leaves.get(`${i}.tensor`)));
      const text = torch.printoptions(options, () => String(tensor));
      expect(text, `${change} ${tensor.dtype} [${tensor.shape}] ${JSON.stringify(options)}`).toBe(
        textOf(leaves.get(`${i}.text`)),
      );
    }
  });
});

const none = { requires_grad: true };

/** [Python expression, the same here] */
const cases: [python: string, ours: () => unknown][] = [
  ['torch.eye(3).to_sparse()', () => torch.eye(3).to_sparse()],
  ['torch.zeros(3, 4).to_sparse()', () => torch.zeros(3, 4).to_sparse()],
  ['torch.eye(3, dtype=torch.int32).to_sparse()', () => torch.eye(3, { dtype: torch.int32 }).to_sparse()],
  ['torch.ones(40, 40).to_sparse()', () => torch.ones(40, 40).to_sparse()],
  ['torch.ones(3, 3, 2).to_sparse(2)', () => torch.ones(3, 3, 2).to_sparse(2)],
  ['torch.eye(3).to_sparse_csr()', () => torch.eye(3).to_sparse_csr()],
  ['torch.eye(3).double().to_sparse_csc()', () => torch.eye(3).double().to_sparse_csc()],
  ['torch.eye(4).to_sparse_bsr((2, 2))', () => torch.eye(4).to_sparse_bsr([2, 2])],
  ['torch.eye(4).to_sparse_bsc((2, 2))', () => torch.eye(4).to_sparse_bsc([2, 2])],
  ['torch.zeros(3, 3).to_sparse_csr()', () => torch.zeros(3, 3).to_sparse_csr()],
  ['(torch.eye(2).requires_grad_() * 2).to_sparse()', () => torch.eye(2).requires_grad_().mul(2).to_sparse()],
  [
    'torch.quantize_per_tensor(torch.tensor([1., 2.]), 0.1, 10, torch.quint8)',
    () => torch.quantize_per_tensor(torch.tensor([1, 2]), 0.1, 10, torch.quint8),
  ],
  [
    'torch.quantize_per_tensor(torch.tensor(1.), 2.0, 0, torch.qint32)',
    () => torch.quantize_per_tensor(torch.tensor(1), 2, 0, torch.qint32),
  ],
  [
    'torch.quantize_per_channel(torch.tensor([[1., 2.], [3., 4.]]), torch.tensor([0.1, 0.2]), torch.tensor([0, 1]), 0, torch.qint8)',
    () =>
      torch.quantize_per_channel(
        torch.tensor([
          [1, 2],
          [3, 4],
        ]),
        torch.tensor([0.1, 0.2]),
        torch.tensor([0n, 1n]),
        0,
        torch.qint8,
      ),
  ],
  ['torch.ones(3, 3).to_mkldnn()', () => torch.ones(3, 3).to_mkldnn()],
  ["torch.ones(2, 3, device='meta')", () => torch.ones(2, 3, { device: 'meta' })],
  ["torch.ones(2, device='meta', dtype=torch.int64)", () => torch.ones(2, { device: 'meta', dtype: torch.int64 })],
  [
    "torch.sparse_coo_tensor(size=(2, 3), device='meta')",
    () => torch.ops.aten.sparse_coo_tensor.size([2, 3], { device: 'meta' }),
  ],
  ['torch._efficientzerotensor(3)', () => _efficientzerotensor([3])],
  ['torch.ones(2, dtype=torch.cfloat).conj()', () => torch.ones(2, { dtype: torch.cfloat }).conj()],
  ['torch.ones(2, dtype=torch.cfloat).conj().imag', () => torch.imag(torch.ones(2, { dtype: torch.cfloat }).conj())],
  ['torch.arange(20.).view(4, 5).t()[::1]', () => torch.arange(20).float().view(4, 5).t()],
  ['torch.ones(2, requires_grad=True)', () => torch.ones(2, none)],
  ['torch.ones(2, requires_grad=True) * 2', () => torch.ones(2, none).mul(2)],
  ['torch.ones(2, requires_grad=True).view(1, 2)', () => torch.ones(2, none).view(1, 2)],
  [
    'torch.ones(5, 5, dtype=torch.float64, requires_grad=True).sum(0).exp()',
    () => torch.ones(5, 5, { dtype: torch.float64, requires_grad: true }).sum(0).exp(),
  ],
  ['nn.Parameter(torch.ones(2, 2))', () => new torch.nn.Parameter(torch.ones(2, 2))],
  [
    'torch.tensor([[1., 5.], [2., 3.]]).max(1)',
    () =>
      torch
        .tensor([
          [1, 5],
          [2, 3],
        ])
        .max(1),
  ],
  ['torch.tensor([3., 1.]).sort()', () => torch.tensor([3, 1]).sort()],
  ['torch.linalg.slogdet(torch.eye(2))', () => torch.linalg.slogdet(torch.eye(2))],
  [
    'torch.tensor([1, 2, 3], dtype=torch.uint8).view(torch.float4_e2m1fn_x2)',
    () => torch.tensor([1, 2, 3], { dtype: torch.uint8 }).view(torch.float4_e2m1fn_x2),
  ],
  [
    'torch.nested.nested_tensor([torch.ones(2), torch.zeros(3)])',
    () => torch.ops.aten._nested_tensor_from_tensor_list([torch.ones(2), torch.zeros(3)]),
  ],
  [
    'torch.histogramdd(torch.tensor([[1., 2.], [3., 5.]]), [2, 2])',
    () =>
      torch.histogramdd(
        torch.tensor([
          [1, 2],
          [3, 5],
        ]),
        [2, 2],
      ),
  ],
  ['torch.float32', () => torch.float32],
  ['torch.strided', () => torch.strided],
  ['torch.channels_last', () => torch.channels_last],
  ['torch.per_tensor_affine', () => torch.per_tensor_affine],
];

describe.skipIf(!live)(`kinds of tensors${skipReason}`, () => {
  it.each(cases)('%s', async (python, ours) => {
    const answer = await ask({ code: `return repr(${python})` });
    if (answer.error !== undefined) throw new Error(answer.error.trace);
    expect(String(ours())).toBe((answer.out as { value: string }).value);
  });
});

describe.skipIf(!live)(`tensors with tangents${skipReason}`, () => {
  const shapes = ['[2]', '[]', '[2, 2]'];
  it.each(shapes)('%s', async (shape) => {
    const body = `x = torch.full(${shape}, 1.5)\nwith fw.dual_level(): return repr(fw.make_dual(x, x * 2))`;
    const answer = await ask({ code: `import torch.autograd.forward_ad as fw\n${body}` });
    const { forward_ad } = torch.autograd;
    const x = torch.full(JSON.parse(shape) as number[], 1.5);
    const text = forward_ad.dual_level(() => String(forward_ad.make_dual(x, x.mul(2))));
    expect(text).toBe((answer.out as { value: string }).value);
  });
});
