// Activations and the softmax family: results, first and second derivatives, random numbers, errors.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../../support/errors';
import { type ParityCase, parity } from '../../support/parity';
import { probe_function } from '../../support/probes';
import { warningsOf } from '../values';

const F = torch.nn.functional;

const input = { python: 'torch.randn(3, 6) * 4', ours: () => torch.randn([3, 6]).mul(4) };

/** [what Python calls with x, the same here]. */
const calls: [string, (x: Tensor) => Tensor][] = [
  ['F.threshold(x, 0.5, 2)', (x) => F.threshold(x, 0.5, 2)],
  ['F.threshold(x, threshold=-1, value=3., inplace=False)', (x) => F.threshold(x, { threshold: -1, value: 3 })],
  ['F.relu(x)', (x) => F.relu(x)],
  ['F.relu6(x)', (x) => F.relu6(x)],
  ['F.glu(x)', (x) => F.glu(x)],
  ['F.glu(x.T, dim=0)', (x) => F.glu(x.t(), { dim: 0 })],
  ['F.hardtanh(x)', (x) => F.hardtanh(x)],
  ['F.hardtanh(x, -2, max_val=0.5)', (x) => F.hardtanh(x, -2, { max_val: 0.5 })],
  ['F.elu(x)', (x) => F.elu(x)],
  ['F.elu(x, alpha=1.3)', (x) => F.elu(x, { alpha: 1.3 })],
  ['F.selu(x)', (x) => F.selu(x)],
  ['F.celu(x)', (x) => F.celu(x)],
  ['F.celu(x, 0.7)', (x) => F.celu(x, 0.7)],
  ['F.leaky_relu(x)', (x) => F.leaky_relu(x)],
  ['F.leaky_relu(x, 0.2)', (x) => F.leaky_relu(x, 0.2)],
  ['F.prelu(x, torch.tensor([0.25]))', (x) => F.prelu(x, torch.tensor([0.25]))],
  ['F.rrelu(x)', (x) => F.rrelu(x)],
  ['F.rrelu(x, 0.1, 0.9, training=True)', (x) => F.rrelu(x, 0.1, 0.9, { training: true })],
  ['F.logsigmoid(x)', (x) => F.logsigmoid(x)],
  ['F.gelu(x)', (x) => F.gelu(x)],
  ["F.gelu(x, approximate='tanh')", (x) => F.gelu(x, { approximate: 'tanh' })],
  ['F.hardshrink(x, 1.5)', (x) => F.hardshrink(x, 1.5)],
  ['F.tanhshrink(x)', (x) => F.tanhshrink(x)],
  ['F.softsign(x)', (x) => F.softsign(x)],
  ['F.softplus(x, 2, 5)', (x) => F.softplus(x, 2, 5)],
  ['F.softshrink(x)', (x) => F.softshrink(x)],
  ['F.tanh(x)', (x) => F.tanh(x)],
  ['F.sigmoid(x)', (x) => F.sigmoid(x)],
  ['F.hardswish(x)', (x) => F.hardswish(x)],
  ['F.silu(x)', (x) => F.silu(x)],
  ['F.mish(x)', (x) => F.mish(x)],
  ['F.softmin(x, 1)', (x) => F.softmin(x, 1)],
  ['F.softmin(x, dim=0, dtype=torch.float64)', (x) => F.softmin(x, { dim: 0, dtype: torch.float64 })],
  ['F.softmax(x)', (x) => F.softmax(x)],
  ['F.softmax(x, -1, 3, torch.float64)', (x) => F.softmax(x, -1, 3, torch.float64)],
  ['F.log_softmax(x, 1)', (x) => F.log_softmax(x, 1)],
  ['F.log_softmax(x, dim=0, dtype=torch.float64)', (x) => F.log_softmax(x, { dim: 0, dtype: torch.float64 })],
  ['F.gumbel_softmax(x)', (x) => F.gumbel_softmax(x)],
  ['F.gumbel_softmax(x, tau=0.5, dim=0)', (x) => F.gumbel_softmax(x, { tau: 0.5, dim: 0 })],
  ['F.gumbel_softmax(x, hard=True)', (x) => F.gumbel_softmax(x, { hard: true })],
];

parity(
  'derivatives',
  [
    ...calls.map(
      ([python, ours]): ParityCase => ({
        python: `return probe_function(lambda x: ${python}, ${input.python})`,
        ours: () => probe_function(ours, [input.ours()]),
      }),
    ),
    // Python has no derivative of this one's gradient.
    {
      python: `return probe_function(F.hardsigmoid, ${input.python}, twice=False)`,
      ours: () => probe_function((x) => F.hardsigmoid(x), [input.ours()], false),
    },
  ],
  { threads: [1] },
);

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
        python: `x = ${input.python}; y = F.${name}(x, inplace=True); return {"x": x, "same": y is x}`,
        ours: () => {
          const x = input.ours();
          return {
            same: (F[name] as (x: Tensor, options: { inplace: boolean }) => Tensor)(x, { inplace: true }) === x,
            x,
          };
        },
      }),
    ),
    {
      python: `x = ${input.python}; return [F.threshold_(x, 1, 2), F.threshold(x, 1.5, 0, True), x]`,
      ours: () => {
        const x = input.ours();
        return [F.threshold_(x, 1, 2), F.threshold(x, 1.5, 0, true), x];
      },
    },
    {
      python: 'return [F.hardtanh(torch.arange(-3, 4)), F.relu6(torch.arange(9)), F.threshold(torch.arange(5), 2, 7)]',
      ours: () => [F.hardtanh(torch.arange(-3, 4)), F.relu6(torch.arange(9)), F.threshold(torch.arange(5), 2, 7)],
    },
  ],
  { threads: [1] },
);

describe('misuse', () => {
  const x = torch.ones(3);
  itRefuses([
    [
      'a scalar',
      () => F.glu(torch.tensor(1)),
      torch.TorchError,
      'glu does not support scalars because halving size must be even',
    ],
    [
      'bounds in the wrong order',
      () => F.hardtanh(x, 2, 1),
      torch.ValueError,
      'min_val cannot be greater than max_val',
    ],
    [
      'too few arguments',
      () => (F.threshold as CallableFunction)(x),
      TypeError,
      "_threshold() missing 2 required positional arguments: 'threshold' and 'value'",
    ],
    ['a number', () => F.relu(3 as never), TypeError, "relu(): argument 'input' (position 1) must be Tensor, not int"],
    [
      'an unknown keyword',
      () => F.elu(x, { beta: 1 } as never),
      TypeError,
      "elu() got an unexpected keyword argument 'beta'",
    ],
  ]);

  it('warns of implicit dimensions and of eps', async () => {
    const messages = await warningsOf(() => {
      F.softmin(x);
      F.gumbel_softmax(x, { eps: 1e-3 });
    });
    expect(messages).toEqual([
      'Implicit dimension choice for softmin has been deprecated. Change the call to include dim=X as an argument.',
      '`eps` parameter is deprecated and has no effect.',
    ]);
  });
});
