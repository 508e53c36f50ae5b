import { inspect } from 'node:util';
import * as torch from 'isotorch';
import { expect, it } from 'vitest';

// The right-hand sides are what Python's repr gives for the same tensors.
const cases: [tensor: () => torch.Tensor, text: string][] = [
  [() => torch.tensor(3.5), 'tensor(3.5000)'],
  [() => torch.tensor([1n, 2n, 3n]), 'tensor([1, 2, 3])'],
  [() => torch.tensor([1, 2, 3]), 'tensor([1., 2., 3.])'],
  [() => torch.tensor([1.5, -2.25, 100]), 'tensor([  1.5000,  -2.2500, 100.0000])'],
  [() => torch.tensor([1e-5, 1]), 'tensor([1.0000e-05, 1.0000e+00])'],
  [() => torch.tensor([100005, 1e9]), 'tensor([1.0000e+05, 1.0000e+09])'],
  [() => torch.tensor([Infinity, NaN, -Infinity, 1]), 'tensor([inf, nan, -inf, 1.])'],
  [() => torch.tensor([Infinity, NaN, 1.5]), 'tensor([   inf,    nan, 1.5000])'],
  [
    () =>
      torch.tensor([
        [true, false],
        [false, true],
      ]),
    ['tensor([[ True, False],', '        [False,  True]])'].join('\n'),
  ],
  [() => torch.zeros([0]), 'tensor([])'],
  [() => torch.zeros([2, 0], { dtype: torch.int64 }), 'tensor([], size=(2, 0), dtype=torch.int64)'],
  [() => torch.tensor([0.1], { dtype: torch.float64 }), 'tensor([0.1000], dtype=torch.float64)'],
  [() => torch.tensor([1.5, 2], { dtype: torch.float16 }), 'tensor([1.5000, 2.0000], dtype=torch.float16)'],
  [() => torch.tensor([-0, 0]), 'tensor([-0., 0.])'],
  [
    () => torch.arange(12).view([2, 2, 3]),
    [
      'tensor([[[ 0,  1,  2],',
      '         [ 3,  4,  5]],',
      '',
      '        [[ 6,  7,  8],',
      '         [ 9, 10, 11]]])',
    ].join('\n'),
  ],
  [
    () => torch.arange(40).float().div(7),
    [
      'tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000, 1.1429,',
      '        1.2857, 1.4286, 1.5714, 1.7143, 1.8571, 2.0000, 2.1429, 2.2857, 2.4286,',
      '        2.5714, 2.7143, 2.8571, 3.0000, 3.1429, 3.2857, 3.4286, 3.5714, 3.7143,',
      '        3.8571, 4.0000, 4.1429, 4.2857, 4.4286, 4.5714, 4.7143, 4.8571, 5.0000,',
      '        5.1429, 5.2857, 5.4286, 5.5714])',
    ].join('\n'),
  ],
  [() => torch.arange(2000), 'tensor([   0,    1,    2,  ..., 1997, 1998, 1999])'],
  [
    () => torch.arange(10000).view([100, 100]).div(3),
    [
      'tensor([[0.0000e+00, 3.3333e-01, 6.6667e-01,  ..., 3.2333e+01, 3.2667e+01,',
      '         3.3000e+01],',
      '        [3.3333e+01, 3.3667e+01, 3.4000e+01,  ..., 6.5667e+01, 6.6000e+01,',
      '         6.6333e+01],',
      '        [6.6667e+01, 6.7000e+01, 6.7333e+01,  ..., 9.9000e+01, 9.9333e+01,',
      '         9.9667e+01],',
      '        ...,',
      '        [3.2333e+03, 3.2337e+03, 3.2340e+03,  ..., 3.2657e+03, 3.2660e+03,',
      '         3.2663e+03],',
      '        [3.2667e+03, 3.2670e+03, 3.2673e+03,  ..., 3.2990e+03, 3.2993e+03,',
      '         3.2997e+03],',
      '        [3.3000e+03, 3.3003e+03, 3.3007e+03,  ..., 3.3323e+03, 3.3327e+03,',
      '         3.3330e+03]])',
    ].join('\n'),
  ],
  [
    () =>
      torch.tensor([
        { re: 1, im: 2 },
        { re: -3.5, im: -0.25 },
      ]),
    'tensor([ 1.0000+2.0000j, -3.5000-0.2500j])',
  ],
  [() => torch.ones([2], { requires_grad: true }), 'tensor([1., 1.], requires_grad=True)'],
  [() => torch.ones([2], { requires_grad: true }).mul(2), 'tensor([2., 2.], grad_fn=<MulBackward0>)'],
  [() => torch.tensor([0.03125, 0.09375, 2.00005]), 'tensor([0.0312, 0.0938, 2.0001])'],
  [() => torch.ones([2, 3], { device: 'meta' }), "tensor(..., device='meta', size=(2, 3))"],
  [() => torch.tensor([1, -2], { dtype: torch.int8 }), 'tensor([ 1, -2], dtype=torch.int8)'],
  [() => torch.tensor([9007199254740993n]), 'tensor([9007199254740993])'],
  [() => torch.tensor([[1, 255]], { dtype: torch.uint8 }), 'tensor([[  1, 255]], dtype=torch.uint8)'],
  [() => torch.tensor(0), 'tensor(0.)'],
  [() => torch.tensor(true), 'tensor(True)'],
  [() => torch.tensor(NaN), 'tensor(nan)'],
  [
    () => torch.ones([3, 3], { requires_grad: true }).mul(1.23456).mul(2),
    [
      'tensor([[2.4691, 2.4691, 2.4691],',
      '        [2.4691, 2.4691, 2.4691],',
      '        [2.4691, 2.4691, 2.4691]], grad_fn=<MulBackward0>)',
    ].join('\n'),
  ],
  [() => torch.zeros([0], { dtype: torch.float64 }), 'tensor([], dtype=torch.float64)'],
  [
    () => torch.arange(20).double().view([2, 10]).mul(1000.5),
    [
      'tensor([[    0.0000,  1000.5000,  2001.0000,  3001.5000,  4002.0000,  5002.5000,',
      '          6003.0000,  7003.5000,  8004.0000,  9004.5000],',
      '        [10005.0000, 11005.5000, 12006.0000, 13006.5000, 14007.0000, 15007.5000,',
      '         16008.0000, 17008.5000, 18009.0000, 19009.5000]], dtype=torch.float64)',
    ].join('\n'),
  ],
];

it.each(cases)('%s', (make, text) => {
  expect(String(make())).toBe(text);
});

it('refuses a precision that is none', () => {
  expect(() => torch.printoptions({ precision: -1 }, () => String(torch.tensor(0.5)))).toThrow(
    'Format specifier missing precision',
  );
  expect(torch.get_printoptions()).toEqual({
    precision: 4,
    threshold: 1000,
    edgeitems: 3,
    linewidth: 80,
    sci_mode: null,
  });
});

it('is what console.log shows', () => {
  expect(inspect(torch.tensor([1, 2]))).toBe('tensor([1., 2.])');
  expect(inspect({ x: torch.tensor(true) })).toBe('{ x: tensor(True) }');
});

it('leaves no temporary behind', () => {
  const x = torch.arange(5000).view([50, 100]);
  const before = torch.memory_stats().live_tensors;
  String(x);
  expect(torch.memory_stats().live_tensors).toBe(before);
});
