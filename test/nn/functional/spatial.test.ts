// Resizing, sampling, padding, folding and shuffling of nn.functional against Python.
import { describe } from 'vitest';
import {
  type Call,
  functionCase,
  itFailsAsPython,
  itWarnsAsPython,
  ints,
  plain,
  randn,
  randnOf,
} from '../../support/function_case';
import { live, parity, skipReason } from '../../support/parity';

const image = randn(2, 3, 7, 9);
const line = randn(2, 3, 11);
const volume = randn(1, 2, 4, 5, 6);

const resized: Call[] = [
  ['interpolate', [image, 12]],
  ['interpolate', [image, [5, 13]], { mode: 'nearest-exact' }],
  ['interpolate', [image], { scale_factor: 1.7, mode: 'bilinear' }],
  ['interpolate', [image], { scale_factor: [0.6, 2], mode: 'bilinear', align_corners: true }],
  ['interpolate', [image], { scale_factor: 1.7, mode: 'bilinear', recompute_scale_factor: true }],
  ['interpolate', [image], { scale_factor: 2.9, recompute_scale_factor: false }],
  ['interpolate', [image, null, { float: 2 }, 'bicubic', true]],
  ['interpolate', [image, [4, 4]], { mode: 'bicubic', antialias: true }],
  ['interpolate', [image], { scale_factor: 0.51, mode: 'bilinear', antialias: true }],
  ['interpolate', [image, [4, 5]], { mode: 'lanczos', antialias: true }],
  ['interpolate', [image], { scale_factor: 0.43, mode: 'area' }],
  ['interpolate', [image, 3], { mode: 'area' }],
  ['interpolate', [line, 20]],
  ['interpolate', [line], { scale_factor: 0.7, mode: 'nearest-exact' }],
  ['interpolate', [line, [20]], { mode: 'linear', align_corners: false }],
  ['interpolate', [line], { scale_factor: [1.3], mode: 'area' }],
  ['interpolate', [volume], { scale_factor: [1.5, 2, 0.5], mode: 'trilinear' }],
  ['interpolate', [volume, [3, 3, 9]], { mode: 'trilinear', align_corners: true }],
  ['interpolate', [volume, 5], { mode: 'nearest' }],
  ['interpolate', [volume, 5], { mode: 'nearest-exact' }],
  ['interpolate', [volume], { scale_factor: 0.5, mode: 'area' }],
  ['interpolate', [randnOf('float64', 2, 3, 7, 9)], { scale_factor: 3, mode: 'bicubic' }],
  ['interpolate', [], { input: image, size: 4 }],
  ['upsample', [image, 12]],
  ['upsample', [image], { scale_factor: 2, mode: 'bilinear', align_corners: true }],
  ['upsample_nearest', [image], { scale_factor: 2 }],
  ['upsample_bilinear', [image, [9, 4]]],
];

const sampled: Call[] = [
  ['grid_sample', [image, randn(2, 4, 5, 2)], { align_corners: true }],
  ['grid_sample', [image, randn(2, 4, 5, 2), 'nearest', 'border', false]],
  ['grid_sample', [image, randn(2, 4, 5, 2)], { mode: 'bicubic', padding_mode: 'reflection', align_corners: false }],
  ['grid_sample', [randn(2, 3, 4, 5, 6), randn(2, 3, 3, 3, 3)], { padding_mode: 'reflection', align_corners: false }],
  ['affine_grid', [randn(2, 2, 3), [2, 3, 4, 5]], { align_corners: true }],
  ['affine_grid', [randn(2, 3, 4), [2, 3, 4, 5, 6], false]],
  ['affine_grid', [], { theta: randn(1, 2, 3), size: [1, 1, 1, 1], align_corners: true }],
];

const laidOut: Call[] = [
  ['pad', [line, [1, 2]]],
  ['pad', [image, [1, 2, -1, 3], 'constant', 2.5]],
  ['pad', [image, [1, 2]], { value: 1 }],
  ['pad', [image, [2, 1, 3, 0]], { mode: 'reflect' }],
  ['pad', [image, [2, 1, 3, 0]], { mode: 'replicate' }],
  ['pad', [image, [2, 1, 3, 0]], { mode: 'circular' }],
  ['pad', [volume, [1, 1, 2, 2, 0, 1]], { mode: 'replicate' }],
  ['pad', [ints(9, 2, 3), [1, 1]], { value: 7 }],
  ['unfold', [image, 3]],
  ['unfold', [image, [2, 3], 2, [1, 0], [1, 2]]],
  ['fold', [randn(2, 12, 20), [5, 6], 2]],
  ['fold', [randn(2, 18, 9), 6, [2, 3]], { stride: 2, dilation: [1, 1], padding: [0, 1] }],
  ['pixel_shuffle', [randn(2, 12, 3, 3), 2]],
  ['pixel_unshuffle', [randn(2, 3, 6, 6), 3]],
  ['channel_shuffle', [randn(2, 6, 3, 3), 3]],
  ['native_channel_shuffle', [plain(2, 6, 3, 3), 2]],
];

