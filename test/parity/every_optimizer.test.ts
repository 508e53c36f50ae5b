// Every optimizer, twenty steps with drawn gradients on parameters of several shapes: parameters and state dicts.
import * as torch from 'isotorch';
import { CAPTURABLE_DEVICES } from '../../dist/torch/inside.js';
import { afterAll, beforeAll } from 'vitest';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { optim } = torch;

// Only devices with graphs offer `capturable`; the arithmetic is the same on the CPU, which both languages accept here.
beforeAll(() => void CAPTURABLE_DEVICES.push('cpu'));
afterAll(() => void CAPTURABLE_DEVICES.pop());

type Options = Record<string, number | boolean | string | null | readonly (number | null)[]>;
type Made = { step(): unknown; state_dict(): object };
type Make = (params: torch.Tensor[], options: object) => Made;

const python = `
  import sys
  for name in ('adadelta', 'adam', 'adamax', 'asgd', 'nadam', 'radam', 'rmsprop', 'rprop'):
      sys.modules['torch.optim.' + name]._get_capturable_supported_devices = lambda supports_xla=True: ['cpu']

  def run(make, shapes, dtype=torch.float32, sparse=False):
      params = [torch.randn(shape, dtype=dtype).requires_grad_() for shape in shapes]
      optimizer = make(params)
      for step in range(20):
          for i, p in enumerate(params):
              if step % 5 == 4 and i == 1:
                  p.grad = None
              elif sparse:
                  rows = torch.randint(0, p.shape[0], (3,))
                  p.grad = torch.sparse_coo_tensor(rows[None], torch.randn(3, *p.shape[1:], dtype=dtype), p.shape)
              else:
                  p.grad = torch.randn_like(p)
          optimizer.step()
      return {"params": [p.detach() for p in params], "state": optimizer.state_dict()}
`;

function run(make: (params: torch.Tensor[]) => Made, shapes: number[][], dtype = torch.float32, sparse = false): Value {
  const params = shapes.map((shape) => torch.randn(shape, { dtype }).requires_grad_());
  const optimizer = make(params);
  for (let step = 0; step < 20; step++) {
    params.forEach((p, i) => {
      if (step % 5 === 4 && i === 1) p.grad = null;
      else if (sparse) {
        const rows = torch.randint(0, p.shape[0]!, [3]);
        const values = torch.randn([3, ...p.shape.slice(1)], { dtype });
        p.grad = torch.sparse_coo_tensor(rows.unsqueeze(0), values, p.shape);
      } else p.grad = torch.randn_like(p);
    });
    optimizer.step();
  }
  return { params: params.map((p) => p.detach()), state: optimizer.state_dict() as Value };
}

/** A value as Python writes it; betas have to be floats there. */
function literal(value: Options[string]): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  return Array.isArray(value) ? `(${value.map(literal).join(', ')})` : String(value);
}

