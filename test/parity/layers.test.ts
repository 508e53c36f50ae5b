// Forward, gradients and state of every layer, for every constructor option that changes numbers.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { parity } from '../support/parity';
import { probe_layer } from '../support/probes';

const { nn } = torch;
type Layer = torch.nn.Layer;

interface LayerCase {
  python: string;
  ours: () => Layer;
  /** Shape of a normal input; or the input itself, in both languages. */
  input: number[] | { python: string; ours: () => Tensor };
}

const indices = {
  python: 'torch.tensor([[0, 3, 2], [3, 3, 9]])',
  ours: () =>
    torch.tensor([
      [0n, 3n, 2n],
      [3n, 3n, 9n],
    ]),
};

const layers: LayerCase[] = [
  { python: 'nn.Linear(4, 3)', ours: () => new nn.Linear(4, 3), input: [5, 4] },
  { python: 'nn.Linear(4, 3, bias=False)', ours: () => new nn.Linear(4, 3, { bias: false }), input: [5, 4] },
  { python: 'nn.Linear(100, 256)', ours: () => new nn.Linear(100, 256), input: [64, 100] },
  { python: 'nn.Linear(7, 2)', ours: () => new nn.Linear(7, 2), input: [7] },
  { python: 'nn.Linear(7, 2)', ours: () => new nn.Linear(7, 2), input: [2, 3, 7] },
  {
    python: 'nn.Linear(4, 3, dtype=torch.float64)',
    ours: () => new nn.Linear(4, 3, { dtype: torch.float64 }),
    input: {
      python: 'torch.randn(5, 4, dtype=torch.float64)',
      ours: () => torch.randn([5, 4], { dtype: torch.float64 }),
    },
  },

  { python: 'nn.Conv2d(3, 5, 3)', ours: () => new nn.Conv2d(3, 5, 3), input: [2, 3, 8, 8] },
  { python: 'nn.Conv2d(3, 64, 4, 2, 1)', ours: () => new nn.Conv2d(3, 64, 4, 2, 1), input: [4, 3, 32, 32] },
  {
    python: 'nn.Conv2d(3, 5, (3, 2), stride=(2, 1), padding=(1, 0))',
    ours: () => new nn.Conv2d(3, 5, [3, 2], { stride: [2, 1], padding: [1, 0] }),
    input: [2, 3, 9, 8],
  },
  {
    python: 'nn.Conv2d(4, 6, 3, padding=1, groups=2)',
    ours: () => new nn.Conv2d(4, 6, 3, { padding: 1, groups: 2 }),
    input: [2, 4, 7, 7],
  },
  {
    python: 'nn.Conv2d(4, 4, 3, groups=4, bias=False)',
    ours: () => new nn.Conv2d(4, 4, 3, { groups: 4, bias: false }),
    input: [2, 4, 7, 7],
  },
  {
    python: 'nn.Conv2d(3, 5, 3, dilation=2)',
    ours: () => new nn.Conv2d(3, 5, 3, { dilation: 2 }),
    input: [2, 3, 9, 9],
  },
  {
    python: "nn.Conv2d(3, 5, 3, padding='same')",
    ours: () => new nn.Conv2d(3, 5, 3, { padding: 'same' }),
    input: [2, 3, 8, 8],
  },
  {
    python: "nn.Conv2d(3, 5, 4, padding='same')",
    ours: () => new nn.Conv2d(3, 5, 4, { padding: 'same' }),
    input: [2, 3, 8, 8],
  },
  {
    python: "nn.Conv2d(3, 5, 3, padding='valid')",
    ours: () => new nn.Conv2d(3, 5, 3, { padding: 'valid' }),
    input: [2, 3, 8, 8],
  },
  {
    python: "nn.Conv2d(3, 5, 3, padding=1, padding_mode='reflect')",
    ours: () => new nn.Conv2d(3, 5, 3, { padding: 1, padding_mode: 'reflect' }),
    input: [2, 3, 8, 8],
  },
  {
    python: "nn.Conv2d(3, 5, 3, padding=(2, 1), padding_mode='circular')",
    ours: () => new nn.Conv2d(3, 5, 3, { padding: [2, 1], padding_mode: 'circular' }),
    input: [2, 3, 8, 8],
  },
  {
    python: "nn.Conv2d(3, 5, 3, padding=1, padding_mode='replicate')",
    ours: () => new nn.Conv2d(3, 5, 3, { padding: 1, padding_mode: 'replicate' }),
    input: [2, 3, 8, 8],
  },
  { python: 'nn.Conv2d(3, 5, 3)', ours: () => new nn.Conv2d(3, 5, 3), input: [3, 8, 8] },

  { python: 'nn.ConvTranspose2d(5, 3, 3)', ours: () => new nn.ConvTranspose2d(5, 3, 3), input: [2, 5, 6, 6] },
  {
    python: 'nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False)',
    ours: () => new nn.ConvTranspose2d(64, 32, 4, 2, 1, { bias: false }),
    input: [4, 64, 8, 8],
  },
  {
    python: 'nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2)',
    ours: () => new nn.ConvTranspose2d(4, 6, 3, { stride: 2, padding: 1, output_padding: 1, groups: 2, dilation: 2 }),
    input: [2, 4, 6, 6],
  },

  { python: 'nn.ReLU()', ours: () => new nn.ReLU(), input: [3, 17] },
  { python: 'nn.LeakyReLU()', ours: () => new nn.LeakyReLU(), input: [3, 17] },
  { python: 'nn.LeakyReLU(0.2)', ours: () => new nn.LeakyReLU(0.2), input: [3, 17] },
  { python: 'nn.Tanh()', ours: () => new nn.Tanh(), input: [3, 17] },
  { python: 'nn.Sigmoid()', ours: () => new nn.Sigmoid(), input: [3, 17] },
  {
    python: 'nn.Sequential(nn.Linear(4, 4), nn.ReLU(inplace=True))',
    ours: () => new nn.Sequential(new nn.Linear(4, 4), new nn.ReLU({ inplace: true })),
    input: [3, 4],
  },
  {
    python: 'nn.Sequential(nn.Linear(4, 4), nn.LeakyReLU(0.2, inplace=True))',
    ours: () => new nn.Sequential(new nn.Linear(4, 4), new nn.LeakyReLU(0.2, { inplace: true })),
    input: [3, 4],
  },

  { python: 'nn.Flatten()', ours: () => new nn.Flatten(), input: [2, 3, 4, 5] },
  { python: 'nn.Flatten(2)', ours: () => new nn.Flatten(2), input: [2, 3, 4, 5] },
  { python: 'nn.Flatten(0, 1)', ours: () => new nn.Flatten(0, 1), input: [2, 3, 4, 5] },
  { python: 'nn.Flatten(1, -2)', ours: () => new nn.Flatten(1, -2), input: [2, 3, 4, 5] },

  { python: 'nn.Dropout()', ours: () => new nn.Dropout(), input: [8, 33] },
  { python: 'nn.Dropout(0.2)', ours: () => new nn.Dropout(0.2), input: [8, 33] },
  { python: 'nn.Dropout(0.0)', ours: () => new nn.Dropout(0), input: [8, 33] },
  { python: 'nn.Dropout(1.0)', ours: () => new nn.Dropout(1), input: [8, 33] },

  { python: 'nn.Embedding(10, 3)', ours: () => new nn.Embedding(10, 3), input: indices },
  {
    python: 'nn.Embedding(10, 3, padding_idx=3)',
    ours: () => new nn.Embedding(10, 3, { padding_idx: 3 }),
    input: indices,
  },
  {
    python: 'nn.Embedding(10, 3, padding_idx=-1)',
    ours: () => new nn.Embedding(10, 3, { padding_idx: -1 }),
    input: indices,
  },
  { python: 'nn.Embedding(10, 3, max_norm=1.0)', ours: () => new nn.Embedding(10, 3, { max_norm: 1 }), input: indices },
  {
    python: 'nn.Embedding(10, 3, max_norm=2.0, norm_type=1.0)',
    ours: () => new nn.Embedding(10, 3, { max_norm: 2, norm_type: 1 }),
    input: indices,
  },
  {
    python: 'nn.Embedding(10, 3, scale_grad_by_freq=True)',
    ours: () => new nn.Embedding(10, 3, { scale_grad_by_freq: true }),
    input: indices,
  },

  {
    python:
      'nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(8 * 49, 1))',
    ours: () =>
      new nn.Sequential(
        new nn.Conv2d(1, 8, 4, 2, 1),
        new nn.BatchNorm2d(8),
        new nn.LeakyReLU(0.2),
        new nn.Flatten(),
        new nn.Dropout(0.3),
        new nn.Linear(8 * 49, 1),
      ),
    input: [16, 1, 14, 14],
  },
];

parity(
  'layers',
  layers.map(({ python, ours, input }) => {
    const x = Array.isArray(input)
      ? { python: `torch.randn(${input.join(', ')})`, ours: () => torch.randn(input) }
      : input;
    return {
      name: `${python} of ${x.python}`,
      python: `return probe_layer(${python}, ${x.python}, steps=2)`,
      ours: () => probe_layer(ours(), x.ours(), 2),
    };
  }),
);
