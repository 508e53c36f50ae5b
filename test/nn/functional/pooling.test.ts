// Pooling of nn.functional against Python: values, gradients, gradients of gradients, errors.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expectTypeOf, it } from 'vitest';
import { type Call, functionCase, ints, itFailsAsPython, randn, randnOf } from '../../support/function_case';
import { live, parity, skipReason } from '../../support/parity';

const maxPool: Call[] = [
  ['max_pool1d', [randn(2, 3, 10), 3]],
  ['max_pool1d', [randn(3, 10), 3, 2, 1, 2], { ceil_mode: true }],
  ['max_pool1d', [randn(2, 3, 10), [2]], { return_indices: true }],
  ['max_pool1d_with_indices', [randn(2, 3, 10), 2, 1]],
  ['max_pool2d', [randn(2, 3, 8, 9), [3, 2]], { padding: 1, stride: [2, 1] }],
  ['max_pool2d', [randn(3, 8, 9), 2, null, 0, 1, false, true]],
  ['max_pool2d', [], { input: randn(2, 3, 8, 8), kernel_size: 3, ceil_mode: true }],
  ['max_pool2d', [ints(100, 2, 3, 6, 6), 2]],
  ['max_pool2d_with_indices', [randnOf('float64', 2, 3, 8, 8), 3], { dilation: 2 }],
  ['max_pool3d', [randn(2, 3, 6, 7, 8), 2]],
  ['max_pool3d', [randn(3, 6, 7, 8), [2, 3, 2], 1, 1], { return_indices: true }],
  ['max_pool3d_with_indices', [randn(1, 3, 6, 7, 8), 2]],
];

const averages: Call[] = [
  ['avg_pool1d', [randn(2, 3, 10), 3], { padding: 1, count_include_pad: false }],
  ['avg_pool2d', [randn(2, 3, 8, 8), [3, 2], 2], { divisor_override: 5 }],
  ['avg_pool3d', [randn(2, 3, 6, 6, 6), 2]],
  ['adaptive_avg_pool1d', [randn(2, 3, 10), 4]],
  ['adaptive_avg_pool2d', [randn(2, 3, 8, 9), [5, null]]],
  ['adaptive_avg_pool2d', [randn(3, 8, 9), 4]],
  ['adaptive_avg_pool3d', [randn(2, 3, 5, 6, 7), [null, 3, 2]]],
  ['lp_pool1d', [randn(2, 3, 10), 2, 3]],
  ['lp_pool1d', [randn(2, 3, 10), { float: 1 }, 3, 2, true]],
  ['lp_pool2d', [randn(2, 3, 8, 8), 1.5, [3, 2]], { stride: 2 }],
  ['lp_pool2d', [ints(9, 2, 3, 8, 8), 2, 2]],
  ['lp_pool2d', [ints(9, 2, 3, 8, 8), { float: 2 }, 2]],
  ['lp_pool2d', [randn(2, 3, 8, 8), { float: 'inf' }, 2]],
  ['lp_pool3d', [randn(2, 3, 6, 6, 6), { float: '-inf' }, 2]],
  ['lp_pool3d', [randn(2, 3, 6, 6, 6), 3, 2], { ceil_mode: true }],
];

const adaptiveMax: Call[] = [
  ['adaptive_max_pool1d', [randn(2, 3, 10), 4]],
  ['adaptive_max_pool1d', [randn(3, 10), 4, true]],
  ['adaptive_max_pool1d_with_indices', [randn(2, 3, 10), [4]]],
  ['adaptive_max_pool2d', [randn(2, 3, 8, 9), [null, 4]]],
  ['adaptive_max_pool2d', [randn(2, 3, 8, 9), 3], { return_indices: true }],
  ['adaptive_max_pool2d_with_indices', [randn(3, 8, 9), [2, 2]]],
  ['adaptive_max_pool3d', [randn(2, 3, 5, 6, 7), [2, null, 3]]],
  ['adaptive_max_pool3d', [randn(3, 5, 6, 7), 2], { return_indices: true }],
  ['adaptive_max_pool3d_with_indices', [randn(2, 3, 5, 6, 7), 2]],
];

const fractional: Call[] = [
  ['fractional_max_pool2d', [randn(2, 3, 9, 9), 2, 5]],
  ['fractional_max_pool2d', [randn(3, 9, 9), [2, 3]], { output_ratio: [0.5, 0.7] }],
  ['fractional_max_pool2d', [randn(2, 3, 9, 9), 2], { output_size: [4, 5], return_indices: true }],
  ['fractional_max_pool2d_with_indices', [randnOf('float64', 2, 3, 9, 9), 2, 5]],
  ['fractional_max_pool3d', [randn(2, 3, 9, 9, 9), 2], { output_ratio: 0.5 }],
  ['fractional_max_pool3d', [randn(3, 9, 9, 9), 2, [4, 5, 6], null, true]],
  ['fractional_max_pool3d_with_indices', [randn(2, 3, 9, 9, 9), 2, 5]],
];

const unpool: Call[] = [
  ['max_unpool1d', [randn(2, 3, 4), ints(8, 2, 3, 4), 2]],
  ['max_unpool1d', [randn(3, 4), ints(8, 3, 4), [2]], { output_size: [9] }],
  ['max_unpool2d', [randn(2, 3, 4, 4), ints(64, 2, 3, 4, 4), 2, 2]],
  ['max_unpool2d', [randn(2, 3, 4, 4), ints(64, 2, 3, 4, 4), 2], { output_size: [2, 3, 9, 8] }],
  ['max_unpool3d', [randn(2, 3, 2, 3, 2), ints(64, 2, 3, 2, 3, 2), [2, 2, 3]], { padding: 0 }],
];

