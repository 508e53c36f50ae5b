// Every initialiser, and what the layers' constructors draw.
import type { Dtype, Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { invertDistribution } from '../../dist/torch/inside.js';
import { type ParityCase, parity } from '../support/parity';
import { default_init, probe_init } from '../support/probes';

const { nn } = torch;
const { init } = nn;

/** `T` is the tensor in the Python expression. */
const initialisers: [python: string, ours: (t: Tensor) => Tensor][] = [
  ['init.uniform_(T)', (t) => init.uniform_(t)],
  ['init.uniform_(T, -2.5, 0.5)', (t) => init.uniform_(t, -2.5, 0.5)],
  ['init.normal_(T)', (t) => init.normal_(t)],
  ['init.normal_(T, 1.0, 0.02)', (t) => init.normal_(t, 1, 0.02)],
  ['init.trunc_normal_(T)', (t) => init.trunc_normal_(t)],
  ['init.trunc_normal_(T, 0.5, 0.8, -1.0, 1.25)', (t) => init.trunc_normal_(t, 0.5, 0.8, -1, 1.25)],
  ['init.constant_(T, 0.3)', (t) => init.constant_(t, 0.3)],
  ['init.ones_(T)', (t) => init.ones_(t)],
  ['init.zeros_(T)', (t) => init.zeros_(t)],
  ['init.xavier_uniform_(T)', (t) => init.xavier_uniform_(t)],
  ['init.xavier_uniform_(T, 0.02)', (t) => init.xavier_uniform_(t, 0.02)],
  ['init.xavier_normal_(T)', (t) => init.xavier_normal_(t)],
  ['init.xavier_normal_(T, 0.02)', (t) => init.xavier_normal_(t, 0.02)],
  ['init.kaiming_uniform_(T)', (t) => init.kaiming_uniform_(t)],
  ['init.kaiming_uniform_(T, a=math.sqrt(5))', (t) => init.kaiming_uniform_(t, { a: Math.sqrt(5) })],
  [
    "init.kaiming_uniform_(T, mode='fan_out', nonlinearity='relu')",
    (t) => init.kaiming_uniform_(t, { mode: 'fan_out', nonlinearity: 'relu' }),
  ],
  ["init.kaiming_uniform_(T, nonlinearity='tanh')", (t) => init.kaiming_uniform_(t, { nonlinearity: 'tanh' })],
  ['init.kaiming_normal_(T)', (t) => init.kaiming_normal_(t)],
  ["init.kaiming_normal_(T, a=0.2, mode='fan_out')", (t) => init.kaiming_normal_(t, { a: 0.2, mode: 'fan_out' })],
  ["init.kaiming_normal_(T, nonlinearity='relu')", (t) => init.kaiming_normal_(t, { nonlinearity: 'relu' })],
  ['init.orthogonal_(T)', (t) => init.orthogonal_(t)],
  ['init.orthogonal_(T, gain=1.4)', (t) => init.orthogonal_(t, 1.4)],
];

const two: typeof initialisers = [
  ['init.eye_(T)', (t) => init.eye_(t)],
  ['init.sparse_(T, sparsity=0.3)', (t) => init.sparse_(t, 0.3)],
];
const four: typeof initialisers = [
  ['init.dirac_(T)', (t) => init.dirac_(t)],
  ['init.dirac_(T, groups=2)', (t) => init.dirac_(t, 2)],
];

function over(shapes: number[][], rows: typeof initialisers): ParityCase[] {
  const dtypes: [string, Dtype][] = [
    ['float32', torch.float32],
    ['float64', torch.float64],
  ];
  return rows.flatMap(([python, ours]) =>
    shapes.flatMap((shape) =>
      dtypes.map(([name, dtype]) => ({
        name: `${python} of ${name} [${shape}]`,
        python: `
          import math
          init = nn.init
          return probe_init([${shape}], lambda T: ${python}, torch.${name})`,
        ours: () => probe_init(shape, ours, dtype),
      })),
    ),
  );
}

const gains: ParityCase[] = [
  {
    python: `
      names = ["linear", "conv2d", "conv_transpose2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]
      return {**{n: nn.init.calculate_gain(n) for n in names}, "slope": nn.init.calculate_gain("leaky_relu", 0.2)}`,
    name: 'calculate_gain',
    ours: () => {
      const names = ['linear', 'conv2d', 'conv_transpose2d', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'] as const;
      return {
        ...Object.fromEntries(names.map((n) => [n, init.calculate_gain(n)])),
        slope: init.calculate_gain('leaky_relu', 0.2),
      };
    },
  },
];

const defaults: ParityCase[] = [
  { python: 'nn.Linear(100, 256)', ours: () => default_init(new nn.Linear(100, 256)) },
  { python: 'nn.Linear(3, 2, bias=False)', ours: () => default_init(new nn.Linear(3, 2, { bias: false })) },
  { python: 'nn.Conv2d(3, 64, 4, 2, 1)', ours: () => default_init(new nn.Conv2d(3, 64, 4, 2, 1)) },
  { python: 'nn.Conv2d(4, 6, 3, groups=2)', ours: () => default_init(new nn.Conv2d(4, 6, 3, { groups: 2 })) },
  { python: 'nn.ConvTranspose2d(100, 64, 4)', ours: () => default_init(new nn.ConvTranspose2d(100, 64, 4)) },
  {
    python: 'nn.ConvTranspose2d(4, 6, 3, groups=2)',
    ours: () => default_init(new nn.ConvTranspose2d(4, 6, 3, { groups: 2 })),
  },
  { python: 'nn.BatchNorm1d(5)', ours: () => default_init(new nn.BatchNorm1d(5)) },
  { python: 'nn.BatchNorm2d(5)', ours: () => default_init(new nn.BatchNorm2d(5)) },
  { python: 'nn.Embedding(10, 4)', ours: () => default_init(new nn.Embedding(10, 4)) },
  {
    python: 'nn.Embedding(10, 4, padding_idx=2)',
    ours: () => default_init(new nn.Embedding(10, 4, { padding_idx: 2 })),
  },
  {
    python: 'nn.Linear(4, 4), nn.Conv2d(1, 2, 3), nn.Embedding(3, 2), nn.ConvTranspose2d(2, 1, 2), nn.Linear(2, 2)',
    ours: () =>
      default_init(
        new nn.Linear(4, 4),
        new nn.Conv2d(1, 2, 3),
        new nn.Embedding(3, 2),
        new nn.ConvTranspose2d(2, 1, 2),
        new nn.Linear(2, 2),
      ),
  },
].map(({ python, ours }) => ({ name: `default init of ${python}`, python: `return default_init(${python})`, ours }));

const keys: ParityCase[] = [
  {
    name: 'state_dict keys and their order in nested modules',
    python: `
      net = nn.Sequential(nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)), nn.ReLU(), nn.Sequential(nn.Linear(2, 2)))
      return {"state": list(net.state_dict()), "parameters": [n for n, _ in net.named_parameters()],
              "buffers": [n for n, _ in net.named_buffers()], "modules": [n for n, _ in net.named_modules()],
              "count": sum(p.numel() for p in net.parameters())}`,
    ours: () => {
      const net = new nn.Sequential(
        new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.BatchNorm2d(2)),
        new nn.ReLU(),
        new nn.Sequential(new nn.Linear(2, 2)),
      );
      return {
        state: Object.keys(net.state_dict()),
        parameters: [...net.named_parameters()].map(([n]) => n),
        buffers: [...net.named_buffers()].map(([n]) => n),
        modules: [...net.named_modules()].map(([n]) => n),
        count: [...net.parameters()].reduce((sum, p) => sum + p.numel(), 0),
      };
    },
  },
];

parity(
  'initialisation',
  [
    ...over(
      [
        [5, 7],
        [8, 3, 4, 4],
      ],
      initialisers,
    ),
    ...over(
      [
        [3, 3],
        [17, 9],
      ],
      two,
    ),
    ...over([[4, 3, 3, 3]], four.slice(0, 1)),
    ...over([[4, 3, 3, 3]], four.slice(1)),
    ...gains,
    ...defaults,
    ...keys,
  ],
  { threads: [1] },
);

// What trunc_normal_ did before 2.12, written by operators: Python's own is another one in the libtorch of this build.
const BEFORE_2_12 = (dtype: string, shape: string, a: number, b: number) => `
    import math
    cdf = lambda x: (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0
    t = torch.empty(${shape}, dtype=${dtype})
    t.uniform_(2 * cdf((${a} - 0.5) / 0.8) - 1, 2 * cdf((${b} - 0.5) / 0.8) - 1)
    return t.erfinv_().mul_(0.8 * math.sqrt(2.0)).add_(0.5).clamp_(min=${a}, max=${b})`;

parity(
  'trunc_normal_ before 2.12',
  [torch.float32, torch.float64].map((dtype) => ({
    name: String(dtype),
    python: BEFORE_2_12(String(dtype), '5, 7', -1, 1.25),
    ours: () => {
      const t = torch.empty(5, 7, { dtype });
      torch.no_grad(() => invertDistribution(t, 0.5, 0.8, -1, 1.25, null));
      return t;
    },
  })),
);
