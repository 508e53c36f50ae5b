// Attributes of tensors, against Python's.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { itRefuses } from '../support/errors';
import { parity } from '../support/parity';

const names = [
  ...['is_sparse', 'is_sparse_csr', 'is_mkldnn', 'is_quantized', 'is_nested', 'is_cpu', 'is_cuda', 'is_meta'],
  ...['is_ipu', 'is_maia', 'is_mps', 'is_mtia', 'is_vulkan', 'is_xla', 'is_xpu', 'is_leaf', 'requires_grad'],
  ...['itemsize', 'ndim', 'output_nr', '_version', 'retains_grad', 'layout', 'dtype', 'device', 'shape'],
];
const methods = ['get_device', 'ndimension', 'nelement', 'numel', 'element_size', '_is_view', 'storage_offset'];

const tensors: [python: string, ours: () => Tensor][] = [
  ['torch.zeros(2, 3)', () => torch.zeros([2, 3])],
  ['torch.zeros(2, 3)[1:, ::2]', () => torch.zeros([2, 3]).get('1:', '::2')],
  ['torch.zeros(2, 3, requires_grad=True)', () => torch.zeros([2, 3], { requires_grad: true })],
  [
    'torch.zeros(2, 3, requires_grad=True).unbind(1)[2]',
    () => torch.zeros([2, 3], { requires_grad: true }).unbind(1)[2]!,
  ],
  ['torch.zeros((), dtype=torch.complex128)', () => torch.zeros([], { dtype: torch.complex128 })],
  ['torch.zeros(3, device="meta")', () => torch.zeros([3], { device: 'meta' })],
  ['torch.eye(3).to_sparse()', () => torch.eye(3).to_sparse()],
  ['torch.eye(3).to_sparse_csr()', () => torch.eye(3).to_sparse_csr()],
  ['torch.zeros(2, 3).to_mkldnn()', () => torch.zeros([2, 3]).to_mkldnn()],
  [
    'torch.quantize_per_tensor(torch.ones(3), 0.5, 1, torch.quint8)',
    () => torch.quantize_per_tensor(torch.ones([3]), 0.5, 1, torch.quint8),
  ],
];

const asValue = (value: unknown): Value =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? String(value) : (value as Value);

parity(
  'properties of tensors of every layout',
  tensors.map(([python, ours]) => ({
    name: python,
    python: `
x = ${python}
out = {name: getattr(x, name) for name in ${JSON.stringify(names)}}
out["layout"] = str(out["layout"])
out.update({name: getattr(x, name)() for name in ${JSON.stringify(methods)}})
return out`,
    ours: () => {
      const x = ours();
      const read = x as unknown as Record<string, unknown>;
      return {
        ...Object.fromEntries(names.map((name) => [name, asValue(read[name])])),
        ...Object.fromEntries(methods.map((name) => [name, asValue((read[name] as () => unknown).call(x))])),
      };
    },
  })),
  { threads: [1] },
);

const complex = () => torch.view_as_complex(torch.arange(0, 12, { dtype: torch.float32 }).reshape([2, 3, 2]));