parity(
  'max_pool',
  maxPool.map((call) => functionCase(call)),
);
parity(
  'avg_pool, adaptive_avg_pool, lp_pool',
  averages.map((call) => functionCase(call)),
);
parity(
  'adaptive_max_pool',
  adaptiveMax.map((call) => functionCase(call)),
);
parity(
  'fractional_max_pool',
  fractional.map((call) => functionCase(call)),
);
parity(
  'max_unpool',
  unpool.map((call) => functionCase(call)),
  { threads: [1] },
);

describe.skipIf(!live)(`wrong calls${skipReason}`, () => {
  itFailsAsPython([
    ['max_pool2d', [randn(2, 3, 8, 8)]],
    ['max_pool2d', [randn(2, 3, 8, 8)], { return_indices: true }],
    ['max_pool2d', [randn(2, 3, 8, 8), 2, 2, 0, 1, false, true, 3]],
    ['max_pool2d', [randn(2, 3, 8, 8), 2], { strides: 1 }],
    ['max_pool2d', [randn(2, 3, 8, 8), 2, 2], { stride: 1 }],
    ['max_pool2d', [randn(2, 3, 8, 8), 'two']],
    ['max_pool1d', [randn(2, 3, 10), 3], { padding: -1 }],
    ['max_pool3d', [randn(2, 3, 4, 4, 4), 3], { padding: 2, return_indices: true }],
    ['adaptive_avg_pool2d', [randn(2, 2), [2, 2]]],
    ['adaptive_avg_pool2d', [randn(2, 3, 4, 4), []]],
    ['adaptive_avg_pool2d', [randn(2, 3, 4, 4), null]],
    ['adaptive_avg_pool3d', [randn(2, 3, 4), [2, 2, 2]]],
    ['adaptive_max_pool2d', [randn(2, 2), [2, 2]], { return_indices: true }],
    ['adaptive_max_pool3d', [randn(2, 3, 4, 4, 4), [-1, 0, 2]]],
    ['fractional_max_pool2d', [randn(2, 3, 8, 8), 2]],
    ['fractional_max_pool2d', [randn(2, 3, 8, 8), 2], { output_ratio: [0.5, 0.5, 0.5] }],
    ['fractional_max_pool2d', [randn(2, 3, 8, 8), 2], { output_ratio: 0.5 }],
    ['fractional_max_pool3d', [randn(2, 3, 8, 8, 8), 2], { return_indices: true }],
    ['fractional_max_pool3d', [randn(8, 8), 2, 3]],
    ['max_unpool1d', [randn(2, 3, 4), ints(8, 2, 3, 4), 2], { output_size: 8 }],
    ['max_unpool1d', [randn(2, 3, 4), ints(8, 2, 3, 4), 2], { output_size: [8, 8] }],
    ['max_unpool2d', [randn(2, 3, 4, 4), ints(8, 2, 3, 4, 4), 2], { output_size: [8, 20] }],
    ['max_unpool2d', [randn(2, 3, 0, 0), ints(8, 2, 3, 0, 0), 2], { stride: 4 }],
    ['max_unpool2d', [randn(2, 3, 4, 4), ints(8, 2, 3, 4, 3), 2]],
    ['max_unpool3d', [randn(2, 3, 4), ints(8, 2, 3, 4), 2], { output_size: [8, 8] }],
    ['lp_pool2d', [randn(2, 3, 8, 8), 2, [2, 2, 2]]],
    ['lp_pool3d', [randn(2, 3, 8, 8, 8), 2, [2, 2]]],
    ['lp_pool1d', [randn(2, 3, 8), 2]],
    ['lp_pool2d', [randn(2, 3, 8, 8), 0, 2]],
    ['lp_pool2d', [3, 2, 2]],
    ['lp_pool1d', ['x', { float: 'inf' }, 2]],
    ['adaptive_max_pool2d', [null, 2]],
    ['adaptive_avg_pool2d', [3, 2]],
    ['max_unpool2d', [3, 2, 2]],
    ['max_pool2d', [3, 2]],
    ['fractional_max_pool2d', [3, 2, 2]],
    ['fractional_max_pool2d', [3, 2], { output_ratio: [0.5, 0.5] }],
  ]);
});

describe('types', () => {
  it('says a pair where indices are asked for', () => {
    const F = torch.nn.functional;
    const x = torch.ones([2, 3, 8, 8]);
    expectTypeOf(F.max_pool2d(x, 2)).toEqualTypeOf<Tensor>();
    expectTypeOf(F.max_pool2d(x, 2, { stride: 1 })).toEqualTypeOf<Tensor>();
    expectTypeOf(F.max_pool2d(x, 2, { return_indices: true })).toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(F.max_pool2d(x, 2, null, 0, 1, false, true)).toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(F.max_pool2d({ input: x, kernel_size: [2, 2], return_indices: true })).toEqualTypeOf<
      [Tensor, Tensor]
    >();
    expectTypeOf(F.adaptive_max_pool2d(x, [null, 2], true)).toEqualTypeOf<[Tensor, Tensor]>();
    const asked = x.numel() > 0;
    expectTypeOf(F.adaptive_max_pool2d(x, 2, asked)).toEqualTypeOf<Tensor | [Tensor, Tensor]>();
    // @ts-expect-error: the kernel's size is required
    expectTypeOf(() => F.max_pool2d(x)).toBeFunction();
  });
});
