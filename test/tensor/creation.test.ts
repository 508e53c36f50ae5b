import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';
import { agree } from '../support/expressions';

describe('torch.tensor: dtype by the kind of data, never by its values', () => {
  it.each([
    ['numbers', [1, 2, 3], 'torch.float32'],
    ['an integer-valued number', 3, 'torch.float32'],
    ['bigints', [1n, 2n], 'torch.int64'],
    ['booleans', [true, false], 'torch.bool'],
    ['complex', [{ re: 1, im: 2 }], 'torch.complex64'],
    ['nothing', [], 'torch.float32'],
    ['boolean and bigint', [true, 2n], 'torch.int64'],
    ['boolean and number', [true, 2.5], 'torch.float32'],
    ['bigint and number', [1n, 2.5], 'torch.float32'],
    ['complex and number', [{ re: 1, im: 2 }, 3], 'torch.complex64'],
    ['Uint8Array', new Uint8Array(2), 'torch.uint8'],
    ['Uint8ClampedArray', new Uint8ClampedArray(2), 'torch.uint8'],
    ['Buffer', Buffer.from([1, 2]), 'torch.uint8'],
    ['Int8Array', new Int8Array(2), 'torch.int8'],
    ['Int16Array', new Int16Array(2), 'torch.int16'],
    ['Uint16Array', new Uint16Array(2), 'torch.uint16'],
    ['Int32Array', new Int32Array(2), 'torch.int32'],
    ['Uint32Array', new Uint32Array(2), 'torch.uint32'],
    ['BigInt64Array', new BigInt64Array(2), 'torch.int64'],
    ['BigUint64Array', new BigUint64Array(2), 'torch.uint64'],
    ['Float32Array', new Float32Array(2), 'torch.float32'],
    ['Float64Array', new Float64Array(2), 'torch.float64'],
    ['rows of Float64Array', [new Float64Array(2), new Float64Array(2)], 'torch.float64'],
  ])('%s', (_name, data, dtype) => {
    expect(String(torch.tensor(data).dtype)).toBe(dtype);
  });

  it('promotes with the dtype of one-element tensors, as Python does', () => {
    const half = torch.tensor(1.5, { dtype: torch.float16 });
    expect(torch.tensor([half, 2n]).dtype).toBe(torch.float16);
    expect(torch.tensor([torch.tensor(1, { dtype: torch.float64 }), 2]).dtype).toBe(torch.float64);
    expect(torch.tensor([half, 2n]).tolist()).toEqual([1.5, 2]);
  });
});