parity(
  'transposes and complex parts',
  [
    {
      name: 'T, mT, H, mH, real, imag and what they share',
      python: `
z = torch.view_as_complex(torch.arange(12.).reshape(2, 3, 2)).requires_grad_()
b = torch.arange(24.).reshape(2, 3, 4)
return [z.T, z.mT, z.H, z.mH, b.mT, b.mH, b.T, z.real, z.imag, z.real.stride(), z.imag.storage_offset(), b.real,
        [v.grad_fn.name() for v in (z.T, z.mT, z.H, z.mH, z.real, z.imag)]]`,
      ours: () => {
        const z = complex().requires_grad_();
        const b = torch.arange(0, 24, { dtype: torch.float32 }).reshape([2, 3, 4]);
        return [
          ...[z.T, z.mT, z.H, z.mH, b.mT, b.mH, b.T, z.real, z.imag],
          z.real.stride(),
          z.imag.storage_offset(),
          b.real,
          [z.T, z.mT, z.H, z.mH, z.real, z.imag].map((v) => v.grad_fn!.name()),
        ];
      },
    },
    {
      name: 'assigned parts, recorded',
      python: `
w = torch.view_as_complex(torch.arange(12.).reshape(2, 3, 2)).requires_grad_()
v = torch.ones(3, requires_grad=True)
z = w * 1
z.real = 3
z.imag[0] = 2.5
z.imag = v
x = torch.zeros(2)
x.real = 4
(z * z).real.sum().backward()
return [z, z.grad_fn.name(), w.grad, v.grad, x]`,
      ours: () => {
        const w = complex().requires_grad_();
        const v = torch.ones([3], { requires_grad: true });
        const z = w.mul(1);
        z.real = 3;
        z.imag.set(0, 2.5);
        z.imag = v;
        const x = torch.zeros([2]);
        x.real = 4;
        z.mul(z).real.sum().backward();
        return [z, z.grad_fn!.name(), w.grad, v.grad, x];
      },
    },
    {
      name: 'size and stride of one dimension',
      python: 'x = torch.zeros(2, 3); return [x.size(-1), x.size(dim=0), x.stride(0), x.stride(dim=-1), x.size(None)]',
      ours: () => {
        const x = torch.zeros([2, 3]);
        return [x.size(-1), x.size({ dim: 0 }), x.stride(0), x.stride({ dim: -1 }), x.size(null)];
      },
    },
    {
      name: 'grad_dtype',
      python: `
x = torch.zeros(2, requires_grad=True)
before = x.grad_dtype
x.grad_dtype = torch.float64
after = x.grad_dtype
x.grad = torch.ones(2, dtype=torch.float64)
x.grad_dtype = None
return [before, after, x.grad_dtype, x.grad]`,
      ours: () => {
        const x = torch.zeros([2], { requires_grad: true });
        const before = String(x.grad_dtype);
        x.grad_dtype = torch.float64;
        const after = String(x.grad_dtype);
        x.grad = torch.ones([2], { dtype: torch.float64 });
        x.grad_dtype = null;
        return [before, after, x.grad_dtype, x.grad];
      },
    },
  ],
  { threads: [1] },
);

describe('refused, in Python’s words', () => {
  const leaf = () => torch.zeros([2], { requires_grad: true });
  itRefuses([
    [
      'imag of real numbers',
      () => torch.zeros([2]).imag,
      torch.TorchError,
      'imag is not implemented for tensors with non-complex dtypes.',
    ],
    [
      'mT of a row',
      () => torch.zeros([3]).mT,
      torch.TorchError,
      'tensor.mT is only supported on matrices or batches of matrices. Got 1-D tensor.',
    ],
    [
      'a part of text',
      () => {
        complex().real = 'a' as never;
      },
      TypeError,
      "can't assign a str to a torch.FloatTensor",
    ],
    [
      'nbytes of sparse',
      () => torch.eye(2).to_sparse().nbytes,
      torch.TorchError,
      /^nbytes is not defined for sparse tensors\./,
    ],
    [
      'size of no dimensions',
      () => torch.zeros([]).size(0),
      RangeError,
      'Dimension specified as 0 but tensor has no dimensions',
    ],
    [
      'size of what is no tensor',
      () => torch.Tensor.prototype.size.call({ shape: [2] } as never, 0),
      TypeError,
      'expected a Tensor made by this isotorch, not dict',
    ],
    [
      'size by name',
      () => torch.zeros([2]).size('a' as never),
      TypeError,
      "size(): argument 'dim' (position 1) must be int, not str",
    ],
    [
      'stride too far',
      () => torch.zeros([2, 3]).stride(5),
      RangeError,
      'Dimension out of range (expected to be in range of [-2, 1], but got 5)',
    ],
    [
      'grad_dtype of a result',
      () => leaf().mul(2).grad_dtype,
      torch.TorchError,
      'grad_dtype can only be accessed on leaf tensors.',
    ],
    [
      'grad_dtype of a result, assigned',
      () => {
        leaf().mul(2).grad_dtype = null;
      },
      torch.TorchError,
      'grad_dtype can only be set on leaf tensors.',
    ],
  ]);

  it('nbytes of sparse rows is as Python counts', () => {
    expect(torch.eye(2).to_sparse_csr().nbytes).toBe(16);
  });
});
