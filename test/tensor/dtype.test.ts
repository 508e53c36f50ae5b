import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { dtypeOf, layoutOf, qschemeOf } from '../../lib/torch/core/codes';

// name, itemsize, is_floating_point, is_complex, is_signed as Python 3's torch 2.13 gives them.
const TABLE: [name: string, itemsize: number, floating: boolean, complex: boolean, signed: boolean][] = [
  ['uint8', 1, false, false, false],
  ['uint16', 2, false, false, false],
  ['uint32', 4, false, false, false],
  ['uint64', 8, false, false, false],
  ['int8', 1, false, false, true],
  ['int16', 2, false, false, true],
  ['int32', 4, false, false, true],
  ['int64', 8, false, false, true],
  ['bool', 1, false, false, false],
  ['float16', 2, true, false, true],
  ['bfloat16', 2, true, false, true],
  ['float32', 4, true, false, true],
  ['float64', 8, true, false, true],
  ['float8_e5m2', 1, true, false, true],
  ['float8_e4m3fn', 1, true, false, true],
  ['float8_e5m2fnuz', 1, true, false, true],
  ['float8_e4m3fnuz', 1, true, false, true],
  ['float8_e8m0fnu', 1, true, false, false],
  ['complex32', 4, false, true, true],
  ['complex64', 8, false, true, true],
  ['complex128', 16, false, true, true],
];

const byName = new Map<string, unknown>(Object.entries(torch));

describe('dtypes', () => {
  it.each(TABLE)('%s', (name, itemsize, floating, complex, signed) => {
    const dtype = byName.get(name) as torch.Dtype;
    expect([dtype.itemsize, dtype.is_floating_point, dtype.is_complex, dtype.is_signed]).toEqual([
      itemsize,
      floating,
      complex,
      signed,
    ]);
    expect(String(dtype)).toBe(`torch.${name}`);
    // libtorch agrees on the code and the size.
    const tensor = torch.empty(2, { dtype });
    expect(tensor.dtype).toBe(dtype);
    expect(tensor.element_size()).toBe(itemsize);
    expect(tensor.is_floating_point()).toBe(floating);
    expect(tensor.is_complex()).toBe(complex);
    expect(tensor.is_signed()).toBe(signed);
  });

  it("have Python's second names", () => {
    expect([torch.float, torch.double, torch.half]).toEqual([torch.float32, torch.float64, torch.float16]);
    expect([torch.short, torch.int, torch.long]).toEqual([torch.int16, torch.int32, torch.int64]);
    expect([torch.chalf, torch.cfloat, torch.cdouble]).toEqual([torch.complex32, torch.complex64, torch.complex128]);
  });
});

describe('layouts and memory formats', () => {
  it('are those libtorch reports', () => {
    expect(torch.ones(1).layout).toBe(torch.strided);
    expect(torch.eye(2).to_sparse().layout).toBe(torch.sparse_coo);
    expect(torch.eye(2).to_sparse_csr().layout).toBe(torch.sparse_csr);
    expect(String(torch.sparse_csr)).toBe('torch.sparse_csr');
    const image = torch.ones(1, 2, 3, 3).contiguous({ memory_format: torch.channels_last });
    expect(image.stride()).toEqual([18, 1, 6, 2]);
    expect(torch.ones(1, 2, 1, 3, 3).contiguous({ memory_format: torch.channels_last_3d }).stride()[1]).toBe(1);
    expect(image.clone({ memory_format: torch.preserve_format }).stride()).toEqual([18, 1, 6, 2]);
    expect(image.clone({ memory_format: torch.contiguous_format }).stride()).toEqual([18, 9, 3, 1]);
  });

  it('codes that stand for nothing are refused', () => {
    for (const of of [dtypeOf, layoutOf, qschemeOf]) expect(() => of(99)).toThrow(TypeError);
  });
});