describe('torch.tensor: values and shapes', () => {
  it('keeps nesting as shape', () => {
    const x = torch.tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(x.shape).toEqual([2, 2, 2]);
    expect(x.get(1, 0, 1).item()).toBe(6);
  });

  it('gives zero dimensions for a bare value', () => {
    expect(torch.tensor(2.5).shape).toEqual([]);
    expect(torch.tensor(2.5).item()).toBe(2.5);
  });

  it.each([
    [[], [0]],
    [
      [[], []],
      [2, 0],
    ],
    // Python looks no further than the first empty element.
    [
      [[], [1]],
      [2, 0],
    ],
  ])('empty data %j', (data, shape) => {
    expect(torch.tensor(data).shape).toEqual(shape);
  });

  it('rounds to float32 once', () => {
    expect(torch.tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(torch.tensor(0.1, { dtype: torch.float64 }).item()).toBe(0.1);
    expect(torch.tensor(1e300).item()).toBe(Infinity);
    expect(Object.is(torch.tensor(-0).item(), -0)).toBe(true);
    expect(torch.tensor(Number.NaN).item()).toBeNaN();
  });

  it('rounds to float16 and bfloat16 to nearest, ties to even', () => {
    // 2049 lies between the float16 numbers 2048 and 2050; 257 between the bfloat16 numbers 256 and 258.
    const half = torch.tensor([0.1, 2049, 2051, 70000], { dtype: torch.float16 });
    expect([...half.toTypedArray()]).toEqual([0x2e66, 0x6800, 0x6802, 0x7c00]);
    const brain = torch.tensor([0.1, 257, 259, 1e300], { dtype: torch.bfloat16 });
    expect([...brain.toTypedArray()]).toEqual([0x3dcd, 0x4380, 0x4382, 0x7f80]);
  });

  it('converts numbers to integer dtypes by cutting off, bigints exactly', () => {
    expect(torch.tensor([2.7, -2.7], { dtype: torch.int64 }).tolist()).toEqual([2, -2]);
    expect(torch.tensor([9007199254740993n]).item()).toBe(9007199254740993n);
    expect(torch.tensor(2n ** 63n, { dtype: torch.uint64 }).item()).toBe(2n ** 63n);
    expect(torch.tensor(-1, { dtype: torch.uint8 }).item()).toBe(255);
    expect(torch.tensor(-255, { dtype: torch.uint8 }).item()).toBe(1);
    expect(torch.tensor([0, Number.NaN, 0.5], { dtype: torch.bool }).tolist()).toEqual([false, true, true]);
  });

  it('copies: later changes of the source do not show', () => {
    const source = new Float32Array([1, 2]);
    const x = torch.tensor(source);
    source[0] = 9;
    expect(x.tolist()).toEqual([1, 2]);
  });

  it('reads only the window of a view, and shared memory', () => {
    const buffer = new Float32Array([1, 2, 3, 4]).buffer;
    expect(torch.tensor(new Float32Array(buffer, 4, 2)).tolist()).toEqual([2, 3]);
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([5, 6]);
    expect(torch.tensor(shared).tolist()).toEqual([5, 6]);
    expect(torch.frombuffer(shared.buffer, { dtype: torch.float32 }).tolist()).toEqual([5, 6]);
  });

  it('requires_grad', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    expect([x.requires_grad, x.is_leaf]).toEqual([true, true]);
    expect(torch.tensor(new Float32Array(2)).requires_grad).toBe(false);
    const y = torch.tensor([1, 2], { dtype: torch.float16, requires_grad: true });
    expect([y.requires_grad, y.is_leaf]).toEqual([true, true]);
  });

  it('copies a tensor without its history', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    const y = torch.tensor(x.mul(2));
    expect([y.requires_grad, y.is_leaf, y.tolist()]).toEqual([false, true, [2, 4]]);
    const z = torch.tensor(x);
    expect(z.data_ptr()).not.toBe(x.data_ptr());
  });
});

describe('as_tensor', () => {
  it('shares a tensor that fits, with its history, and converts another', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    const same = torch.as_tensor(x);
    expect([same.data_ptr(), same.requires_grad]).toEqual([x.data_ptr(), true]);
    const wide = torch.as_tensor(x, { dtype: torch.float64 });
    expect([wide.dtype, wide.grad_fn?.name()]).toEqual([torch.float64, 'ToCopyBackward0']);
    expect(torch.as_tensor([1n]).dtype).toBe(torch.int64);
  });
});

