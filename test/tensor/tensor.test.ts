import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

describe('what a tensor says of itself', () => {
  it('shape, strides, sizes', () => {
    const x = torch.zeros([2, 3, 4]);
    expect(x.shape).toEqual([2, 3, 4]);
    expect([x.size(), x.size(1), x.size(-1)]).toEqual([[2, 3, 4], 3, 4]);
    expect([x.stride(), x.stride(0), x.stride(-2)]).toEqual([[12, 4, 1], 12, 4]);
    expect([x.ndim, x.dim(), x.numel()]).toEqual([3, 3, 24]);
    expect([x.element_size(), x.itemsize, x.nbytes]).toEqual([4, 4, 96]);
    expect([torch.tensor(1).shape, torch.tensor(1).numel()]).toEqual([[], 1]);
  });

  it('dtype, device, layout', () => {
    const x = torch.zeros([2], { dtype: torch.float64 });
    expect(x.dtype).toBe(torch.float64);
    expect([String(x.device), x.device.type, x.is_cuda]).toEqual(['cpu', 'cpu', false]);
    expect(String(x.layout)).toBe('torch.strided');
    expect(String(torch.zeros([2], { device: 'meta' }).device)).toBe('meta');
  });

  it('views: offset, contiguity, data pointer', () => {
    const x = torch.arange(6).view([2, 3]);
    const row = x.get(1);
    expect(row.storage_offset()).toBe(3);
    expect(row.data_ptr() - x.data_ptr()).toBe(24n);
    expect([x.is_contiguous(), x.t().is_contiguous(), x.t().contiguous().is_contiguous()]).toEqual([true, false, true]);
    const image = torch.zeros([1, 2, 3, 3]);
    const last = image.to({ memory_format: torch.channels_last });
    expect(last.is_contiguous({ memory_format: torch.channels_last })).toBe(true);
    expect(last.is_contiguous()).toBe(false);
  });

  it('_version counts changes in place', () => {
    const x = torch.tensor([0, 0]);
    expect(x._version).toBe(0);
    x.add_(1);
    x.get(0).mul_(3);
    expect([x._version, x.tolist()]).toEqual([2, [3, 1]]);
  });
});

