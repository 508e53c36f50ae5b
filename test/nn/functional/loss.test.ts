// Losses of nn.functional against Python: every reduction and option, first and second derivatives, words of errors.
import { describe } from 'vitest';
import {
  type Call,
  functionCase,
  itFailsAsPython,
  itWarnsAsPython,
  ints,
  type Keywords,
  listed,
  plain,
  rand,
  randn,
  randnOf,
} from '../../support/function_case';
import { live, parity, skipReason } from '../../support/parity';

const x = randn(6, 4);
const y = randn(6, 4);
const signs = listed([1, -1, -1, 1, 1, -1]);
const classes = ints(4, 6);

/** The call with every reduction. */
function reduced(name: string, args: Call[1], keywords: Keywords = {}): Call[] {
  return ['mean', 'sum', 'none'].map((reduction): Call => [name, args, { ...keywords, reduction }]);
}

/** With a gradient, but without a gradient of the gradient. */
const once: Call[] = [
  ...reduced('ctc_loss', [randn(8, 3, 5), ints(5, 3, 4), listed([8, 7, 6], 'int64'), listed([4, 3, 1], 'int64')], {
    zero_infinity: true,
  }),
  ['ctc_loss', [randn(8, 3, 5), ints(5, 3, 4), [8, 7, 6], [4, 3, 1], 4]],
  ...reduced('multilabel_margin_loss', [
    x,
    listed(
      [
        [0, 1, -1, 0],
        [3, -1, 0, 0],
        [2, 1, 0, 3],
        [-1, 0, 0, 0],
        [1, -1, 1, 1],
        [0, 2, 3, -1],
      ],
      'int64',
    ),
  ]),
  ...reduced('multi_margin_loss', [x, classes]),
  ...reduced('multi_margin_loss', [x, classes], { p: 2, margin: 0.5, weight: plain(4) }),
];

const twice: Call[] = [
  ...reduced('nll_loss', [x, classes]),
  ['nll_loss', [x, classes, plain(4)], { ignore_index: 2 }],
  ['nll_loss', [randn(2, 4, 3, 3), ints(4, 2, 3, 3)]],
  ...reduced('cross_entropy', [x, classes], { weight: plain(4), ignore_index: 1, label_smoothing: 0.2 }),
  ['cross_entropy', [x, rand(6, 4)]],
  ['cross_entropy', [randn(2, 4, 3), ints(4, 2, 3)]],
  ...reduced('poisson_nll_loss', [x, rand(6, 4)]),
  ...reduced('poisson_nll_loss', [rand(6, 4), rand(6, 4), false, true], { eps: 1e-6 }),
  ...reduced('gaussian_nll_loss', [x, y, rand(6, 4)]),
  ['gaussian_nll_loss', [x, y, rand(6)], { full: true, eps: 0.3 }],
  ['gaussian_nll_loss', [x, y, rand(6, 1)]],
  ['gaussian_nll_loss', [x, y, { float: 2 }]],
  ['gaussian_nll_loss', [x, y, 0.25, true]],
  ['gaussian_nll_loss', [x, y, rand(6, 1)], { full: true, reduction: 'none' }],
  ...reduced('kl_div', [x, rand(6, 4)]),
  ['kl_div', [x, y], { reduction: 'batchmean', log_target: true }],
  ['kl_div', [randn(), rand()], { reduction: 'batchmean' }],
  ['kl_div', [x, rand(6, 4), false], { reduction: 'batchmean' }],
  ...reduced('binary_cross_entropy', [rand(6, 4), rand(6, 4)]),
  ...reduced('binary_cross_entropy', [rand(6, 4), rand(6, 4)], { weight: plain(4) }),
  ...reduced('binary_cross_entropy_with_logits', [x, rand(6, 4)], { weight: plain(4), pos_weight: plain(4) }),
  ...reduced('soft_margin_loss', [x, plain(6, 4)]),
  ...reduced('multilabel_soft_margin_loss', [x, rand(6, 4)]),
  ['multilabel_soft_margin_loss', [randn(4), ints(2, 4), plain(4)]],
  ...reduced('l1_loss', [x, y]),
  ...reduced('l1_loss', [x, y], { weight: rand(6, 4) }),
  ...reduced('mse_loss', [x, y]),
  ...reduced('mse_loss', [x, randn(4)]),
  ...reduced('mse_loss', [x, y], { weight: rand(6, 4) }),
  ...reduced('smooth_l1_loss', [x, y], { beta: 0.7 }),
  ['smooth_l1_loss', [x, y], { beta: 0 }],
  ['smooth_l1_loss', [x, y], { beta: { float: 0 } }],
  ...reduced('huber_loss', [x, y], { delta: 0.3 }),
  ...reduced('huber_loss', [x, y], { weight: rand(6, 4) }),
  ...reduced('margin_ranking_loss', [randn(6), randn(6), signs], { margin: 0.2 }),
  ...reduced('hinge_embedding_loss', [randn(6), signs], { margin: 1.5 }),
  ...reduced('cosine_embedding_loss', [x, y, signs], { margin: 0.1 }),
  ...reduced('triplet_margin_loss', [x, y, randn(6, 4)], { margin: 0.5, p: 3, eps: 1e-5, swap: true }),
  ['triplet_margin_loss', [x, y, randn(6, 4), { float: 2 }, 1]],
  ...reduced('triplet_margin_with_distance_loss', [x, y, randn(6, 4)], { margin: 2, swap: true }),
  ['mse_loss', [randnOf('float64', 3), randnOf('float64', 3), true, false]],
  ['mse_loss', [randn(3), randn(3)], { reduction: 'elementwise_mean' }],
];