describe('frombuffer', () => {
  const bytes = new Uint8Array([0, 0, 128, 63, 0, 0, 0, 64]);

  it('reads bytes as a dtype', () => {
    expect(torch.frombuffer(bytes, { dtype: torch.float32 }).tolist()).toEqual([1, 2]);
    expect(torch.frombuffer(bytes, { dtype: torch.float32, offset: 4 }).tolist()).toEqual([2]);
    expect(torch.frombuffer(bytes, { dtype: torch.float32, count: 1 }).tolist()).toEqual([1]);
    expect(torch.frombuffer(bytes, { dtype: torch.float32, shape: [2, 1] }).shape).toEqual([2, 1]);
    expect(torch.frombuffer(bytes.buffer, { dtype: torch.uint8 }).shape).toEqual([8]);
    expect(torch.frombuffer(new DataView(bytes.buffer, 4), { dtype: torch.float32 }).item()).toBe(2);
    expect(torch.frombuffer(bytes, { dtype: torch.bfloat16 }).tolist()).toEqual([0, 1, 0, 2]);
  });

  itRefuses([
    [
      'no dtype',
      () => torch.frombuffer(bytes, {} as never),
      TypeError,
      'frombuffer() missing 1 required positional arguments: "dtype"',
    ],
    [
      'a length that no whole number of elements has',
      () => torch.frombuffer(bytes.subarray(0, 3), { dtype: torch.float32 }),
      torch.ValueError,
      'buffer length (3 bytes) after offset (0 bytes) must be a multiple of element size (4)',
    ],
    [
      'no bytes',
      () => torch.frombuffer(new Uint8Array(0), { dtype: torch.float32 }),
      torch.ValueError,
      'both buffer length (0) and count (-1) must not be 0',
    ],
    [
      'too many elements',
      () => torch.frombuffer(bytes, { dtype: torch.float32, count: 3 }),
      torch.ValueError,
      'requested buffer length (3 * 4 bytes) after offset (0 bytes) must not be greater than actual buffer length (8 bytes)',
    ],
    [
      'an offset behind the end',
      () => torch.frombuffer(bytes, { dtype: torch.float32, offset: 8 }),
      torch.ValueError,
      'offset (8 bytes) must be non-negative and no greater than buffer length (8 bytes) minus 1',
    ],
    [
      'a shape of another size',
      () => torch.frombuffer(bytes, { dtype: torch.float32, shape: [3] }),
      torch.TorchError,
      "shape '[3]' is invalid for input of size 2",
    ],
    [
      'not bytes',
      () => torch.frombuffer([1, 2] as never, { dtype: torch.uint8 }),
      TypeError,
      'frombuffer(): argument 1 must be an ArrayBuffer, a typed array, a DataView or a Buffer',
    ],
    [
      'gradients of integers',
      () => torch.frombuffer(bytes, { dtype: torch.int64, requires_grad: true }),
      torch.TorchError,
      'Only Tensors of floating point and complex dtype can require gradients',
    ],
  ]);
});

describe('torch.tensor refuses', () => {
  const detached = new Float32Array([1, 2]);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);

  itRefuses([
    [
      'ragged data (longer)',
      () =>
        torch.tensor([
          [1, 2],
          [1, 2, 3],
        ]),
      torch.ValueError,
      'expected sequence of length 2 at dim 1 (got 3)',
    ],
    [
      'ragged data (shorter)',
      () => torch.tensor([[1, 2], [1]]),
      torch.ValueError,
      'expected sequence of length 2 at dim 1 (got 1)',
    ],
    ['a value among arrays', () => torch.tensor([[1, 2], 3]), TypeError, 'not a sequence'],
    [
      'an array among values',
      () => torch.tensor([3, [1, 2]]),
      TypeError,
      'tensor(): expected a number at dim 1, as in the elements before it, but got a sequence of length 2',
    ],
    ['a string', () => torch.tensor('a' as never), TypeError, "new(): invalid data type 'str'"],
    ['strings', () => torch.tensor(['a'] as never), torch.ValueError, "too many dimensions 'str'"],
    ['null', () => torch.tensor(null as never), torch.TorchError, 'Could not infer dtype of NoneType'],
    ['undefined', () => torch.tensor([undefined] as never), torch.TorchError, 'Could not infer dtype of undefined'],
    ['an object', () => torch.tensor({} as never), torch.TorchError, 'Could not infer dtype of dict'],
    [
      'a raw buffer',
      () => torch.tensor(new ArrayBuffer(8) as never),
      torch.TorchError,
      'Could not infer dtype of ArrayBuffer',
    ],
    [
      'tensors of several elements',
      () => torch.tensor([torch.ones([2]), torch.ones([2])]),
      torch.ValueError,
      'only one element tensors can be converted to Python scalars',
    ],
    ['a cycle', () => torch.tensor(cyclic as never), torch.ValueError, "too many dimensions 'list'"],
    [
      'a detached buffer',
      () => torch.tensor(detached),
      TypeError,
      'tensor(): the ArrayBuffer behind data is detached (it was transferred); pass a live one',
    ],
    ['a bigint beyond int64', () => torch.tensor([2n ** 63n]), torch.ValueError, 'Overflow when unpacking long long'],
    [
      'a bigint beyond uint64',
      () => torch.tensor([2n ** 64n], { dtype: torch.uint64 }),
      RangeError,
      'int too big to convert',
    ],
    [
      'a negative uint64',
      () => torch.tensor([-1n], { dtype: torch.uint64 }),
      RangeError,
      "can't convert negative int to unsigned",
    ],
    [
      'a bigint beyond double',
      () => torch.tensor([10n ** 400n], { dtype: torch.float32 }),
      RangeError,
      'int too large to convert to float',
    ],
    [
      'NaN as an integer',
      () => torch.tensor([Number.NaN], { dtype: torch.int64 }),
      torch.TorchError,
      'value cannot be converted to type int64 without overflow',
    ],
    [
      'too much for uint8',
      () => torch.tensor([300], { dtype: torch.uint8 }),
      torch.TorchError,
      'value cannot be converted to type uint8 without overflow',
    ],
    [
      'too little for int8',
      () => torch.tensor([-129], { dtype: torch.int8 }),
      torch.TorchError,
      'value cannot be converted to type int8 without overflow',
    ],
    [
      'a negative fraction for uint8',
      () => torch.tensor([-1.5], { dtype: torch.uint8 }),
      torch.TorchError,
      'value cannot be converted to type uint8 without overflow',
    ],
    [
      'complex as float',
      () => torch.tensor([{ re: 1, im: 2 }], { dtype: torch.float32 }),
      TypeError,
      'must be real number, not complex',
    ],
    [
      'gradients of integers',
      () => torch.tensor([1n], { requires_grad: true }),
      torch.TorchError,
      'Only Tensors of floating point and complex dtype can require gradients',
    ],
    [
      'an unknown option',
      () => torch.tensor(1, { dtyp: torch.float64 } as never),
      TypeError,
      "tensor() got an unexpected keyword argument 'dtyp'",
    ],
    [
      'a dtype by name',
      () => torch.tensor(1, { dtype: 'float32' } as never),
      TypeError,
      "tensor(): argument 'dtype' must be torch.dtype, not str",
    ],
    [
      'a device that is not there',
      () => torch.tensor(1, { device: 'cuda:99' }),
      torch.AssertionError,
      'Torch not compiled with CUDA enabled',
    ],
    [
      'a device that is none',
      () => torch.tensor(1, { device: 'gpu' }),
      torch.TorchError,
      /^Expected one of cpu, cuda, .* device type at start of device string: gpu/,
    ],
  ]);
});

