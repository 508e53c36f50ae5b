// Activations and the softmax family against Python: results, first and second derivatives, random numbers, errors.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe } from 'vitest';
import {
  type Call,
  functionCase,
  itFailsAsPython,
  itWarnsAsPython,
  listed,
  plain,
  randn,
  randnOf,
} from '../../support/function_case';
import { live, parity, type ParityCase, skipReason } from '../../support/parity';

const F = torch.nn.functional;
const x = randn(3, 6);

const calls: Call[] = [
  ['threshold', [x, 0.5, 2]],
  ['threshold', [x], { threshold: -1, value: { float: 3 }, inplace: false }],
  ['relu', [x]],
  ['relu6', [randnOf('float64', 9)]],
  ['glu', [x]],
  ['glu', [randn(4, 3)], { dim: 0 }],
  ['hardtanh', [x]],
  ['hardtanh', [x, -2], { max_val: 0.5 }],
  ['elu', [x]],
  ['elu', [x], { alpha: 1.3 }],
  ['selu', [x]],
  ['celu', [x]],
  ['celu', [x, 0.7]],
  ['leaky_relu', [x]],
  ['leaky_relu', [x, { float: 2 }]],
  ['prelu', [x, listed([0.25])]],
  ['prelu', [x, randn(6)]],
  ['rrelu', [x]],
  ['rrelu', [x, 0.1, 0.9], { training: true }],
  ['logsigmoid', [x]],
  ['gelu', [x]],
  ['gelu', [x], { approximate: 'tanh' }],
  ['hardshrink', [x, 1.5]],
  ['tanhshrink', [x]],
  ['softsign', [x]],
  ['softplus', [x, 2, 5]],
  ['softshrink', [x]],
  ['tanh', [x]],
  ['sigmoid', [], { input: x }],
  ['hardswish', [x]],
  ['silu', [x]],
  ['mish', [x]],
  ['softmin', [x, 1]],
  ['softmin', [x], { dim: 0, dtype: { dtype: 'float64' } }],
  ['softmax', [x]],
  ['softmax', [x, -1, 3, { dtype: 'float64' }]],
  ['log_softmax', [x, 1]],
  ['log_softmax', [randnOf('bfloat16', 3, 6)], { dim: 0, dtype: { dtype: 'float32' } }],
  ['gumbel_softmax', [x]],
  ['gumbel_softmax', [x], { tau: 0.5, dim: 0 }],
  ['gumbel_softmax', [x], { hard: true }],
  ['linear', [x, randn(2, 6), randn(2)]],
  ['bilinear', [x, randn(3, 4), randn(5, 6, 4), randn(5)]],
  ['cosine_similarity', [x, randn(3, 6)], { dim: 0, eps: 1e-3 }],
  ['pairwise_distance', [x, randn(3, 6), 3], { keepdim: true }],
  ['scaled_dot_product_attention', [randn(2, 4, 8), randn(2, 5, 8), randn(2, 5, 8)], { attn_mask: randn(4, 5) }],
  ['one_hot', [listed([0, 2, 1], 'int64')], { num_classes: 4 }],
  ['hardtanh', [listed([-3, -1, 0, 2], 'int64')]],
  ['relu6', [listed([-3, 9, 4], 'int64')]],
  ['threshold', [listed([0, 1, 2, 3], 'int64'), 2, 7]],
];

parity(
  'twice differentiable',
  calls.map((call) => functionCase(call)),
  { threads: [1] },
);
// Python has no derivative of these gradients.
parity('differentiable', [functionCase(['hardsigmoid', [x]], 1), functionCase(['pdist', [x, 3]], 1)], { threads: [1] });

const inplace = [
  'relu',
  'relu6',
  'hardtanh',
  'elu',
  'selu',
  'celu',
  'leaky_relu',
  'rrelu',
  'hardsigmoid',
  'hardswish',
  'silu',
  'mish',
] as const;

parity(
  'in place',
  [
    ...inplace.map(
      (name): ParityCase => ({
        python: `x = torch.randn(3, 6); y = F.${name}(x, inplace=True); return {"x": x, "same": y is x}`,
        ours: () => {
          const given = torch.randn(3, 6);
          const call = F[name] as (input: Tensor, options: { inplace: boolean }) => Tensor;
          return { same: call(given, { inplace: true }) === given, x: given };
        },
      }),
    ),
    {
      python: 'x = torch.randn(3, 6); return [F.threshold_(x, 1, 2), F.threshold(x, 1.5, 0, True), x]',
      ours: () => {
        const given = torch.randn(3, 6);
        return [F.threshold_(given, 1, 2), F.threshold(given, 1.5, 0, true), given];
      },
    },
  ],
  { threads: [1] },
);

describe.skipIf(!live)(`misuse${skipReason}`, () => {
  itFailsAsPython([
    ['glu', [plain()]],
    ['glu', [plain(3)]],
    ['hardtanh', [x, 2, 1]],
    ['threshold', [x]],
    ['threshold', [x, 'a', 1]],
    ['relu', [3]],
    ['elu', [x], { beta: 1 }],
    ['elu', [x, 1, false, 2]],
    ['elu', [x], { input: x }],
    ['leaky_relu', [x, null]],
    ['celu', [plain(2), 0]],
    ['softmax', [x, 2]],
    ['softmax', [x, 'a']],
    ['log_softmax', [x, 1.5], { dtype: { dtype: 'float64' } }],
    ['log_softmax', [3, 1]],
    ['softmin', [x, 0], { dtype: 3 }],
    ['tanh', [null]],
    ['sigmoid', [true]],
    ['tanhshrink', [2]],
    ['softsign', ['x']],
    ['glu', [1.5]],
    ['softmax', [[1, 2]]],
    ['softmax', [x, 0], { dim: 1 }],
    ['gumbel_softmax', [listed([1, 2], 'int64')]],
    ['rrelu', [plain(2), 2, 1], { training: true }],
  ]);

  itWarnsAsPython([
    ['softmin', [x]],
    ['log_softmax', [randn(2, 2, 2)]],
    ['gumbel_softmax', [x], { eps: 1e-3 }],
  ]);
});
