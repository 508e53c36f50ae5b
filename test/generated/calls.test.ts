import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

const x = torch.tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const ints = torch.tensor([1n, 2n, 3n]);

describe('arguments by position and by keyword', () => {
  it('takes every positional parameter by keyword too', () => {
    const sums = [
      x.sum(1, true),
      x.sum(1, { keepdim: true }),
      x.sum({ dim: 1, keepdim: true }),
      torch.sum(x, 1, true),
      torch.sum(x, { dim: 1, keepdim: true }),
      torch.sum({ input: x, dim: 1, keepdim: true }),
    ];
    for (const sum of sums) expect(sum.tolist()).toEqual([[6], [15]]);
    expect(torch.cat({ tensors: [x, x], dim: 1 }).shape).toEqual([2, 6]);
    expect(torch.cat([x, x], { dim: -1 }).shape).toEqual([2, 6]);
  });

  it("takes NumPy's names where Python does", () => {
    // biome-ignore lint/suspicious/noExplicitAny: these names are undocumented in Python too, and not typed
    const loose = x as any;
    expect(loose.sum({ axis: 0 }).tolist()).toEqual([5, 7, 9]);
    expect(loose.sum(1, { keepdims: true }).shape).toEqual([2, 1]);
    expect((torch.relu as (k: object) => torch.Tensor)({ x }).tolist()).toEqual(x.tolist());
  });

  it('treats undefined as left out, in positions and in keywords', () => {
    expect(x.sum(1, undefined).tolist()).toEqual([6, 15]);
    expect(x.sum(1, { keepdim: undefined }).tolist()).toEqual([6, 15]);
    expect(torch.softmax(x, 1, undefined).shape).toEqual([2, 3]);
    expect(torch.zeros(2, { dtype: undefined }).dtype).toBe(torch.float32);
  });

  it('takes null where Python takes None', () => {
    expect(x.sum(null).item()).toBe(21);
    expect(torch.conv1d(x, torch.ones(1, 2, 1), null).tolist()).toEqual([[5, 7, 9]]);
    expect(x.clamp(null, 4).tolist()).toEqual([
      [1, 2, 3],
      [4, 4, 4],
    ]);
  });

  it('takes ints in a row or in a list where one list of ints is all there is', () => {
    for (const view of [x.view(3, 2), x.view([3, 2]), x.view({ size: [3, 2] })]) expect(view.shape).toEqual([3, 2]);
    expect(x.permute(1, 0).shape).toEqual([3, 2]);
    expect(x.repeat(2, 1).shape).toEqual([4, 3]);
    expect(torch.ones(3, 1).expand(3, -1).shape).toEqual([3, 1]);
    expect(torch.zeros(2, 3, { dtype: torch.int64 }).shape).toEqual([2, 3]);
    expect(torch.zeros([2, 3]).shape).toEqual([2, 3]);
    expect(torch.zeros([]).shape).toEqual([]);
    expect(torch.randn(2, 3, { generator: torch.default_generator }).shape).toEqual([2, 3]);
  });

  it('takes one int for a list of fixed length', () => {
    const image = torch.ones(1, 1, 4, 4);
    const weight = torch.ones(1, 1, 2, 2);
    expect(torch.conv2d(image, weight, null, 2).shape).toEqual([1, 1, 2, 2]);
    expect(torch.conv2d(image, weight, null, [2, 1]).shape).toEqual([1, 1, 2, 3]);
    expect(torch.conv2d(image, weight, { stride: 2, padding: 1 }).shape).toEqual([1, 1, 3, 3]);
    expect(torch.conv2d(image, torch.ones(1, 1, 3, 3), { padding: 'same' }).shape).toEqual([1, 1, 4, 4]);
  });
});

