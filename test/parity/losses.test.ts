// Value and gradients of every loss, for every option.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { type ParityCase, parity } from '../support/parity';
import { probe_loss } from '../support/probes';

const { nn } = torch;

const reductions = ['mean', 'sum', 'none'] as const;
type Reduction = (typeof reductions)[number];

interface LossCase {
  /** The loss with `R` where the reduction option goes. */
  python: string;
  ours: (o: { reduction: Reduction }) => (prediction: Tensor, target: Tensor) => Tensor;
  prediction: { python: string; ours: () => Tensor };
  target: { python: string; ours: () => Tensor };
}

const normal = (...shape: number[]) => ({
  python: `torch.randn(${shape.join(', ')})`,
  ours: () => torch.randn(shape),
});
const uniform = (...shape: number[]) => ({
  python: `torch.rand(${shape.join(', ')})`,
  ours: () => torch.rand(shape),
});
const logits = { python: 'torch.randn(6, 4) * 8', ours: () => torch.randn([6, 4]).mul(8) };
const edges = {
  python: 'torch.tensor([0., 1., 0.5, 1e-30, 1 - 1e-7])',
  ours: () => torch.tensor([0, 1, 0.5, 1e-30, 1 - 1e-7]),
};
const edge_targets = { python: 'torch.tensor([1., 0., 1., 1., 0.])', ours: () => torch.tensor([1, 0, 1, 1, 0]) };
const huge = {
  python: 'torch.tensor([-200., 200., 0., -0., 1e3, -1e3])',
  ours: () => torch.tensor([-200, 200, 0, -0, 1e3, -1e3]),
};
const huge_targets = { python: 'torch.tensor([1., 0., 1., 0., 1., 0.])', ours: () => torch.tensor([1, 0, 1, 0, 1, 0]) };
const classes = {
  python: 'torch.tensor([0, 3, 1, 2, 3, 3])',
  ours: () => torch.tensor([0n, 3n, 1n, 2n, 3n, 3n]),
};
const class_weight = { python: 'torch.tensor([0.5, 2.0, 1.0, 0.25])', ours: () => torch.tensor([0.5, 2, 1, 0.25]) };

const table: LossCase[] = [
  { python: 'nn.BCELoss(R)', ours: (o) => new nn.BCELoss(o), prediction: uniform(6, 4), target: uniform(6, 4) },
  { python: 'nn.BCELoss(R)', ours: (o) => new nn.BCELoss(o), prediction: edges, target: edge_targets },
  {
    python: `nn.BCELoss(weight=${class_weight.python}, R)`,
    ours: (o) => new nn.BCELoss({ weight: class_weight.ours(), ...o }),
    prediction: uniform(6, 4),
    target: uniform(6, 4),
  },
  {
    python: 'nn.BCEWithLogitsLoss(R)',
    ours: (o) => new nn.BCEWithLogitsLoss(o),
    prediction: logits,
    target: uniform(6, 4),
  },
  {
    python: 'nn.BCEWithLogitsLoss(R)',
    ours: (o) => new nn.BCEWithLogitsLoss(o),
    prediction: huge,
    target: huge_targets,
  },
  {
    python: `nn.BCEWithLogitsLoss(weight=${class_weight.python}, R)`,
    ours: (o) => new nn.BCEWithLogitsLoss({ weight: class_weight.ours(), ...o }),
    prediction: logits,
    target: uniform(6, 4),
  },
  {
    python: `nn.BCEWithLogitsLoss(pos_weight=${class_weight.python}, R)`,
    ours: (o) => new nn.BCEWithLogitsLoss({ pos_weight: class_weight.ours(), ...o }),
    prediction: logits,
    target: uniform(6, 4),
  },
  { python: 'nn.MSELoss(R)', ours: (o) => new nn.MSELoss(o), prediction: normal(6, 4), target: normal(6, 4) },
  { python: 'nn.MSELoss(R)', ours: (o) => new nn.MSELoss(o), prediction: normal(64, 784), target: normal(64, 784) },
  { python: 'nn.L1Loss(R)', ours: (o) => new nn.L1Loss(o), prediction: normal(6, 4), target: normal(6, 4) },
  { python: 'nn.L1Loss(R)', ours: (o) => new nn.L1Loss(o), prediction: normal(64, 784), target: normal(64, 784) },
  { python: 'nn.CrossEntropyLoss(R)', ours: (o) => new nn.CrossEntropyLoss(o), prediction: logits, target: classes },
  {
    python: `nn.CrossEntropyLoss(weight=${class_weight.python}, R)`,
    ours: (o) => new nn.CrossEntropyLoss({ weight: class_weight.ours(), ...o }),
    prediction: logits,
    target: classes,
  },
  {
    python: 'nn.CrossEntropyLoss(ignore_index=3, R)',
    ours: (o) => new nn.CrossEntropyLoss({ ignore_index: 3, ...o }),
    prediction: logits,
    target: classes,
  },
  {
    python: 'nn.CrossEntropyLoss(label_smoothing=0.1, R)',
    ours: (o) => new nn.CrossEntropyLoss({ label_smoothing: 0.1, ...o }),
    prediction: logits,
    target: classes,
  },
  {
    python: `nn.CrossEntropyLoss(weight=${class_weight.python}, ignore_index=1, label_smoothing=0.3, R)`,
    ours: (o) => new nn.CrossEntropyLoss({ weight: class_weight.ours(), ignore_index: 1, label_smoothing: 0.3, ...o }),
    prediction: logits,
    target: classes,
  },
  {
    python: 'nn.CrossEntropyLoss(R)',
    ours: (o) => new nn.CrossEntropyLoss(o),
    prediction: logits,
    target: { python: 'torch.randn(6, 4).softmax(1)', ours: () => torch.randn([6, 4]).softmax(1) },
  },
  {
    python: 'nn.CrossEntropyLoss(R)',
    ours: (o) => new nn.CrossEntropyLoss(o),
    prediction: normal(2, 4, 3, 3),
    target: { python: 'torch.randint(0, 4, (2, 3, 3))', ours: () => torch.randint(0, 4, [2, 3, 3]) },
  },
];

const cases: ParityCase[] = table.flatMap(({ python, ours, prediction, target }) =>
  reductions.map((reduction) => {
    const loss = python.replace('R)', `reduction='${reduction}')`);
    return {
      name: `${loss} of ${prediction.python}, ${target.python}`,
      python: `return probe_loss(${loss}, ${prediction.python}, ${target.python})`,
      ours: () => probe_loss(ours({ reduction }), prediction.ours(), target.ours()),
    };
  }),
);

parity('losses', cases);
