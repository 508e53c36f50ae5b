// Elements as JavaScript values, against Python's tolist(), item() and number conversions.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../support/bits';
import { itRefuses, type Misuse } from '../support/errors';
import { type ParityCase, parity } from '../support/parity';

/** Every dtype whose elements are values. */
const dtypes = [
  torch.uint8,
  torch.int8,
  torch.int16,
  torch.int32,
  torch.int64,
  torch.uint16,
  torch.uint32,
  torch.uint64,
  torch.bool,
  torch.float16,
  torch.bfloat16,
  torch.float32,
  torch.float64,
  torch.float8_e4m3fn,
  torch.float8_e4m3fnuz,
  torch.float8_e5m2,
  torch.float8_e5m2fnuz,
  torch.float8_e8m0fnu,
  torch.complex32,
  torch.complex64,
  torch.complex128,
];

// All bytes from 0 to 255 read as each dtype: subnormals, infinities, NaNs, both ends of the integers.
const bytes = (dtype: torch.dtype) => {
  const all = torch.arange(256, { dtype: torch.uint8 });
  if (dtype === torch.bool) return all.remainder(2);
  return dtype.itemsize === 1 ? all : all.mul(37);
};

function complexParts(value: unknown): Value {
  if (Array.isArray(value)) return value.map(complexParts);
  if (typeof value === 'object' && value !== null) {
    const { re, im } = value as { re: number; im: number };
    return [re, im];
  }
  return value as number;
}

const python = `
def parts(value):
    if isinstance(value, list):
        return [parts(item) for item in value]
    return [value.real, value.imag] if isinstance(value, complex) else value
`;

const everyDtype: ParityCase[] = dtypes.map((dtype) => ({
  name: `tolist and item of ${dtype}`,
  python: `${python}
b = torch.arange(256, dtype=torch.uint8) * ${dtype.itemsize === 1 ? 1 : 37}
${dtype === torch.bool ? 'b = b % 2' : ''}
x = b.view(${dtype})
return [parts(x.tolist()), parts(x[3].item()), parts(x[-1].item()), parts(x.reshape(2, -1)[:, :2].tolist())]`,
  ours: () => {
    const x = bytes(dtype).view(dtype);
    return [
      complexParts(x.tolist()),
      complexParts(x.get(3).item()),
      complexParts(x.get(-1).item()),
      complexParts(x.reshape([2, -1]).get(':', ':2').tolist()),
    ];
  },
}));

const conversions: ParityCase[] = [
  {
    name: 'shapes without elements, and none',
    python: 'return [torch.zeros(2, 0, 3).tolist(), torch.zeros(0).tolist(), torch.tensor(5).tolist()]',
    ours: () => [
      torch.zeros([2, 0, 3]).tolist() as Value,
      torch.zeros([0]).tolist() as Value,
      torch.tensor(5n).tolist() as Value,
    ],
  },
  {
    name: 'lazy conjugates and negatives',
    python: `${python}
x = torch.tensor([1 + 2j, 3 - 4j])
return [parts(x.conj().tolist()), x.conj().imag.tolist()]`,
    ours: () => {
      const x = torch.tensor([
        { re: 1, im: 2 },
        { re: 3, im: -4 },
      ]);
      return [complexParts(x.conj().tolist()), x.conj().imag.tolist() as number[]];
    },
  },
  {
    name: 'int, float, complex, index and bool of one element',
    python: `${python}
xs = [torch.tensor(2.7), torch.tensor([[-2.7]]), torch.tensor(True), torch.tensor(2**62 + 1), torch.tensor(1 + 0j),
      torch.tensor(0.), torch.tensor(2**52, dtype=torch.uint64), torch.tensor(1e20)]
return [[int(x), float(x), parts(complex(x)), bool(x)] for x in xs] + [
    torch.tensor(3).__index__(), torch.tensor([True]).__index__(), bool(torch.tensor(2j)), float(torch.tensor(-0.))]`,
    ours: () => {
      const xs = [
        torch.tensor(2.7),
        torch.tensor([[-2.7]]),
        torch.tensor(true),
        torch.tensor(2n ** 62n + 1n),
        torch.tensor({ re: 1, im: 0 }),
        torch.tensor(0),
        torch.tensor(2n ** 52n, { dtype: torch.uint64 }),
        torch.tensor(1e20),
      ];
      return [
        ...xs.map((x) => [x.__int__(), x.__float__(), complexParts(x.__complex__()), x.__bool__()]),
        torch.tensor(3n).__index__(),
        torch.tensor([true]).__index__(),
        torch.tensor({ re: 0, im: 2 }).__bool__(),
        torch.tensor(-0).__float__(),
      ];
    },
  },
  {
    name: 'item of a quantized and of a sparse tensor',
    python: `
q = torch.quantize_per_tensor(torch.arange(3.), .5, 1, torch.quint8)
return [q[1].item(), torch.tensor([3.]).to_sparse().item()]`,
    ours: () => [
      torch
        .quantize_per_tensor(torch.arange(0, 3, { dtype: torch.float32 }), 0.5, 1, torch.quint8)
        .get(1)
        .item() as number,
      torch.tensor([3]).to_sparse().item() as number,
    ],
  },
];