describe('numbers', () => {
  it('integer-valued numbers keep integer tensors integer, others make them float', () => {
    expect(ints.mul(2).dtype).toBe(torch.int64);
    expect(ints.mul(2).tolist()).toEqual([2n, 4n, 6n].map(Number));
    expect(ints.mul(2.5).dtype).toBe(torch.float32);
    expect(ints.add(-0).dtype).toBe(torch.float32);
    expect(ints.add(2n).dtype).toBe(torch.int64);
    expect(ints.add(true).dtype).toBe(torch.int64);
    expect(torch.tensor([true]).add(1).dtype).toBe(torch.int64);
    expect(torch.tensor([1], { dtype: torch.float16 }).mul(2.5).dtype).toBe(torch.float16);
    expect(x.add({ re: 0, im: 1 }).dtype).toBe(torch.complex64);
  });

  it('a number may be the first operand where Python lets it', () => {
    expect(torch.add(2, x).tolist()).toEqual(x.add(2).tolist());
    expect(torch.sub(1, x).tolist()).toEqual(x.neg().add(1).tolist());
    expect(torch.pow(2, ints).tolist()).toEqual([2, 4, 8]);
  });

  it('a tensor without dimensions stands for a number, unless it needs a gradient', () => {
    expect(x.add(x, { alpha: torch.tensor(2) as never }).tolist()).toEqual(x.mul(3).tolist());
    expect(x.sum(torch.tensor(1n) as never).tolist()).toEqual([6, 15]);
    const learned = torch.tensor(2, { requires_grad: true });
    expect(() => x.add(x, { alpha: learned as never })).toThrow(
      new TypeError("add(): argument 'alpha' must be Number, not Tensor"),
    );
  });

  it('full is data: numbers make the default dtype, bigints int64, booleans bool', () => {
    expect(torch.full([2], 3).dtype).toBe(torch.float32);
    expect(torch.full([2], 3n).dtype).toBe(torch.int64);
    expect(torch.full([2], true).dtype).toBe(torch.bool);
    expect(torch.full([2], 3, { dtype: torch.int32 }).dtype).toBe(torch.int32);
    expect(torch.full({ size: [2], fill_value: 3 }).dtype).toBe(torch.float32);
    expect(torch.full([2], 3, { out: torch.zeros(2, { dtype: torch.int64 }) }).dtype).toBe(torch.int64);
    expect(torch.full_like(ints, 3, { requires_grad: false }).dtype).toBe(torch.int64);
  });

  it('arange bounds are scalars: int when integer-valued', () => {
    expect(torch.arange(3).dtype).toBe(torch.int64);
    expect(torch.arange(3, { device: 'cpu' }).dtype).toBe(torch.int64);
    expect(torch.arange(0, 1, 0.5).dtype).toBe(torch.float32);
    expect(torch.arange(3, { dtype: torch.float64 }).tolist()).toEqual([0, 1, 2]);
  });
});

