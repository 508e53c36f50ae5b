// Layers used wrongly, and what module_db does not ask of them: live Python's values, classes of errors and words.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const { nn } = torch;
const ones = (...shape: number[]): Tensor => torch.ones(shape);

agree('what layers refuse', '', [
  ['nn.Hardtanh(2.5)', () => void new nn.Hardtanh(2.5)],
  ['nn.Hardtanh(1.0, 1.0)', () => void new nn.Hardtanh(torch.asFloat(1) as never, torch.asFloat(1) as never)],
  ['nn.Softmax2d()(torch.ones(2))', () => new nn.Softmax2d()(ones(2))],
  ['nn.GLU()(torch.tensor(1.))', () => new nn.GLU()(torch.tensor(1))],
  ['nn.Dropout(1.5)', () => void new nn.Dropout(1.5)],
  ['nn.AlphaDropout(-0.5)', () => void new nn.AlphaDropout(-0.5)],
  ['nn.Dropout1d()(torch.ones(2))', () => new nn.Dropout1d()(ones(2))],
  ['nn.BatchNorm1d(3)(torch.ones(2, 3, 4, 5))', () => new nn.BatchNorm1d(3)(ones(2, 3, 4, 5))],
  ['nn.BatchNorm2d(3)(torch.ones(2, 3))', () => new nn.BatchNorm2d(3)(ones(2, 3))],
  ['nn.BatchNorm3d(3)(torch.ones(2, 3, 4, 5))', () => new nn.BatchNorm3d(3)(ones(2, 3, 4, 5))],
  ['nn.SyncBatchNorm(3)(torch.ones(3))', () => new nn.SyncBatchNorm(3)(ones(3))],
  ['nn.SyncBatchNorm(3)(torch.ones(2, 0, 4))', () => new nn.SyncBatchNorm(3)(ones(2, 0, 4))],
  ['nn.InstanceNorm1d(3)(torch.ones(3))', () => new nn.InstanceNorm1d(3)(ones(3))],
  ['nn.InstanceNorm2d(3)(torch.ones(3, 4))', () => new nn.InstanceNorm2d(3)(ones(3, 4))],
  ['nn.InstanceNorm3d(3)(torch.ones(3, 4))', () => new nn.InstanceNorm3d(3)(ones(3, 4))],
  [
    'nn.InstanceNorm2d(3, affine=True)(torch.ones(2, 4, 5, 5))',
    () => new nn.InstanceNorm2d(3, { affine: true })(ones(2, 4, 5, 5)),
  ],
  ['nn.GroupNorm(3, 4)', () => void new nn.GroupNorm(3, 4)],
  ['nn.CrossMapLRN2d(2)(torch.ones(2, 3))', () => new nn.CrossMapLRN2d(2)(ones(2, 3))],
  ['nn.LocalResponseNorm(2)(torch.ones(2, 3))', () => new nn.LocalResponseNorm(2)(ones(2, 3))],
  ['nn.LayerNorm(3)(torch.ones(2, 4))', () => new nn.LayerNorm(3)(ones(2, 4))],
  ['nn.Conv1d(3, 4, 3, groups=2)', () => void new nn.Conv1d(3, 4, 3, { groups: 2 })],
  ["nn.Conv3d(3, 4, 3, 2, 'same')", () => void new nn.Conv3d(3, 4, 3, 2, 'same')],
  [
    "nn.ConvTranspose3d(3, 4, 3, padding_mode='reflect')",
    () => void new nn.ConvTranspose3d(3, 4, 3, { padding_mode: 'reflect' }),
  ],
  [
    'nn.ConvTranspose1d(2, 2, 3, 2)(torch.ones(1, 2, 4), output_size=[12])',
    () => new nn.ConvTranspose1d(2, 2, 3, 2)(ones(1, 2, 4), { output_size: [12] }),
  ],
  [
    'nn.ConvTranspose2d(2, 2, 3, 2)(torch.ones(1, 2, 4, 4), output_size=[9])',
    () => new nn.ConvTranspose2d(2, 2, 3, 2)(ones(1, 2, 4, 4), { output_size: [9] }),
  ],
  ['nn.CircularPad1d(1)(torch.ones(3))', () => new nn.CircularPad1d(1)(ones(3))],
  ['nn.CircularPad3d(1)(torch.ones(2, 3))', () => new nn.CircularPad3d(1)(ones(2, 3))],
  ['nn.FractionalMaxPool2d(2)', () => void new nn.FractionalMaxPool2d(2)],
  [
    'nn.FractionalMaxPool2d(2, output_size=3, output_ratio=0.5)',
    () => void new nn.FractionalMaxPool2d(2, { output_size: 3, output_ratio: 0.5 }),
  ],
  [
    'nn.FractionalMaxPool2d(2, output_ratio=(0.5, 1.5))',
    () => void new nn.FractionalMaxPool2d(2, { output_ratio: [0.5, 1.5] }),
  ],
  ['nn.FractionalMaxPool3d(0, output_size=3)', () => void new nn.FractionalMaxPool3d(0, { output_size: 3 })],
  ['nn.AdaptiveAvgPool2d((2, 2))(torch.ones(2, 2))', () => new nn.AdaptiveAvgPool2d([2, 2])(ones(2, 2))],
  ['nn.Bilinear(0, 1, 2)', () => void new nn.Bilinear(0, 1, 2)],
  ['nn.Embedding(2, 3, padding_idx=2)', () => void new nn.Embedding(2, 3, { padding_idx: 2 })],
  ['nn.Embedding(2, 3, _weight=torch.ones(3, 2))', () => void new nn.Embedding(2, 3, { _weight: ones(3, 2) })],
  ['nn.Embedding.from_pretrained(torch.ones(3))', () => void nn.Embedding.from_pretrained(ones(3))],
  ['nn.EmbeddingBag(2, 3, padding_idx=-3)', () => void new nn.EmbeddingBag(2, 3, { padding_idx: -3 })],
  ['nn.EmbeddingBag.from_pretrained(torch.ones(3))', () => void nn.EmbeddingBag.from_pretrained(ones(3))],
  ['nn.EmbeddingBag(2, 3)(torch.tensor([1]))', () => new nn.EmbeddingBag(2, 3)(torch.tensor([1n]))],
  ['nn.Upsample(4, 2.0)(torch.ones(1, 1, 2))', () => new nn.Upsample(4, 2)(ones(1, 1, 2))],
  ['nn.Upsample()(torch.ones(1, 1, 2))', () => new nn.Upsample()(ones(1, 1, 2))],
  ["nn.HuberLoss(delta='a')", () => void new nn.HuberLoss({ delta: 'a' as never })],
  [
    "nn.L1Loss(reduction='some')(torch.ones(2), torch.ones(2))",
    () => new nn.L1Loss({ reduction: 'some' as never })(ones(2), ones(2)),
  ],
  ['nn.MultiMarginLoss(3)', () => void new nn.MultiMarginLoss(3)],
  ['nn.MultiMarginLoss(weight=torch.ones(1, 2))', () => void new nn.MultiMarginLoss({ weight: ones(1, 2) })],
  ['nn.TripletMarginLoss(0)', () => void new nn.TripletMarginLoss(0)],
  ['nn.TripletMarginWithDistanceLoss(margin=-1.5)', () => void new nn.TripletMarginWithDistanceLoss({ margin: -1.5 })],
  [
    'nn.LinearCrossEntropyLoss(4, 3, weight=torch.ones(2))',
    () => void new nn.LinearCrossEntropyLoss(4, 3, { weight: ones(2) }),
  ],
  [
    'nn.LinearCrossEntropyLoss(4, 3, label_smoothing=2)',
    () => void new nn.LinearCrossEntropyLoss(4, 3, { label_smoothing: 2 }),
  ],
  ['nn.AdaptiveLogSoftmaxWithLoss(4, 9, [])', () => void new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [])],
  ['nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5, 3])', () => void new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5, 3])],
  ['nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 9])', () => void new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 9])],
  [
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3])(torch.ones(2, 4), torch.tensor([3, 9]))',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3])(ones(2, 4), torch.tensor([3n, 9n])).output,
  ],
  [
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3])(torch.ones(4), torch.tensor([3]))',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3])(ones(4), torch.tensor([3n])).output,
  ],
  [
    'nn.LazyConv2d(4, 3, groups=2)(torch.ones(1, 3, 5, 5))',
    () => new nn.LazyConv2d(4, 3, { groups: 2 })(ones(1, 3, 5, 5)),
  ],
  ['nn.LazyConv1d(4, 3)(torch.ones(3))', () => new nn.LazyConv1d(4, 3)(ones(3))],
  ['nn.Threshold(1)', () => void new nn.Threshold(...([1] as unknown as [number, number]))],
  ['nn.Softmax(1, 2)', () => void new nn.Softmax(...([1, 2] as unknown as [number]))],
  ['nn.GaussianNLLLoss(True)', () => void new nn.GaussianNLLLoss(...([true] as unknown as []))],
]);

