/** make_tensor: Python's draws, strides and words. */
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/errors';
import { ask, live, parity, skipReason } from '../support/parity';

const { make_tensor } = torch.testing;

const dtypes = [
  torch.bool,
  torch.uint8,
  torch.int8,
  torch.int16,
  torch.int32,
  torch.int64,
  torch.uint16,
  torch.uint32,
  torch.uint64,
  torch.float16,
  torch.bfloat16,
  torch.float32,
  torch.float64,
  torch.complex32,
  torch.complex64,
  torch.complex128,
  torch.float8_e4m3fn,
  torch.float8_e5m2,
  torch.float8_e4m3fnuz,
  torch.float8_e5m2fnuz,
];

interface Case {
  python: string;
  shape: number[];
  options: Omit<torch.testing.MakeTensorOptions, 'dtype' | 'device'>;
}

const drawn: Case[] = [
  { python: '', shape: [3, 5], options: {} },
  { python: '', shape: [], options: {} },
  { python: '', shape: [0, 2], options: {} },
  { python: ', low=-2, high=3.5', shape: [40], options: { low: -2, high: 3.5 } },
  { python: ', low=0.5', shape: [20], options: { low: 0.5 } },
  { python: ', low=-1e400, high=1e400', shape: [9], options: { low: -Infinity, high: Infinity } },
  { python: ', noncontiguous=True', shape: [3, 4], options: { noncontiguous: true } },
  { python: ', noncontiguous=True', shape: [1], options: { noncontiguous: true } },
  { python: ', exclude_zero=True, low=0, high=2', shape: [50], options: { exclude_zero: true, low: 0, high: 2 } },
  {
    python: ', memory_format=torch.channels_last',
    shape: [2, 3, 4, 5],
    options: { memory_format: torch.channels_last },
  },
];

/** What Python itself refuses for a dtype is left out: bounds it cannot hold, replacements without a kernel. */
function pythonCan(dtype: torch.dtype, options: Case['options']): boolean {
  const fractional = dtype.is_floating_point || dtype.is_complex;
  if (options.low === Number.NEGATIVE_INFINITY) return fractional;
  if (!options.exclude_zero) return dtype !== torch.bool || options.low === undefined;
  const unsigned = [torch.uint16, torch.uint32, torch.uint64];
  return !unsigned.includes(dtype) && !(dtype.is_floating_point && dtype.itemsize === 1);
}

for (const dtype of dtypes) {
  parity(
    String(dtype),
    drawn
      .filter(({ options }) => pythonCan(dtype, options))
      .map(({ python, shape, options }) => ({
        name: `[${shape}]${python}`,
        python: `
          x = torch.testing.make_tensor(${JSON.stringify(shape)}, dtype=${dtype}, device='cpu'${python})
          return {'x': x, 'stride': x.stride()}`,
        ours: () => {
          const x = make_tensor(shape, { dtype, device: 'cpu', ...options });
          return { x, stride: x.stride() };
        },
      })),
    { threads: [1] },
  );
}

/** [arguments of Python's make_tensor, the same call here] */
const refused: [python: string, ours: () => unknown][] = [
  ['2', () => make_tensor(2, {} as never)],
  ["2, device='cpu'", () => make_tensor(2, { device: 'cpu' } as never)],
  [
    "2, device='cpu', dtype=torch.float32, foo=1",
    () => make_tensor(2, { device: 'cpu', dtype: torch.float32, foo: 1 } as never),
  ],
  [
    "2, device='cpu', dtype=torch.int8, requires_grad=True",
    () => make_tensor(2, { device: 'cpu', dtype: torch.int8, requires_grad: true }),
  ],
  [
    "2, device='cpu', dtype=torch.float32, low=float('nan')",
    () => make_tensor(2, { device: 'cpu', dtype: torch.float32, low: Number.NaN }),
  ],
  [
    "2, device='cpu', dtype=torch.float32, low=3, high=2.5",
    () => make_tensor(2, { device: 'cpu', dtype: torch.float32, low: 3, high: 2.5 }),
  ],
  [
    "2, device='cpu', dtype=torch.uint8, low=300, high=400",
    () => make_tensor(2, { device: 'cpu', dtype: torch.uint8, low: 300, high: 400 }),
  ],
  [
    "2, device='cpu', dtype=torch.float16, low=10**10, high=10**11",
    () => make_tensor(2, { device: 'cpu', dtype: torch.float16, low: 1e10, high: 1e11 }),
  ],
  [
    "2, device='cpu', dtype=torch.int64, low=2**70, high=2**71",
    () => make_tensor(2, { device: 'cpu', dtype: torch.int64, low: 2n ** 70n, high: 2n ** 71n }),
  ],
  [
    "1, 2, 3, 4, device='cpu', dtype=torch.float32, noncontiguous=True, memory_format=torch.channels_last",
    () =>
      make_tensor(1, 2, 3, 4, {
        device: 'cpu',
        dtype: torch.float32,
        noncontiguous: true,
        memory_format: torch.channels_last,
      }),
  ],
  ["2, device='cpu', dtype=torch.quint8", () => make_tensor(2, { device: 'cpu', dtype: torch.quint8 })],
];

describe.skipIf(!live)(`refusals${skipReason}`, () => {
  it.each(refused)('%s', async (python, ours) => {
    const { error } = await ask({ code: `torch.testing.make_tensor(${python})\nreturn {}` });
    expect(errorOf(ours).message).toBe(error!.message);
  });
});

it('asks for gradients', () => {
  expect(make_tensor([2], { device: 'cpu', dtype: torch.float32, requires_grad: true }).requires_grad).toBe(true);
  expect(make_tensor([2], { device: 'cpu', dtype: torch.float32 }).is_leaf).toBe(true);
});
