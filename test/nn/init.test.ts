import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { expectValues, values, warningsOf } from './values';

const { init } = torch.nn;

describe('misuse', () => {
  it('refuses shapes that an initialiser cannot fill', () => {
    const vector = torch.ones(3);
    const fills = [init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_];
    for (const fill of fills as ((tensor: Tensor) => Tensor)[]) {
      expect(() => fill(vector)).toThrow(
        'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
      );
    }
    expect(() => init.eye_(vector)).toThrow('Only tensors with 2 dimensions are supported');
    expect(() => init.sparse_(vector, 0.5)).toThrow('Only tensors with 2 dimensions are supported');
    expect(() => init.orthogonal_(vector)).toThrow('Only tensors with 2 or more dimensions are supported');
    expect(() => init.dirac_(vector)).toThrow('Only tensors with 3, 4, or 5 dimensions are supported');
    expect(() => init.dirac_(torch.ones(3, 1, 1), 2)).toThrow('dim 0 must be divisible by groups');
  });

  it('refuses unknown modes, nonlinearities and options', () => {
    const w = torch.ones(2, 2);
    expect(() => init.kaiming_normal_(w, { mode: 'fan' as never })).toThrow(
      "Mode fan not supported, please use one of ['fan_in', 'fan_out']",
    );
    expect(() => init.calculate_gain('gelu' as never)).toThrow('Unsupported nonlinearity gelu');
    expect(() => init.calculate_gain('constructor' as never)).toThrow(torch.ValueError);
    expect(() => init.calculate_gain('leaky_relu', true as never)).toThrow('negative_slope True not a valid number');
    expect(() => init.normal_(w, { sd: 1 } as never)).toThrow("normal_() got an unexpected keyword argument 'sd'");
  });

  it('warns where nothing sensible happens', async () => {
    expect(await warningsOf(() => init.kaiming_normal_(torch.ones(0, 2)))).toEqual([
      'Initializing zero-element tensors is a no-op',
    ]);
    const [message] = await warningsOf(() => init.trunc_normal_(torch.ones(2), 9, 1));
    expect(message).toMatch('mean is more than 2 std from [a, b]');
  });
});

it('calculates gains in double arithmetic', () => {
  expect(init.calculate_gain('conv2d')).toBe(1);
  expect(init.calculate_gain('tanh')).toBe(1.6666666666666667);
  expect(init.calculate_gain('relu')).toBe(Math.SQRT2);
  expect(init.calculate_gain('selu')).toBe(0.75);
  expect(init.calculate_gain('leaky_relu')).toBe(1.4141428569978354);
  expect(init.calculate_gain('leaky_relu', 0.2)).toBe(1.3867504905630728);
  expect(init.calculate_gain('leaky_relu', Math.sqrt(5))).toBe(0.5773502691896257);
});

/** [Python, with torch.manual_seed(1) before and torch.empty(2, 3) as w; ours; Python's numbers] */
const draws: [string, (w: Tensor) => Tensor, number[]][] = [
  [
    'xavier_uniform_(w)',
    (w) => init.xavier_uniform_(w),
    [
      0.5644425749778748, -0.48350563645362854, -0.21236462891101837, 0.5141679048538208, -1.03129243850708,
      0.6569573879241943,
    ],
  ],
  [
    'kaiming_normal_(w)',
    (w) => init.kaiming_normal_(w),
    [
      0.5399917960166931, 0.21794261038303375, 0.050359271466732025, 0.5073034763336182, -0.36897966265678406,
      -0.13564476370811462,
    ],
  ],
  [
    'orthogonal_(w)',
    (w) => init.orthogonal_(w),
    [
      0.9238713979721069, 0.372877836227417, 0.08615963160991669, 0.381211519241333, -0.8767916560173035,
      -0.29311075806617737,
    ],
  ],
  [
    'trunc_normal_(w, 0, .02, -.03, .03)',
    (w) => init.trunc_normal_(w, { std: 0.02, a: -0.03, b: 0.03 }),
    [
      0.01322704367339611, 0.005338482093065977, 0.0012335451319813728, 0.01242634654045105, -0.009038119576871395,
      -0.003322604577988386,
    ],
  ],
  [
    'sparse_(w, .5)',
    (w) => init.sparse_(w, 0.5),
    [0, 0.0026692410465329885, 0.0006167725659906864, 0.006213173270225525, 0, 0],
  ],
];

it.each(draws)('draws as Python does: %s', (_, fill, numbers) => {
  torch.manual_seed(1);
  const w = torch.empty([2, 3]);
  expect(fill(w)).toBe(w);
  expectValues(w, numbers);
});

it('draws weight, then bias, in every layer', () => {
  // python: torch.manual_seed(0); nn.Linear(2, 3); torch.rand(1)
  torch.manual_seed(0);
  const linear = new torch.nn.Linear(2, 3);
  expectValues(
    linear.weight,
    [
      -0.005293981172144413, 0.37932288646698, -0.5819807648658752, -0.5203874707221985, -0.27234524488449097,
      0.1896158903837204,
    ],
  );
  expectValues(linear.bias!, [-0.014010033570230007, 0.5606575012207031, -0.06275151669979095]);
  expectValues(torch.rand(1), [0.6323062777519226]);
  // python: torch.manual_seed(0); nn.Conv2d(1, 2, 2)
  torch.manual_seed(0);
  const conv = new torch.nn.Conv2d(1, 2, 2);
  expectValues(
    conv.weight,
    [
      -0.003743410110473633, 0.26822179555892944, -0.4115225672721863, -0.3679695129394531, -0.19257718324661255,
      0.13407868146896362, -0.009906589984893799, 0.39644473791122437,
    ],
  );
  expectValues(conv.bias!, [-0.04437202215194702, 0.1323062777519226]);
  // python: torch.manual_seed(0); nn.Embedding(3, 2, padding_idx=1)
  torch.manual_seed(0);
  const embedding = new torch.nn.Embedding(3, 2, 1);
  expectValues(
    embedding.weight,
    [1.5409960746765137, -0.293428897857666, 0, 0, -1.0845223665237427, -1.3985954523086548],
  );
});

it('fills without recording, and draws from the generator it is given', () => {
  const parameter = new torch.nn.Parameter(torch.empty([2, 2]));
  expect(init.constant_(parameter, 3).requires_grad).toBe(true);
  expect(values(init.eye_(parameter))).toEqual([1, 0, 0, 1]);
  expect(values(init.ones_(parameter))).toEqual([1, 1, 1, 1]);
  expect(values(init.zeros_(parameter))).toEqual([0, 0, 0, 0]);
  expect(parameter.is_leaf).toBe(true);
  const draw = () => values(init.uniform_(parameter, -1, 1, { generator: new torch.Generator().manual_seed(5) }));
  torch.manual_seed(0);
  const first = draw();
  const after = torch.rand(1).item();
  torch.manual_seed(0);
  expect(torch.rand(1).item()).toBe(after);
  expect(draw()).toEqual(first);
});

it('passes the input through a dirac convolution', () => {
  const weight = init.dirac_(torch.empty([4, 2, 3, 3]), { groups: 2 });
  const input = torch.rand(1, 4, 5, 5);
  const output = torch.conv2d(input, weight, null, 1, 1, 1, 2);
  expect(values(output)).toEqual(values(input));
});