it('refused data leaves nothing behind', () => {
  const before = torch.memory_stats().live_tensors;
  expect(() => torch.tensor([1n], { requires_grad: true })).toThrow();
  expect(() => torch.tensor(1, { device: 'cuda:99' })).toThrow();
  expect(torch.memory_stats().live_tensors).toBe(before);
});

it('is_tensor', () => {
  const x = torch.ones([1]);
  expect([x, Object.create(x), {}, null].map(torch.is_tensor)).toEqual([true, false, false, false]);
});

const specials = [
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  1 / 3,
  1.00390625,
  1.01171875,
  3.4e38,
  1e300,
  2 ** -133,
  2 ** -134,
];

function pythonList(numbers: readonly number[]): string {
  return `[${numbers.map((x) => (Object.is(x, -0) ? '-0.0' : `float("${x}")`)).join(', ')}]`;
}

// Python stores each number by itself; the kernel that converts whole tensors has another NaN for bfloat16.
agree('numbers as low-precision dtypes', `specials = ${pythonList(specials)}`, [
  ['torch.tensor(specials, dtype=torch.bfloat16)', () => torch.tensor(specials, { dtype: torch.bfloat16 })],
  [
    'torch.tensor(specials * 9, dtype=torch.bfloat16)',
    () => torch.tensor(Array.from({ length: 9 }, () => specials).flat(), { dtype: torch.bfloat16 }),
  ],
  [
    'torch.tensor(specials * 9, dtype=torch.float16)',
    () => torch.tensor(Array.from({ length: 9 }, () => specials).flat(), { dtype: torch.float16 }),
  ],
  ['torch.tensor(specials, dtype=torch.float8_e5m2)', () => torch.tensor(specials, { dtype: torch.float8_e5m2 })],
  ['torch.tensor(specials, dtype=torch.float8_e4m3fn)', () => torch.tensor(specials, { dtype: torch.float8_e4m3fn })],
]);