describe('which overload', () => {
  it.each<[string, () => torch.Tensor, unknown]>([
    ['max of all', () => x.max(), 6],
    [
      'max of two',
      () => x.max(torch.full([1], 3)),
      [
        [3, 3, 3],
        [4, 5, 6],
      ],
    ],
    ['max along a dimension', () => x.max(1).values, [3, 6]],
    ['pow of a tensor by a tensor', () => ints.pow(ints), [1, 4, 27]],
    ['pow of a tensor by a number', () => ints.pow(2), [1, 4, 9]],
    ['std over a dimension, by position', () => torch.ones(2, 2).std(1, false), [0, 0]],
    ['std with a correction, by keyword', () => torch.ones(2, 2).std({ dim: 1, correction: 0 }), [0, 0]],
    ['std of all, unbiased or not', () => torch.ones(2, 2).std(false), 0],
    [
      'where with tensors',
      () => torch.where(x.gt(3), x, x.neg()),
      [
        [-1, -2, -3],
        [4, 5, 6],
      ],
    ],
    [
      'where with a number',
      () => torch.where(x.gt(3), x, 0),
      [
        [0, 0, 0],
        [4, 5, 6],
      ],
    ],
    [
      'where with two numbers',
      () => torch.where(x.gt(3), 1, 0),
      [
        [0, 0, 0],
        [1, 1, 1],
      ],
    ],
    [
      'where as a method puts self second',
      () => x.where(x.gt(3), 0),
      [
        [0, 0, 0],
        [4, 5, 6],
      ],
    ],
    ['view with another dtype', () => torch.zeros(2).view(torch.int32), [0, 0]],
    ['squeeze of one dimension', () => torch.ones(1, 2).squeeze(0), [1, 1]],
    ['squeeze of several', () => torch.ones(1, 2, 1).squeeze([0, 2]), [1, 1]],
    ['squeeze of all', () => torch.ones(1, 2, 1).squeeze(), [1, 1]],
    [
      'clamp by numbers',
      () => x.clamp(2, 4),
      [
        [2, 2, 3],
        [4, 4, 4],
      ],
    ],
    [
      'clamp by tensors',
      () => x.clamp(torch.tensor(2), torch.tensor(4)),
      [
        [2, 2, 3],
        [4, 4, 4],
      ],
    ],
    ['fill_ by a number', () => torch.empty(2).fill_(3), [3, 3]],
    ['fill_ by a tensor', () => torch.empty(2).fill_(torch.tensor(3)), [3, 3]],
    ['linspace between tensors', () => torch.linspace(torch.tensor(0), torch.tensor(1), 3), [0, 0.5, 1]],
    ['any over a dimension', () => x.gt(5).any(1), [false, true]],
    ['div with a rounding mode', () => ints.div(2, { rounding_mode: 'floor' }), [0, 1, 1]],
    ['norm from torch.linalg', () => torch.linalg.norm(torch.tensor([3, 4])), 5],
    ['norm of an order given by name', () => torch.linalg.norm(torch.ones(2, 2), 'fro'), 2],
  ])('%s', (_name, call, expected) => {
    expect(call().tolist()).toEqual(expected);
  });

  it('tries deprecated signatures last, and warns', async () => {
    const warning = new Promise<Error>((resolve) => process.once('warning', resolve));
    // biome-ignore lint/suspicious/noExplicitAny: deprecated signatures are not typed
    const result = (ints as any).add(10, ints) as torch.Tensor;
    expect(result.tolist()).toEqual([11, 22, 33]);
    expect((await warning).message).toBe(
      'This overload of add is deprecated:\n\tadd(Number alpha, Tensor other)\n' +
        'Consider using one of the following signatures instead:\n\tadd(Tensor other, *, Number alpha = 1)',
    );
  });
});

describe('keyword-only arguments', () => {
  it('dtype, layout, device, pin_memory and requires_grad of factories', () => {
    const made = torch.ones(2, { dtype: torch.float64, device: 'cpu', layout: torch.strided, requires_grad: true });
    expect([String(made.dtype), String(made.device), made.requires_grad, made.is_leaf]).toEqual([
      'torch.float64',
      'cpu',
      true,
      true,
    ]);
    expect(torch.ones(2, { device: torch.device('meta') }).device.type).toBe('meta');
    expect(torch.zeros_like(made).dtype).toBe(torch.float64);
    expect(torch.zeros_like(made, { dtype: torch.int8, requires_grad: false }).dtype).toBe(torch.int8);
    expect(made.new_zeros(3, { requires_grad: true }).requires_grad).toBe(true);
    expect(torch.empty_like(torch.ones(1, 2, 2, 2), { memory_format: torch.channels_last }).stride()).toEqual([
      8, 1, 4, 2,
    ]);
  });

  it('requires_grad of integers is refused as in Python', () => {
    expect(() => torch.ones(2, { dtype: torch.int64, requires_grad: true })).toThrow(
      /only Tensors of floating point and complex dtype can require gradients/i,
    );
  });

  it('a generator', () => {
    const draw = (seed: number) => torch.randn(3, { generator: new torch.Generator().manual_seed(seed) }).tolist();
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