describe('values', () => {
  it('item', () => {
    expect(torch.tensor([[2.5]]).item()).toBe(2.5);
    expect(torch.tensor(true).item()).toBe(true);
    expect(torch.tensor(5n).item()).toBe(5);
    expect(torch.tensor(2n ** 53n - 1n).item()).toBe(2 ** 53 - 1);
    expect(torch.tensor(2n ** 53n + 1n).item()).toBe(2n ** 53n + 1n);
    expect(torch.tensor(-(2n ** 63n)).item()).toBe(-(2n ** 63n));
    expect(torch.tensor({ re: 1, im: -2 }).item()).toEqual({ re: 1, im: -2 });
    expect(torch.tensor(0.1, { dtype: torch.float16 }).item()).toBe(0.0999755859375);
    expect(torch.tensor(7, { dtype: torch.uint16 }).item()).toBe(7);
  });

  it('tolist', () => {
    const x = torch.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.tolist()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(x.t().tolist()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(torch.tensor(4).tolist()).toBe(4);
    expect(torch.zeros([2, 0]).tolist()).toEqual([[], []]);
    expect(torch.zeros([0, 2]).tolist()).toEqual([]);
    expect(torch.tensor([1n, 2n ** 60n]).tolist()).toEqual([1, 2n ** 60n]);
    expect(torch.tensor([true, false]).tolist()).toEqual([true, false]);
    expect(torch.tensor([{ re: 1, im: 2 }, 3]).tolist()).toEqual([
      { re: 1, im: 2 },
      { re: 3, im: 0 },
    ]);
    for (const dtype of [torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.complex32]) {
      const value = dtype.is_complex ? { re: 1.5, im: 0 } : 1.5;
      expect(torch.tensor([1.5, 1.5], { dtype }).tolist(), String(dtype)).toEqual([value, value]);
    }
  });

  it('toTypedArray copies, row-major, each dtype to its array', () => {
    const x = torch.arange(6).view([2, 3]);
    expect(x.t().toTypedArray()).toEqual(new BigInt64Array([0n, 3n, 1n, 4n, 2n, 5n]));
    const data = torch.tensor([1, 2]);
    const copy = data.toTypedArray();
    copy[0] = 9;
    expect(data.tolist()).toEqual([1, 2]);
    const kinds = [
      torch.uint8,
      torch.int8,
      torch.int16,
      torch.uint16,
      torch.int32,
      torch.uint32,
      torch.int64,
      torch.uint64,
      torch.float16,
      torch.bfloat16,
      torch.float32,
      torch.float64,
      torch.bool,
      torch.float8_e5m2,
      torch.complex64,
      torch.complex128,
    ].map((dtype) => torch.tensor([1], { dtype }).toTypedArray());
    expect(kinds).toEqual([
      new Uint8Array([1]),
      new Int8Array([1]),
      new Int16Array([1]),
      new Uint16Array([1]),
      new Int32Array([1]),
      new Uint32Array([1]),
      new BigInt64Array([1n]),
      new BigUint64Array([1n]),
      new Uint16Array([0x3c00]),
      new Uint16Array([0x3f80]),
      new Float32Array([1]),
      new Float64Array([1]),
      new Uint8Array([1]),
      new Uint8Array([0x3c]),
      new Float32Array([1, 0]),
      new Float64Array([1, 0]),
    ]);
  });

  it('round-trips every bit, NaN payloads and -0 included', () => {
    const bits = new Uint32Array([0x7fc00001, 0xffc12345, 0x80000000, 0x00000001]);
    const x = torch.tensor(new Float32Array(bits.buffer));
    expect(new Uint32Array(x.toTypedArray().buffer)).toEqual(bits);
  });

  it('get and iteration', () => {
    const x = torch.arange(6).view([2, 3]);
    expect(x.get(1).tolist()).toEqual([3, 4, 5]);
    expect(x.get(-1, -1).item()).toBe(5);
    expect(x.get().tolist()).toEqual(x.tolist());
    expect([...x].map((row) => row.tolist())).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    const weight = torch.tensor([1, 2, 3], { requires_grad: true });
    weight.get(1).backward();
    expect(weight.grad?.tolist()).toEqual([0, 1, 0]);
  });

  it('get leaves no temporary behind', () => {
    torch.scope(() => {
      const x = torch.zeros([2, 2, 2]);
      const before = torch.memory_stats().live_tensors;
      x.get(1, 1, 1);
      expect(torch.memory_stats().live_tensors).toBe(before + 1);
    });
  });
});

describe('conversions', () => {
  it('to a dtype, a device, both, like another, by keyword', () => {
    const x = torch.tensor([1.5, -2.5]);
    expect(x.to(torch.int32).tolist()).toEqual([1, -2]);
    expect(x.to('cpu').dtype).toBe(torch.float32);
    expect(x.to('cpu', torch.float64).dtype).toBe(torch.float64);
    expect(x.to(torch.device('meta')).device.type).toBe('meta');
    expect(x.to(torch.zeros([1], { dtype: torch.float16 })).dtype).toBe(torch.float16);
    expect(x.to({ dtype: torch.float64, copy: true }).dtype).toBe(torch.float64);
  });

  it('shares where nothing changes, unless a copy is asked for', () => {
    const x = torch.tensor([1, 2]);
    const same = x.to(torch.float32);
    expect(same.data_ptr()).toBe(x.data_ptr());
    same.dispose();
    expect(x.tolist()).toEqual([1, 2]);
    expect(x.to(torch.float32, { copy: true }).data_ptr()).not.toBe(x.data_ptr());
  });

  it('the conversions with names', () => {
    const x = torch.tensor([1, 0]);
    const names = [
      x.float(),
      x.double(),
      x.half(),
      x.bfloat16(),
      x.int(),
      x.long(),
      x.short(),
      x.char(),
      x.byte(),
      x.bool(),
    ].map((y) => y.dtype.name);
    expect(names).toEqual([
      'float32',
      'float64',
      'float16',
      'bfloat16',
      'int32',
      'int64',
      'int16',
      'int8',
      'uint8',
      'bool',
    ]);
    expect(x.bool().tolist()).toEqual([true, false]);
    expect(x.cpu().data_ptr()).toBe(x.data_ptr());
  });

  it('is recorded by autograd', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    x.double().sum().backward();
    expect([x.grad?.dtype, x.grad?.tolist()]).toEqual([torch.float32, [1, 1]]);
  });
});

describe('data', () => {
  it('shares elements, not history', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    const before = x._version;
    x.data.mul_(2);
    expect([x.tolist(), x._version, x.data.requires_grad]).toEqual([[2, 4], before, false]);
  });

  it('can be replaced, by another shape too', () => {
    const x = torch.tensor([1, 2], { requires_grad: true });
    x.data = torch.tensor([[5], [6], [7]]);
    expect([x.tolist(), x.requires_grad]).toEqual([[[5], [6], [7]], true]);
  });
});

