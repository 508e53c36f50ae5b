// What layers are printed as, for several sets of options: live Python's `repr`.
import * as torch from 'isotorch';
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

type Options = Readonly<Record<string, unknown>>;
type Class = new (...args: unknown[]) => object;

const one = torch.asFloat(1);

/** Layers as [class, positional arguments, keywords]. Lists are tuples in Python. */
const rows: [name: string, args?: unknown[], options?: Options][] = [
  ['Threshold', [0.1, 20]],
  ['Threshold', [0, torch.asFloat(2), true]],
  ...(['ReLU', 'ReLU6', 'SiLU', 'Mish', 'SELU', 'Hardsigmoid', 'Hardswish'] as const).flatMap(
    (name): [string, unknown[]][] => [
      [name, []],
      [name, [true]],
    ],
  ),
  ...(['Sigmoid', 'LogSigmoid', 'Tanh', 'Tanhshrink', 'Softsign', 'Softmax2d'] as const).map((name): [string] => [
    name,
  ]),
  ['RReLU'],
  ['RReLU', [0.1, 0.25, true]],
  ['Hardtanh'],
  ['Hardtanh', [-2, 2.5, true]],
  ['Hardtanh', [], { min_value: -3, max_value: 3 }],
  ['LeakyReLU'],
  ['LeakyReLU', [0.2, true]],
  ['ELU'],
  ['ELU', [0.5, true]],
  ['CELU'],
  ['CELU', [one, true]],
  ['GLU'],
  ['GLU', [1]],
  ['GELU'],
  ['GELU', ['tanh']],
  ['Hardshrink'],
  ['Hardshrink', [2]],
  ['Softshrink'],
  ['Softshrink', [0.25]],
  ['Softplus'],
  ['Softplus', [2, 10]],
  ['PReLU'],
  ['PReLU', [3, 0.1]],
  ['Softmin', [1]],
  ['Softmax'],
  ['LogSoftmax', [-1]],
  ['AdaptiveLogSoftmaxWithLoss', [16, 20, [4, 10]]],
  ['BatchNorm1d', [3]],
  ['BatchNorm2d', [3, 1e-3, null, false, false]],
  ['BatchNorm3d', [3], { bias: false }],
  ['SyncBatchNorm', [3, 0.1]],
  ['InstanceNorm1d', [3]],
  ['InstanceNorm2d', [3, 1e-3, 0.2, true, true]],
  ['InstanceNorm3d', [3], { affine: true, bias: false }],
  ['ChannelShuffle', [2]],
  ['PixelShuffle', [2]],
  ['PixelUnshuffle', [3]],
  ['Conv1d', [4, 6, 3]],
  ['Conv1d', [4, 6, [3], 2, 1, 2, 2, false, 'circular']],
  ['Conv2d', [4, 6, [3, 2]], { padding: 'same' }],
  ['Conv3d', [4, 6, 3, [1, 2, 1]], { padding: [1, 0, 0], padding_mode: 'reflect' }],
  ['ConvTranspose1d', [4, 6, 3, 2], { output_padding: 1 }],
  ['ConvTranspose2d', [4, 6, 3, 2, 1, 1, 2, false, 2]],
  ['ConvTranspose3d', [4, 6, [1, 2, 3]], { padding: [0, 1, 1] }],
  ['PairwiseDistance', [1]],
  ['CosineSimilarity'],
  ...(['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'] as const).flatMap(
    (name): [string, unknown[]][] => [
      [name, []],
      [name, [0.25, true]],
    ],
  ),
  ['Flatten'],
  ['Flatten', [0, 1]],
  ['Unflatten', [1, [2, 3]]],
  ['Fold', [[4, 5], 2]],
  ['Fold', [4, [2, 1], 1, [1, 0], 2]],
  ['Unfold', [2]],
  ['Unfold', [[2, 3], 1, 0, [2, 1]]],
  ['Identity', [4, 'anything'], { unused: true }],
  ['Linear', [2, 3]],
  ['Linear', [2, 3, false]],
  ['Bilinear', [2, 3, 4]],
  ['Bilinear', [2, 3, 4, false]],
  ...[
    'LazyConv1d',
    'LazyConv2d',
    'LazyConv3d',
    'LazyConvTranspose1d',
    'LazyConvTranspose2d',
    'LazyConvTranspose3d',
  ].map((name): [string, unknown[], Options] => [name, [4, 3], { stride: 2, padding: 1 }]),
  ...['LazyBatchNorm1d', 'LazyBatchNorm2d', 'LazyBatchNorm3d', 'LazyInstanceNorm1d', 'LazyInstanceNorm2d'].map(
    (name): [string] => [name],
  ),
  ['LazyInstanceNorm3d', [], { affine: false, track_running_stats: false }],
  ['LazyLinear', [3]],
  ['LazyLinear', [3, false]],
  ['LocalResponseNorm', [2]],
  ['LocalResponseNorm', [2, 0.1, 0.5, 2]],
  ['CrossMapLRN2d', [2]],
  ['CrossMapLRN2d', [3, 0.1, 0.5, one]],
  ['LayerNorm', [3]],
  ['LayerNorm', [[2, 3], 1e-3, false]],
  ['LayerNorm', [[2, 3]], { bias: false }],
  ['GroupNorm', [2, 4]],
  ['GroupNorm', [2, 4, 1e-3, false]],
  ['GroupNorm', [2, 4], { bias: false }],
  ['RMSNorm', [3]],
  ['RMSNorm', [[2, 3], 1e-6, false]],
  ...['Circular', 'Reflection', 'Replication', 'Zero'].flatMap((mode): [string, unknown[]][] => [
    [`${mode}Pad1d`, [2]],
    [`${mode}Pad2d`, [[1, 2, 0, 3]]],
    [`${mode}Pad3d`, [1]],
  ]),
  ['ConstantPad1d', [2, 3.5]],
  ['ConstantPad2d', [[1, 2, 0, 3], torch.asFloat(0)]],
  ['ConstantPad3d', [1, 7]],
  ['MaxPool1d', [3]],
  ['MaxPool2d', [[3, 2], [2, 1], 1, 1, true, true]],
  ['MaxPool3d', [3, 2]],
  ['MaxUnpool1d', [3, 2]],
  ['MaxUnpool2d', [[3, 2]]],
  ['MaxUnpool3d', [3, [2, 1, 2], 1]],
  ['AvgPool1d', [3]],
  ['AvgPool2d', [3, 2, 1]],
  ['AvgPool3d', [[3, 2, 1]], { divisor_override: 2 }],
  ['FractionalMaxPool2d', [3], { output_size: [4, 5] }],
  ['FractionalMaxPool3d', [[1, 2, 3]], { output_ratio: 0.5 }],
  ['LPPool1d', [2, 3]],
  ['LPPool2d', [1.5, [3, 2], 2, true]],
  ['LPPool3d', [2, 2]],
  ['AdaptiveMaxPool1d', [3]],
  ['AdaptiveMaxPool2d', [[null, 3], true]],
  ['AdaptiveMaxPool3d', [2]],
  ['AdaptiveAvgPool1d', [3]],
  ['AdaptiveAvgPool2d', [[4, null]]],
  ['AdaptiveAvgPool3d', [[1, 2, 3]]],
  ['Embedding', [5, 3]],
  ['Embedding', [5, 3, -1, 1.5, 3, true, true]],
  ['EmbeddingBag', [5, 3]],
  ['EmbeddingBag', [5, 3, 1.5, 3, true, 'sum'], { padding_idx: 2, include_last_offset: true }],
  ['Upsample', [4]],
  ['Upsample', [[4, 5]], { mode: 'bilinear' }],
  ['Upsample', [], { scale_factor: 2 }],
  ['Upsample', [], { scale_factor: [2, 1.5], mode: 'bicubic' }],
  ['UpsamplingNearest2d', [4]],
  ['UpsamplingBilinear2d', [], { scale_factor: 3 }],
  ...['L1Loss', 'MSELoss', 'NLLLoss', 'NLLLoss2d', 'PoissonNLLLoss', 'GaussianNLLLoss', 'KLDivLoss', 'BCELoss'].map(
    (name): [string] => [name],
  ),
  ...['BCEWithLogitsLoss', 'HingeEmbeddingLoss', 'MultiLabelMarginLoss', 'SmoothL1Loss', 'HuberLoss', 'CTCLoss'].map(
    (name): [string] => [name],
  ),
  ...['SoftMarginLoss', 'CrossEntropyLoss', 'MultiLabelSoftMarginLoss', 'CosineEmbeddingLoss', 'MarginRankingLoss'].map(
    (name): [string] => [name],
  ),
  ['MultiMarginLoss', [2, 0.5]],
  ['TripletMarginLoss', [2]],
  ['TripletMarginWithDistanceLoss'],
  ['LinearCrossEntropyLoss', [4, 3]],
  ['LinearCrossEntropyLoss', [4, 3], { out_features: [2], bias: true, label_smoothing: 0.5 }],
  ['LinearCrossEntropyLoss', [4, 3], { reduction: 'sum', ignore_index: 1, label_smoothing: 0 }],
];

/** A value as Python writes it. */
function python(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map((item) => `${python(item)},`).join('')})`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

const calls = rows.map(([name, args = [], options = {}]) => {
  const given = [...args.map(python), ...Object.entries(options).map(([key, value]) => `${key}=${python(value)}`)];
  return `nn.${name}(${given.join(', ')})`;
});

describe.skipIf(!live)(`texts of layers${skipReason}`, () => {
  let theirs: string[] = [];

  beforeAll(async () => {
    const { out, error } = await ask({
      code: `import json\nreturn json.dumps([repr(m) for m in [${calls.join(', ')}]])`,
    });
    expect(error?.trace).toBeUndefined();
    theirs = JSON.parse((out as { value: string }).value) as string[];
  }, 120_000);

  it.each(calls.map((call, i): [string, number] => [call, i]))('%s', (_, i) => {
    const [name, args = [], options = {}] = rows[i]!;
    const Layer = (torch.nn as unknown as Record<string, Class>)[name]!;
    const keywords = Object.keys(options).length > 0 ? [options] : [];
    expect(String(new Layer(...args, ...keywords))).toBe(theirs[i]);
  });
});