parity(
  'interpolate',
  resized.map((call) => functionCase(call)),
);
parity('where Python has no derivatives', [
  functionCase(['interpolate', [image], { scale_factor: -0.01, mode: 'area' }], 0),
]);
parity(
  'grid_sample, affine_grid',
  sampled.map((call) => functionCase(call)),
);
parity(
  'pad, fold, shuffle',
  laidOut.map((call) => functionCase(call)),
  { threads: [1] },
);

describe.skipIf(!live)(`wrong calls${skipReason}`, () => {
  itFailsAsPython([
    ['assert_int_or_pair', [[1, 2, 3], 'stride', '{} must be int or 2-tuple for 4D input']],
    ['assert_int_or_pair', [1.5, 'stride', '']],
    ['interpolate', [image]],
    ['interpolate', [image, 3, 2]],
    ['interpolate', [image, 3], { align_corners: true }],
    ['interpolate', [image, 3], { align_corners: false, mode: 'area' }],
    ['interpolate', [image, [3]]],
    ['interpolate', [image, [3, 4, 5]], { mode: 'bilinear' }],
    ['interpolate', [image, [3, 2.5]]],
    ['interpolate', [image, [3, { float: 2 }]]],
    ['interpolate', [image, 2.5]],
    ['interpolate', [image], { scale_factor: [2] }],
    ['interpolate', [image], { scale_factor: [{ float: 2 }, 1.5, 3] }],
    ['interpolate', [image, 3], { recompute_scale_factor: true }],
    ['interpolate', [image], { scale_factor: { float: 'inf' }, recompute_scale_factor: true }],
    ['interpolate', [image], { scale_factor: { float: 'nan' }, mode: 'area' }],
    ['interpolate', [image, 3], { antialias: true }],
    ['interpolate', [line, 3], { antialias: true, mode: 'bilinear' }],
    ['interpolate', [image, 3], { mode: 'lanczos' }],
    ['interpolate', [image, 3], { mode: 'lanczos', antialias: true, align_corners: true }],
    ['interpolate', [line, 3], { mode: 'bilinear' }],
    ['interpolate', [line, 3], { mode: 'trilinear' }],
    ['interpolate', [line, 3], { mode: 'bicubic' }],
    ['interpolate', [image, 3], { mode: 'linear' }],
    ['interpolate', [image, 3], { mode: 'trilinear' }],
    ['interpolate', [volume, 3], { mode: 'linear' }],
    ['interpolate', [volume, 3], { mode: 'bilinear' }],
    ['interpolate', [randn(2, 3), 3]],
    ['interpolate', [image, 3], { mode: 'cubic' }],
    ['interpolate', [image, 3], { mode: 'toString' }],
    ['interpolate', [image, 0]],
    ['interpolate', [image], { scale_factor: 0.01 }],
    ['interpolate', [randn(2), []]],
    ['interpolate', [randn(2), 3]],
    ['interpolate', [image, 3], { size: 4 }],
    ['grid_sample', [image, randn(2, 4, 5, 2)], { mode: 'cubic', align_corners: true }],
    ['grid_sample', [image, randn(2, 4, 5, 2)], { padding_mode: 'zero', align_corners: true }],
    ['grid_sample', [image, randn(2, 4, 5, 3)], { align_corners: true }],
    ['grid_sample', [image]],
    ['affine_grid', [ints(3, 2, 2, 3), [2, 3, 4, 5], true]],
    ['affine_grid', [randn(2, 3, 3), [2, 3, 4, 5], true]],
    ['affine_grid', [randn(2, 2, 3), [2, 3, 4, 5, 6], true]],
    ['affine_grid', [randn(2, 2, 3), [2, 3, 4], true]],
    ['affine_grid', [randn(2, 2, 3), [2, 3, 0, 4], true]],
    ['pad', [image, [1, 2, 3]]],
    ['pad', [image, [1, 2]], { mode: 'reflect', value: 1 }],
    ['pad', [image, [9, 9, 0, 0]], { mode: 'reflect' }],
    ['pad', [image, [1, 2]], { mode: 'mirror' }],
    ['pad', [image, 1]],
    ['unfold', [randn(11), 2]],
    ['unfold', [null, 2]],
    ['interpolate', ['x', 2]],
    ['affine_grid', [3, [1, 2, 3, 4], true]],
    ['grid_sample', [3, 4], { align_corners: true }],
    ['fold', [randn(2, 12, 20), [5, 7], 2]],
    ['fold', [randn(2, 12, 20), [5, 7, 1], 2]],
    ['pixel_shuffle', [image, 2]],
    ['pixel_unshuffle', [image, 2]],
    ['channel_shuffle', [image, 2]],
  ]);
});

describe.skipIf(!live)(`warnings${skipReason}`, () => {
  itWarnsAsPython([
    ['upsample', [image, 12]],
    ['upsample_nearest', [image, 12]],
    ['upsample_bilinear', [image, 12]],
    ['grid_sample', [image, randn(2, 4, 5, 2)]],
    ['affine_grid', [randn(2, 2, 3), [2, 3, 4, 5]]],
    ['affine_grid', [randn(2, 2, 3), [2, 3, 1, 5], true]],
  ]);
});