parity('tolist and item', [...everyDtype, ...conversions], { threads: [1] });

const quantized = () => torch.quantize_per_tensor(torch.ones([3]), 0.5, 1, torch.quint8);

describe('refused, in Python’s words', () => {
  const table: Misuse[] = [
    [
      'bool of several',
      () => torch.zeros([2]).__bool__(),
      torch.TorchError,
      'Boolean value of Tensor with more than one value is ambiguous',
    ],
    [
      'bool of none',
      () => torch.zeros([0]).__bool__(),
      torch.TorchError,
      'Boolean value of Tensor with no values is ambiguous',
    ],
    [
      'int of several',
      () => torch.zeros([2]).__int__(),
      torch.ValueError,
      'only one element tensors can be converted to Python scalars',
    ],
    [
      'float of several',
      () => torch.zeros([2]).__float__(),
      torch.ValueError,
      'only one element tensors can be converted to Python scalars',
    ],
    [
      'float of a complex number',
      () => torch.tensor({ re: 0, im: 1 }).__float__(),
      torch.TorchError,
      'value cannot be converted to type double without overflow',
    ],
    [
      'int of a complex number',
      () => torch.tensor({ re: 0, im: 1 }).__int__(),
      torch.TorchError,
      'value cannot be converted to type int64_t without overflow',
    ],
    [
      'int of infinity',
      () => torch.tensor(Number.POSITIVE_INFINITY).__int__(),
      RangeError,
      'cannot convert float infinity to integer',
    ],
    ['int of NaN', () => torch.tensor(Number.NaN).__int__(), torch.ValueError, 'cannot convert float NaN to integer'],
    [
      'index of a float',
      () => torch.tensor(2).__index__(),
      TypeError,
      'only integer tensors of a single element can be converted to an index',
    ],
    [
      'tolist of sparse',
      () => torch.eye(2).to_sparse().tolist(),
      torch.TorchError,
      "Cannot access data pointer of Tensor that doesn't have storage",
    ],
    [
      'tolist of sparse rows',
      () => torch.eye(2).to_sparse_csr().tolist(),
      torch.TorchError,
      "Cannot access data pointer of Tensor that doesn't have storage",
    ],
    ['tolist of quantized', () => quantized().tolist(), torch.TorchError, 'load_scalar: invalid type'],
    [
      'tolist of meta',
      () => torch.zeros([2], { device: 'meta' }).tolist(),
      torch.NotImplementedError,
      'Cannot copy out of meta tensor; no data!',
    ],
    [
      'item of meta',
      () => torch.zeros([], { device: 'meta' }).item(),
      torch.TorchError,
      'Tensor.item() cannot be called on meta tensors',
    ],
  ];
  itRefuses(table);

  it('text where a number is not asked for', () => {
    expect(`${torch.tensor(2.5)}`).toBe('tensor(2.5000)');
    expect(`loss ${torch.tensor([1, 2])}`).toBe('loss tensor([1., 2.])');
  });
});
