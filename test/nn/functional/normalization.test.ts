// Normalisation, dropout and embedding of nn.functional against Python.
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

const image = randn(2, 4, 5, 6);
const four = [randn(4), randn(4)];

const normalised: Call[] = [
  ['batch_norm', [image, null, null], { training: true }],
  ['batch_norm', [image, null, null, ...four, true, 0.3, 1e-3]],
  ['instance_norm', [image]],
  ['instance_norm', [image], { weight: randn(4), bias: randn(4), eps: 1e-3 }],
  ['layer_norm', [image, [5, 6]]],
  ['layer_norm', [image, [6], randn(6), randn(6), 0.1]],
  ['layer_norm', [randnOf('float64', 3, 7), [7]], { weight: randnOf('float64', 7) }],
  ['rms_norm', [image, [6]]],
  ['rms_norm', [image, [5, 6], randn(5, 6)], { eps: 1e-3 }],
  ['group_norm', [image, 2]],
  ['group_norm', [image, 4, ...four], { eps: 1e-3 }],
  ['local_response_norm', [image, 3]],
  ['local_response_norm', [randn(2, 4, 7), 2], { alpha: 0.5, beta: 1.5, k: 2 }],
  ['local_response_norm', [randn(2, 4, 3, 3, 3), 4, 1]],
  ['local_response_norm', [randn(2, 0, 3), 4]],
  ['local_response_norm', [ints(9, 2, 4, 7), 2, 1, 1, 2]],
  ['normalize', [image]],
  ['normalize', [image], { p: 1, dim: -1 }],
  ['normalize', [image, 3.5, [1, 2], 0.1]],
  ['normalize', [image, { float: 'inf' }]],
  ['normalize', [image, 0]],
  ['normalize', [plain(2, 3)], { out: plain(2, 3) }],
];

const dropped: Call[] = [
  ['dropout', [image]],
  ['dropout', [image, 0.2, false]],
  ['dropout', [plain(3, 20)], { inplace: true, p: 0.3 }],
  ['alpha_dropout', [image]],
  ['alpha_dropout', [image], { training: true }],
  ['alpha_dropout', [plain(3, 20), 0.3, true, true]],
  ['feature_alpha_dropout', [image, 0.5, true]],
  ['feature_alpha_dropout', [plain(2, 4, 3), 0.5, true], { inplace: true }],
  ['dropout1d', [randn(2, 8, 3)]],
  ['dropout1d', [randn(8, 3), 0.3]],
  ['dropout1d', [plain(8, 3), 0.3, true, true]],
  ['dropout2d', [image, 0.3]],
  ['dropout2d', [plain(2, 8, 3)], { inplace: true }],
  ['dropout3d', [randn(2, 8, 2, 2, 2)]],
  ['dropout3d', [randn(8, 2, 2, 2)]],
  ['dropout3d', [plain(8, 2, 2, 2)], { inplace: true, p: 0.2 }],
];

const table = randn(10, 3);
const embedded: Call[] = [
  ['embedding', [ints(10, 2, 4), table]],
  ['embedding', [ints(10, 2, 4), table, 3]],
  ['embedding', [ints(10, 7), table, -2], { scale_grad_by_freq: true }],
  ['embedding', [ints(10, 7), plain(10, 3)], { max_norm: 0.7, norm_type: 1.5 }],
  ['embedding_bag', [ints(10, 2, 4), table]],
  ['embedding_bag', [ints(10, 2, 4), table], { mode: 'max' }],
  ['embedding_bag', [ints(10, 2, 4), table], { padding_idx: 3, include_last_offset: true }],
  ['embedding_bag', [ints(10, 6), table, ints(1, 1)], { mode: 'sum', scale_grad_by_freq: true }],
  ['embedding_bag', [ints(10, 6), plain(10, 3), ints(1, 1)], { max_norm: 0.5, norm_type: 1 }],
];

parity(
  'normalisation',
  normalised.map((call) => functionCase(call)),
);
parity(
  'dropout',
  dropped.map((call) => functionCase(call)),
  { threads: [1] },
);
parity(
  'embedding',
  embedded.map((call) => functionCase(call)),
  { threads: [1] },
);