const log = torch.tensor([[0.5, 0.5, -1]]);

agree('what layers compute', 'x = torch.arange(24.).view(2, 3, 4) / 7\nlog = torch.tensor([[0.5, 0.5, -1.]])', [
  [
    'nn.MaxPool1d(2, return_indices=True)(x)',
    () => new nn.MaxPool1d(2, { return_indices: true })(x()) as unknown as Tensor[],
  ],
  [
    'nn.MaxUnpool1d(2)(*nn.MaxPool1d(2, return_indices=True)(x), output_size=(2, 3, 5))',
    () => {
      const [values, indices] = new nn.MaxPool1d(2, { return_indices: true })(x());
      return new nn.MaxUnpool1d(2)(values!, indices!, { output_size: [2, 3, 5] });
    },
  ],
  [
    'nn.KLDivLoss(reduction="batchmean")(log, log.exp())',
    () => new nn.KLDivLoss({ reduction: 'batchmean' })(log, log.exp()),
  ],
  ['nn.ConvTranspose1d(3, 2, 3, 2)(x, [10])', () => new nn.ConvTranspose1d(3, 2, 3, 2)(x(), [10])],
  [
    'nn.Conv1d(3, 2, 3)._conv_forward(x, torch.ones(2, 3, 3), None)',
    () => new nn.Conv1d(3, 2, 3)._conv_forward(x(), ones(2, 3, 3), null),
  ],
  ['nn.Identity(3, kind="any")(x)', () => new nn.Identity(3, { kind: 'any' })(x())],
  [
    'nn.TripletMarginWithDistanceLoss(distance_function=lambda a, b: (a - b).abs().sum(-1), swap=True)(x[0], x[1], x[0] * 2)',
    () => {
      const distance_function = (a: Tensor, b: Tensor) => a.sub(b).abs().sum(-1);
      const loss = new nn.TripletMarginWithDistanceLoss({ distance_function, swap: true });
      return loss(x().get(0), x().get(1), x().get(0).mul(2));
    },
  ],
  [
    'list(nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])(x[0], torch.tensor([0, 4, 8])))',
    () => [...new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])(x().get(0), torch.tensor([0n, 4n, 8n]))],
  ],
  [
    'list(nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])(x[0, 0], torch.tensor(4)))',
    () => [...new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6])(x().get(0, 0), torch.tensor(4n))],
  ],
  [
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6]).predict(x[0])',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6]).predict(x().get(0)),
  ],
  [
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6]).log_prob(x[0])',
    () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [3, 6]).log_prob(x().get(0)),
  ],
  ['nn.LazyLinear(2)(x)', () => new nn.LazyLinear(2)(x())],
  ['nn.LazyBatchNorm1d()(x)', () => new nn.LazyBatchNorm1d()(x())],
  ['nn.LazyInstanceNorm1d()(x)', () => new nn.LazyInstanceNorm1d()(x())],
  [
    'nn.SyncBatchNorm.convert_sync_batchnorm(nn.Sequential(nn.Conv1d(3, 2, 1), nn.BatchNorm1d(2)))(x)',
    () => {
      const net = new nn.Sequential(new nn.Conv1d(3, 2, 1), new nn.BatchNorm1d(2));
      return (nn.SyncBatchNorm.convert_sync_batchnorm(net) as torch.nn.Sequential)(x());
    },
  ],
  [
    'nn.Conv2d(3, 2, 2).to(memory_format=torch.channels_last).reset_parameters() or torch.rand(1)',
    () => {
      new nn.Conv2d(3, 2, 2).to({ memory_format: torch.channels_last }).reset_parameters();
      return torch.rand(1);
    },
  ],
  [
    'nn.InstanceNorm1d(3).load_state_dict({"running_mean": torch.ones(3)})',
    () => void new nn.InstanceNorm1d(3).load_state_dict({ running_mean: ones(3) }),
  ],
  [
    'nn.EmbeddingBag.from_pretrained(torch.arange(8.).view(4, 2), mode="sum")(torch.tensor([1, 3, 2]), torch.tensor([0, 1]))',
    () =>
      nn.EmbeddingBag.from_pretrained(torch.arange(8).to(torch.float32).view(4, 2), { mode: 'sum' })(
        torch.tensor([1n, 3n, 2n]),
        torch.tensor([0n, 1n]),
      ),
  ],
]);

function x(): Tensor {
  return torch.arange(24).to(torch.float32).view(2, 3, 4).div(7);
}