parity(
  'with first derivatives',
  once.map((call) => functionCase(call, 1)),
  { threads: [1] },
);
parity(
  'with second derivatives',
  twice.map((call) => functionCase(call)),
  { threads: [1] },
);

const three = randn(3);

describe.skipIf(!live)(`misuse${skipReason}`, () => {
  itFailsAsPython([
    ...[
      'l1_loss',
      'mse_loss',
      'smooth_l1_loss',
      'huber_loss',
      'kl_div',
      'soft_margin_loss',
      'binary_cross_entropy',
      'poisson_nll_loss',
      'hinge_embedding_loss',
      'multilabel_soft_margin_loss',
    ].map((name): Call => [name, [three, three], { reduction: 'average' }]),
    ['poisson_nll_loss', [three, three], { reduction: 'elementwise_mean' }],
    ['gaussian_nll_loss', [three, three, rand(3)], { reduction: 'average' }],
    ['gaussian_nll_loss', [three, three, -0.5]],
    ['gaussian_nll_loss', [three, three, listed([1, -1, 1])]],
    ['gaussian_nll_loss', [x, y, rand(3)]],
    ['gaussian_nll_loss', [x, y, rand(2, 4)]],
    ['mse_loss', [three, three], { weight: rand(4) }],
    ['mse_loss', [three, three], { weight: rand(3), reduction: 'average' }],
    ['huber_loss', [three, three], { weight: rand(3), reduction: 'average' }],
    ['l1_loss', [3, three]],
    ['mse_loss', [three, null]],
    ['mse_loss', [three]],
    ['mse_loss', [three, three], { margin: 1 }],
    ['cross_entropy', [x, ints(4, 6), null, null, -100, null, 'mean', 0.5, 1]],
    ['cross_entropy', [x, ints(4, 6)], { label_smoothing: 2 }],
    ['cross_entropy', [x, ints(4, 5)]],
    ['nll_loss', [x, randn(6)]],
    ['binary_cross_entropy', [rand(3), rand(4)]],
    ['binary_cross_entropy', [rand(3), rand(3)], { weight: rand(4) }],
    ['binary_cross_entropy', [rand(2, 3), rand(2, 3)], { weight: rand(5, 1, 2) }],
    ['binary_cross_entropy_with_logits', [rand(3), rand(4)]],
    ['margin_ranking_loss', [three, three, rand(3, 1)]],
    ['triplet_margin_loss', [x, x, x, 0]],
    ['triplet_margin_loss', [x, x, x], { margin: -1.5 }],
    ['triplet_margin_loss', [x, x, x], { margin: { float: -1 } }],
    ['triplet_margin_with_distance_loss', [x, x, x], { margin: { float: 0 } }],
    ['triplet_margin_with_distance_loss', [x, x, three]],
    ['triplet_margin_with_distance_loss', [x, x, x], { reduction: 'average' }],
    ['triplet_margin_with_distance_loss', [x, x, x, 1]],
    ['triplet_margin_with_distance_loss', [x, 1, x]],
    ['multi_margin_loss', [x, classes], { p: 3 }],
    ['multi_margin_loss', [x, classes], { weight: rand(4, 1) }],
    ['multi_margin_loss', [x, ints(4, 5)]],
    ['multilabel_margin_loss', [x, ints(4, 6, 3)]],
    ['ctc_loss', [randn(8, 3, 5), ints(5, 3, 4), [8, 7, 6], listed([4, 3, 1], 'int64')]],
    ['ctc_loss', [randn(8, 3, 5), ints(5, 3, 4), [8, 7, 6], [4, 3, 1]], { blank: 5 }],
  ]);

  itWarnsAsPython([
    ['mse_loss', [three, randn(1)]],
    ['huber_loss', [three, randn(2, 3)]],
    ['mse_loss', [three, three], { size_average: false }],
    ['l1_loss', [three, randn(1), null, false]],
    ['kl_div', [three, three]],
    ['kl_div', [three, three], { reduction: 'elementwise_mean' }],
    ['nll_loss', [x, classes, null, true]],
  ]);
});