parity('where Python has fewer derivatives', [
  functionCase(['normalize', [randnOf('complex64', 3, 4)]], 0),
  functionCase(['embedding_bag', [ints(10, 2, 4), table], { mode: 'sum', per_sample_weights: randn(2, 4) }], 1),
]);

describe.skipIf(!live)(`wrong calls${skipReason}`, () => {
  itFailsAsPython([
    ['batch_norm', [image]],
    ['batch_norm', [randn(1, 4, 1), null, null], { training: true }],
    ['batch_norm', [image, null, null], { training: true, eps: 0 }],
    ['batch_norm', [image, null, null], { training: true, eps: { float: 0 } }],
    ['batch_norm', [image, plain(4), plain(4)], { eps: -1e-5 }],
    ['batch_norm', [image, plain(3), plain(3)]],
    ['batch_norm', [randn(), null, null], { training: true }],
    ['instance_norm', [randn(2, 4, 1)]],
    ['instance_norm', [image], { use_input_stats: false }],
    ['layer_norm', [image, [5]]],
    ['layer_norm', [image]],
    ['layer_norm', [image, 6]],
    ['rms_norm', [image, [5]]],
    ['group_norm', [randn(4), 2]],
    ['group_norm', [image, 3]],
    ['group_norm', [image, 0]],
    ['group_norm', [randn(1, 4), 4]],
    ['local_response_norm', [randn(2, 3), 2]],
    ['local_response_norm', [image]],
    ['normalize', [image], { dim: 7 }],
    ['normalize', [3]],
    ['local_response_norm', [3, 2]],
    ['group_norm', [3, 2]],
    ['layer_norm', [3, [2]]],
    ['batch_norm', [3, null, null, null, null, true]],
    ['dropout1d', [3]],
    ['embedding', [ints(3, 2), 3, 1]],
    ['embedding_bag', [ints(3, 2), 3]],
    ['embedding_bag', [3, table, ints(1, 1)]],
    ['dropout', [image, 1.5]],
    ['dropout', [image, { float: 2 }]],
    ['dropout', [image, { float: 'nan' }]],
    ['dropout', [3]],
    ['dropout', [image], { probability: 0.5 }],
    ['alpha_dropout', [image, -1]],
    ['feature_alpha_dropout', [image, -0.5]],
    ['feature_alpha_dropout', [randn(3), 0.5, true]],
    ['dropout1d', [image]],
    ['dropout2d', [image, -0.1]],
    ['dropout3d', [image, 2]],
    ['embedding', [ints(10, 2), table, 10]],
    ['embedding', [ints(10, 2), table], { padding_idx: -11 }],
    ['embedding', [ints(10, 2), randn(3)]],
    ['embedding', [randn(2), table]],
    ['embedding', [ints(30, 40), table]],
    ['embedding_bag', [ints(10, 2, 4), randn(3)]],
    ['embedding_bag', [ints(10, 2, 4), table, ints(1, 1)]],
    ['embedding_bag', [ints(10, 2), table]],
    ['embedding_bag', [ints(10, 2), table, ints(1, 1, 1)]],
    ['embedding_bag', [ints(10, 2, 2, 2), table]],
    ['embedding_bag', [ints(10, 2, 4), table], { per_sample_weights: randn(2, 3), mode: 'sum' }],
    ['embedding_bag', [ints(10, 2, 4), table], { per_sample_weights: randn(2, 4) }],
    ['embedding_bag', [ints(10, 2, 4), table], { mode: 'min' }],
    ['embedding_bag', [ints(10, 2, 4), table], { mode: 'max', scale_grad_by_freq: true }],
    ['embedding_bag', [ints(10, 2, 4), table], { mode: 'max', sparse: true }],
  ]);
});

describe.skipIf(!live)(`warnings${skipReason}`, () => {
  itWarnsAsPython([
    ['dropout2d', [plain(2, 3, 4)]],
    ['dropout2d', [plain(2, 3)]],
    ['dropout3d', [plain(2, 3, 4)]],
    ['embedding_bag', [plain(10, 3), ints(10, 2, 4)]],
  ]);
});
