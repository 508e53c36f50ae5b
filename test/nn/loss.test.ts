import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { expectValues, values, warningsOf } from './values';

const { nn } = torch;
const F = nn.functional;
const x = torch.tensor([0.1, 0.5, 0.9]);
const t = torch.tensor([0, 1, 1]);
const logits = torch.tensor([
  [1, 2, 3],
  [1, 0, -1],
]);

it('has the bases of losses where Python has them', () => {
  const { _Loss, _WeightedLoss } = nn.modules.loss;
  const kinds = [new nn.MSELoss(), new nn.NLLLoss(), new nn.Linear(1, 1)];
  expect(kinds.map((made) => [made instanceof _Loss, made instanceof _WeightedLoss])).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
  expect(Object.keys(nn).filter((name) => /^_?(Weighted)?Loss$/.test(name))).toEqual([]);
});

describe('misuse', () => {
  const long = torch.tensor([0n, 1n, 1n]);

  it('refuses int64 labels and sizes that differ as Python does', () => {
    expect(() => new nn.BCELoss()(x, long)).toThrow('Found dtype Long but expected Float');
    expect(() => new nn.BCEWithLogitsLoss()(x, long)).toThrow(
      "result type Float can't be cast to the desired output type Long",
    );
    expect(() => new nn.BCELoss()(x, t.view([3, 1]))).toThrow(
      new torch.ValueError(
        'Using a target size (torch.Size([3, 1])) that is different to the input size (torch.Size([3])) is deprecated. Please ensure they have the same size.',
      ),
    );
    expect(() => new nn.BCEWithLogitsLoss()(x.view([3, 1]), t)).toThrow(
      new torch.ValueError('Target size (torch.Size([3])) must be the same as input size (torch.Size([3, 1]))'),
    );
    expect(() => new nn.BCELoss()(x.mul(3), t)).toThrow('all elements of input should be between 0 and 1');
    expect(() => new nn.CrossEntropyLoss()(torch.ones(3, 1), long)).toThrow(RangeError);
    expect(() => new nn.CrossEntropyLoss()(logits, torch.tensor([[0n], [1n]]))).toThrow(
      '0D or 1D target tensor expected, multi-target not supported',
    );
  });

  it('refuses unknown reductions and options', () => {
    const loss = new nn.MSELoss({ reduction: 'average' as never });
    expect(() => loss(x, t)).toThrow(new torch.ValueError('average is not a valid value for reduction'));
    expect(() => new nn.BCELoss({ pos_weight: t } as never)).toThrow(
      "_WeightedLoss.__init__() got an unexpected keyword argument 'pos_weight'",
    );
    expect(() => new nn.BCELoss({ weight: 3 as never })).toThrow(TypeError);
    expect(() => F.mse_loss(x, t, { weight: torch.ones(2) })).toThrow('Weights and input must have the same size.');
  });

  it('warns where broadcasting is seldom meant', async () => {
    for (const loss of [new nn.MSELoss(), new nn.L1Loss()]) {
      const [message] = await warningsOf(() => loss(x.view([3, 1]), t));
      expect(message).toBe(
        'Using a target size (torch.Size([3])) that is different to the input size (torch.Size([3, 1])). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
      );
    }
  });
});

/** [what it is, the Python call, ours, Python's numbers] */
const cases: [string, () => Tensor, number[]][] = [
  ['F.binary_cross_entropy(x, t)', () => new nn.BCELoss()(x, t), [0.3012894093990326]],
  [
    "F.binary_cross_entropy(x, t, weight=tensor([1., 2., 3.]), reduction='sum')",
    () => new nn.BCELoss({ weight: torch.tensor([1, 2, 3]), reduction: 'sum' })(x, t),
    [1.8077365159988403],
  ],
  ['F.binary_cross_entropy_with_logits(x, t)', () => new nn.BCEWithLogitsLoss()(x, t), [0.5198758244514465]],
  [
    "F.binary_cross_entropy_with_logits(x, t, pos_weight=tensor([2.]), reduction='sum')",
    () => new nn.BCEWithLogitsLoss({ pos_weight: torch.tensor([2]), reduction: 'sum' })(x, t),
    [2.3748583793640137],
  ],
  [
    'F.binary_cross_entropy_with_logits(tensor([1000., -1000.]), tensor([1., 0.]))',
    () => F.binary_cross_entropy_with_logits(torch.tensor([1000, -1000]), torch.tensor([1, 0])),
    [0],
  ],
  ['F.mse_loss(x, t)', () => new nn.MSELoss()(x, t), [0.08999999612569809]],
  [
    'F.mse_loss(x, t, weight=tensor([1., 2., 3.]))',
    () => F.mse_loss(x, t, { weight: torch.tensor([1, 2, 3]) }),
    [0.09000000357627869],
  ],
  [
    "F.l1_loss(x, t, reduction='none')",
    () => new nn.L1Loss({ reduction: 'none' })(x, t),
    [0.10000000149011612, 0.5, 0.10000002384185791],
  ],
  [
    'F.cross_entropy(logits, tensor([2, 0]))',
    () => new nn.CrossEntropyLoss()(logits, torch.tensor([2n, 0n])),
    [0.40760594606399536],
  ],
  [
    'F.cross_entropy(logits, tensor([2, 1]), weight=tensor([1., 2., 3.]), label_smoothing=.1)',
    () =>
      new nn.CrossEntropyLoss({ weight: torch.tensor([1, 2, 3]), label_smoothing: 0.1 })(
        logits,
        torch.tensor([2n, 1n]),
      ),
    [0.8394538164138794],
  ],
  [
    'F.cross_entropy(logits, tensor([2, -100]))',
    () => F.cross_entropy(logits, torch.tensor([2n, -100n])),
    [0.40760594606399536],
  ],
  [
    "F.cross_entropy(logits, tensor([[.2, .3, .5], [1., 0, 0]]), reduction='sum')",
    () =>
      F.cross_entropy(
        logits,
        torch.tensor([
          [0.2, 0.3, 0.5],
          [1, 0, 0],
        ]),
        { reduction: 'sum' },
      ),
    [1.515211820602417],
  ],
];

describe('values', () => {
  it.each(cases)('%s', (_, ours, numbers) => {
    expectValues(ours(), numbers);
  });

  it('nll_loss of log_softmax is cross_entropy', () => {
    const target = torch.tensor([2n, 0n]);
    const loss = F.nll_loss(F.log_softmax(logits, 1), target, { reduction: 'none' });
    expectValues(loss, values(F.cross_entropy(logits, target, { reduction: 'none' })));
  });

  it('moves its weights with the module', () => {
    const loss = new nn.BCEWithLogitsLoss({ pos_weight: torch.ones(3) }).double();
    expect(loss.pos_weight!.dtype).toBe(torch.float64);
    expect(Object.keys(loss.state_dict())).toEqual(['pos_weight']);
  });

  it('understands the former names of reductions, with a warning', async () => {
    const messages = await warningsOf(() => {
      expect(new nn.MSELoss({ size_average: false }).reduction).toBe('sum');
      expect(new nn.MSELoss({ reduce: false }).reduction).toBe('none');
    });
    expect(messages).toContain("size_average and reduce args will be deprecated, please use reduction='sum' instead.");
  });
});