const keywords = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${literal(value)}`)
    .join(', ');

interface Row {
  make: Make;
  options: Options[];
  /** What every set of options is tried with. */
  ways?: Options[];
  shapes?: number[][];
  dtypes?: torch.Dtype[];
  sparse?: boolean;
}

const SHAPES = [[4, 3], [5], [6, 2], [2, 3, 2], []];
const MATRICES = [
  [4, 3],
  [3, 5],
  [6, 2],
];
const LISTS: Options[] = [{}, { foreach: true }];
const CAPTURABLE: Options[] = [...LISTS, { capturable: true }, { capturable: true, foreach: true }];
const COMPLEX = [torch.float32, torch.float64, torch.complex64];

const ADAM: Options[] = [
  { lr: 0.01, weight_decay: 0.1, maximize: true },
  { lr: 0.02, eps: 1e-4, amsgrad: true, weight_decay: 0.1, betas: [0.8, 0.95] },
];

// Real numbers of the first four are in optimizers.test.ts.
const ROWS: Record<string, Row> = {
  Adam: { make: (p, o) => new optim.Adam(p, o), options: ADAM, ways: CAPTURABLE, dtypes: [torch.complex64] },
  AdamW: { make: (p, o) => new optim.AdamW(p, o), options: ADAM, ways: CAPTURABLE, dtypes: [torch.complex64] },
  RMSprop: {
    make: (p, o) => new optim.RMSprop(p, o),
    options: [
      { weight_decay: 0.1, maximize: true },
      { momentum: 0.9, centered: true, weight_decay: 0.1 },
    ],
    ways: CAPTURABLE,
    dtypes: [torch.complex64],
  },
  SGD: {
    make: (p, o) => new optim.SGD(p, o),
    options: [
      { lr: 0.1, momentum: 0.9, weight_decay: 0.1, maximize: true },
      { momentum: 0.9, nesterov: true },
    ],
    ways: LISTS,
    dtypes: [torch.complex64],
  },
  Adadelta: {
    make: (p, o) => new optim.Adadelta(p, o),
    options: [{}, { lr: 0.01, rho: 0.95, eps: 1e-5 }, { weight_decay: 0.1, maximize: true }],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  Adafactor: {
    make: (p, o) => new optim.Adafactor(p, o),
    options: [{}, { lr: 0.3, weight_decay: 0.1, d: 1.5 }, { beta2_decay: -1, maximize: true, eps: [1e-6, 1e-2] }],
    ways: LISTS,
    dtypes: [torch.float32, torch.float64, torch.bfloat16],
  },
  Adagrad: {
    make: (p, o) => new optim.Adagrad(p, o),
    options: [
      {},
      { lr: 0.1, lr_decay: 0.5, eps: 1e-6 },
      { initial_accumulator_value: 0.5, weight_decay: 0.1, maximize: true },
    ],
    ways: LISTS,
    dtypes: COMPLEX,
  },
  Adamax: {
    make: (p, o) => new optim.Adamax(p, o),
    options: [{}, { lr: 0.1, betas: [0.8, 0.95], eps: 1e-4 }, { weight_decay: 0.1, maximize: true }],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  ASGD: {
    make: (p, o) => new optim.ASGD(p, o),
    options: [{}, { lambd: 0.1, t0: 6 }, { alpha: 0.6, weight_decay: 0.1, maximize: true, lr: 0.02 }],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  Muon: {
    make: (p, o) => new optim.Muon(p, o),
    options: [
      {},
      { lr: 0.01, momentum: 0.8, nesterov: false, weight_decay: 0.2 },
      { ns_steps: 6, ns_coefficients: [3.4, -4.7, 2], adjust_lr_fn: 'match_rms_adamw' },
    ],
    shapes: MATRICES,
    dtypes: [torch.float32, torch.bfloat16],
  },
  NAdam: {
    make: (p, o) => new optim.NAdam(p, o),
    options: [
      {},
      { lr: 0.01, momentum_decay: 6e-3, betas: [0.8, 0.95] },
      { weight_decay: 0.1, decoupled_weight_decay: true, maximize: true },
    ],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  RAdam: {
    make: (p, o) => new optim.RAdam(p, o),
    options: [
      {},
      { lr: 0.01, betas: [0.8, 0.95], eps: 1e-6 },
      { weight_decay: 0.1, decoupled_weight_decay: true, maximize: true },
    ],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  Rprop: {
    make: (p, o) => new optim.Rprop(p, o),
    options: [{}, { lr: 2e-4, etas: [0.3, 1.5] }, { step_sizes: [2e-6, 0.02], maximize: true }],
    ways: CAPTURABLE,
    dtypes: COMPLEX,
  },
  SparseAdam: {
    make: (p, o) => new optim.SparseAdam(p, o),
    options: [{}, { lr: 0.01, betas: [0.8, 0.95], eps: 1e-6, maximize: true }],
    shapes: [[5, 3], [6, 2], [7]],
    sparse: true,
  },
  'Adagrad with sparse gradients': {
    make: (p, o) => new optim.Adagrad(p, o),
    options: [{ lr: 0.1 }, { lr: 0.1, lr_decay: 0.1, maximize: true }],
    ways: LISTS,
    shapes: [[5, 3], [6, 2], [7]],
    sparse: true,
  },
  'SGD with sparse gradients': {
    make: (p, o) => new optim.SGD(p, o),
    options: [{ lr: 0.1 }, { lr: 0.1, maximize: true }],
    ways: LISTS,
    shapes: [[5, 3], [6, 2], [7]],
    sparse: true,
  },
  'Adagrad, fused': {
    make: (p, o) => new optim.Adagrad(p, o),
    options: [{ fused: true }, { fused: true, lr_decay: 0.1, weight_decay: 0.1, maximize: true }],
  },
};

const cases: ParityCase[] = Object.entries(ROWS).flatMap(([title, row]) => {
  const { make, options, ways = [{}], shapes = SHAPES, dtypes = [torch.float32], sparse = false } = row;
  const name = title.split(/[ ,]/)[0]!;
  return dtypes.flatMap((dtype) =>
    ways.map((way) => {
      const all = options.map((each) => ({ ...each, ...way }));
      const theirs = all.map(
        (each) =>
          `run(lambda p: optim.${name}(p${each ? `, ${keywords(each)}` : ''}), ${JSON.stringify(shapes)}, ${dtype}, ${sparse ? 'True' : 'False'})`,
      );
      return {
        name: `${title} ${keywords(way)} of ${dtype}`,
        python: `${python}\n  return [${theirs.join(', ')}]`,
        ours: () => all.map((each) => run((p) => make(p, each), shapes, dtype, sparse)),
      };
    }),
  );
});

/** Rates that are tensors, of one element and of none. */
const rates: ParityCase[] = Object.entries(ROWS)
  .filter(([title]) => !title.includes(' '))
  .map(([name, { make, ways = [{}], shapes = SHAPES, sparse = false }]) => {
    // Python refuses them, or fails on them, with lists.
    const refuses = ['Adam', 'AdamW', 'Adafactor'].includes(name);
    const fits = ways.filter((way) => !(refuses && way.foreach && !way.capturable));
    const all = fits.flatMap((way) => ['0.03', '[0.4]'].map((rate) => ({ way, rate })));
    const theirs = all.map(
      ({ way, rate }) =>
        `run(lambda p: optim.${name}(p, lr=torch.tensor(${rate})${Object.keys(way).length > 0 ? `, ${keywords(way)}` : ''}), ${JSON.stringify(shapes)}, torch.float32, ${sparse ? 'True' : 'False'})`,
    );
    return {
      name: `${name} with a rate that is a tensor`,
      python: `${python}\n  return [${theirs.join(', ')}]`,
      ours: () =>
        all.map(({ way, rate }) => {
          const lr = torch.tensor(rate === '0.03' ? 0.03 : [0.4]);
          return run((p) => make(p, { ...way, lr }), shapes, torch.float32, sparse);
        }),
    };
  });

/** Decay rates that are tensors, in these ways. */
const WAYS: Options[] = [
  {},
  { amsgrad: true },
  { capturable: true },
  { capturable: true, foreach: true },
  { fused: true },
];

const betas: ParityCase[] = WAYS.map((way) => ({
  name: `Adam with betas that are tensors, ${keywords(way)}`,
  python: `${python}
  betas = (torch.tensor(0.8), torch.tensor([0.95]))
  return run(lambda p: optim.Adam(p, betas=betas${Object.keys(way).length > 0 ? `, ${keywords(way)}` : ''}), ${JSON.stringify(SHAPES)})`,
  ours: () =>
    run((p) => new optim.Adam(p, { betas: [torch.tensor(0.8), torch.tensor([0.95])], ...way }), SHAPES, torch.float32),
}));

parity('every optimizer over 20 steps', [...cases, ...rates, ...betas]);
