import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const { aten } = torch.ops;
const x = torch.tensor([1, 2]);
const list = (value: unknown) => (value as torch.Tensor).tolist();

describe('torch.ops', () => {
  it('calls any overload by its schema', () => {
    expect(list(aten.add.Tensor(x, x))).toEqual([2, 4]);
    expect(list(aten.add.Tensor(x, x, { alpha: 3 }))).toEqual([4, 8]);
    expect(list(aten.add.Tensor({ self: x, other: x }))).toEqual([2, 4]);
    expect(list(aten.relu.default(x.neg()))).toEqual([0, 0]);
    expect(list(aten.relu(x.neg()))).toEqual([0, 0]);
    expect(list(aten.index.Tensor(x, [torch.tensor([1n])]))).toEqual([2]);
    expect(list(aten.arange.start_step(0, 4, 2, { dtype: torch.int32, device: 'cpu' }))).toEqual([0, 2]);
  });

  it('lets a number stand for a tensor, and never takes it for a slot', () => {
    expect(list(aten.add.Tensor(x, 2))).toEqual([3, 4]);
    expect(list(aten.mul.Tensor(torch.tensor([2n]), 3))).toEqual([6]);
    expect((aten.mul.Tensor(torch.tensor([2n]), 3) as torch.Tensor).dtype).toBe(torch.int64);
  });

  // Python: RuntimeError "aten::relu() Expected a value of type 'Tensor' for argument 'self' but instead found type 'int'."
  it('lets it so in arithmetic only', () => {
    expect(() => aten.relu.default(3)).toThrow(TypeError);
    expect(() => aten.relu.default(3)).toThrow(/aten::relu\(\): argument 'self' must be Tensor, not int: aten::relu\(/);
    expect(() => aten.index.Tensor(x, [0])).toThrow(/argument 'indices' must be .*Tensor.*, not int/);
    expect(() => aten.is_floating_point.default(true)).toThrow(/must be Tensor, not bool/);
    expect(() => aten.cat.default([x, 2.5])).toThrow(/must be List\[Tensor\], not float/);
    expect(list(aten.true_divide.Tensor(4, x))).toEqual([4, 2]);
  });

  it('gives several results as an array, and written arguments themselves', () => {
    const [values, indices] = aten.max.dim(x, 0) as torch.Tensor[];
    expect([values?.item(), indices?.item()]).toEqual([2, 1]);
    const y = torch.zeros(2);
    expect(aten.add_.Tensor(y, x)).toBe(y);
    expect(aten.add.out(x, x, { out: y })).toBe(y);
    expect(list(y)).toEqual([2, 4]);
  });

  it('takes the overload that has the keywords', () => {
    const image = torch.ones([1, 1, 2, 2]);
    const larger = aten.upsample_nearest2d(image, { output_size: null, scale_factors: [2, 3] }) as torch.Tensor;
    expect(larger.shape).toEqual([1, 1, 4, 6]);
    expect((aten.upsample_nearest2d(image, { output_size: [3, 5] }) as torch.Tensor).shape).toEqual([1, 1, 3, 5]);
  });

  it('gives dtypes as dtypes', () => {
    expect(aten.result_type.Tensor(x, torch.tensor([1n]))).toBe(torch.float32);
  });

  it('reaches other namespaces', () => {
    expect(torch.ops.quantized?.relu6).toBeTypeOf('function');
  });

  // biome-ignore lint/suspicious/noExplicitAny: names that the types do not know
  const loose = aten as any;
  itRefuses([
    [
      'unknown operator',
      () => loose.nope.default(x),
      torch.NotImplementedError,
      /^operator aten::nope does not exist in the loaded libtorch/,
    ],
    [
      'unknown overload',
      () => loose.add.nope(x),
      torch.NotImplementedError,
      /^operator aten::add\.nope does not exist/,
    ],
    [
      'several overloads',
      () => aten.add(x, x),
      TypeError,
      'aten::add has several overloads, name one of them: Scalar, Scalar_out, Tensor, out',
    ],
    [
      'wrong kind',
      () => aten.add.Tensor(x, 'a'),
      TypeError,
      /^add\(\): argument 'other' \(position 2\) must be Tensor, not str/,
    ],
    ['missing library', () => torch.ops.load_library('/nowhere/libnothing.so'), torch.TorchError, /libnothing\.so/],
  ]);
});