describe('misuse', () => {
  const x = torch.ones([3]);
  const gone = torch.ones([3]);
  gone.dispose();

  itRefuses([
    [
      'item of several elements',
      () => x.item(),
      torch.TorchError,
      'a Tensor with 3 elements cannot be converted to Scalar',
    ],
    [
      'item of none',
      () => torch.zeros([0]).item(),
      torch.TorchError,
      'a Tensor with 0 elements cannot be converted to Scalar',
    ],
    ['index out of bounds', () => x.get(5), RangeError, 'index 5 is out of bounds for dimension 0 with size 3'],
    ['too many indices', () => x.get(0, 0), RangeError, 'too many indices for tensor of dimension 1'],
    [
      'index of zero dimensions',
      () => torch.tensor(1).get(0),
      RangeError,
      'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number',
    ],
    [
      'a fraction as index',
      () => x.get(0.5),
      RangeError,
      'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got float)',
    ],
    [
      'NaN as index',
      () => x.get(Number.NaN),
      RangeError,
      'only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got float)',
    ],
    [
      'size of a dimension that is not there',
      () => x.size(5),
      RangeError,
      'Dimension out of range (expected to be in range of [-1, 0], but got 5)',
    ],
    [
      'stride of a dimension that is not there',
      () => x.stride(-2),
      RangeError,
      'Dimension out of range (expected to be in range of [-1, 0], but got -2)',
    ],
    [
      'to a list',
      () => x.to([1] as never),
      TypeError,
      /^to\(\) received an invalid combination of arguments - got \(list\), but expected one of:\n/,
    ],
    [
      'to with an unknown option',
      () => x.to({ dtipe: torch.float64 } as never),
      TypeError,
      /^to\(\) received an invalid combination of arguments - got \(dtipe=torch.dtype, \), but expected one of:\n/,
    ],
    [
      'to a device that is not there',
      () => x.to('cuda:99'),
      torch.AssertionError,
      'Torch not compiled with CUDA enabled',
    ],
    [
      'cuda() to something else',
      () => x.cuda('cpu'),
      torch.TorchError,
      'Invalid device, must be cuda device, but got cpu',
    ],
    [
      'elements of a meta tensor',
      () => torch.zeros([2], { device: 'meta' }).tolist(),
      torch.NotImplementedError,
      /meta/,
    ],
    [
      'data that is no tensor',
      () => {
        x.data = 3 as never;
      },
      TypeError,
      'Variable data has to be a tensor, but got int',
    ],
    ['a negative size', () => torch.zeros([-1]), torch.TorchError, 'zeros: Dimension size must be non-negative.'],
    ['a size beyond memory', () => torch.zeros([2 ** 50]), torch.OutOfMemoryError, /allocate/],
    ['sizes whose product overflows', () => torch.zeros([2 ** 40, 2 ** 40]), torch.TorchError, /overflow/],
    ['NaN as size', () => torch.zeros([Number.NaN]), TypeError, /./],
    ['a fraction as size', () => torch.zeros([1.5]), TypeError, /./],
    ['infinity as size', () => torch.zeros([Number.POSITIVE_INFINITY]), TypeError, /./],
    [
      'shapes that do not fit',
      () => x.add(torch.ones([2])),
      torch.TorchError,
      /^The size of tensor a \(3\) must match the size of tensor b \(2\)/,
    ],
    [
      'dtypes that do not fit',
      () => torch.ones([2, 2]).mm(torch.ones([2, 2], { dtype: torch.float64 })),
      torch.TorchError,
      /dtype/,
    ],
    ['a disposed tensor: an attribute', () => gone.shape, torch.TorchError, /is a disposed tensor/],
    ['a disposed tensor: an operator', () => gone.add(1), torch.TorchError, /is a disposed tensor/],
    ['a disposed tensor: an argument', () => x.add(gone), torch.TorchError, /is a disposed tensor/],
    ['a disposed tensor: item', () => gone.item(), torch.TorchError, /is a disposed tensor/],
    ['a disposed tensor: backward', () => gone.backward(), torch.TorchError, /is a disposed tensor/],
    ['a forged tensor: self', () => (Object.create(x) as typeof x).shape, TypeError, /./],
    ['a forged tensor: an argument', () => x.add(Object.create(x)), TypeError, /./],
    ['a tensor for another thread', () => structuredClone(x), DOMException, /tensorsStayInTheirThread/],
    ['a number where a tensor belongs', () => x.mm(3 as never), TypeError, /./],
    ['a method on something else', () => torch.Tensor.prototype.item.call({} as never), TypeError, /./],
  ]);

  it('a disposed tensor still prints, and can be disposed again', () => {
    expect(String(gone)).toBe('tensor(<disposed>)');
    gone.dispose();
    expect(gone.is_disposed).toBe(true);
  });

  it('`using` disposes at the end of the block', () => {
    let outer: torch.Tensor;
    {
      using inner = torch.ones([2]);
      outer = inner;
      expect(inner.is_disposed).toBe(false);
    }
    expect(outer.is_disposed).toBe(true);
  });
});
