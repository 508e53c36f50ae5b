// `capturable: true`, as Python computes it. Only devices with graphs offer it; the arithmetic is the same on the CPU, which
// both languages are told to accept here.
import * as torch from 'isotorch';
import { CAPTURABLE_DEVICES, native } from '../../dist/torch/inside.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Value } from '../support/bits';
import { itRefuses } from '../support/errors';
import { type ParityCase, parity } from '../support/parity';
import { type ProbeNet, probe_optimizer } from '../support/probes';

const { optim } = torch;

beforeAll(() => void CAPTURABLE_DEVICES.push('cpu'));
afterAll(() => void CAPTURABLE_DEVICES.pop());

const makers = {
  Adam: (net: ProbeNet, o: object) => new optim.Adam(net.net.parameters(), o),
  AdamW: (net: ProbeNet, o: object) => new optim.AdamW(net.net.parameters(), o),
  RMSprop: (net: ProbeNet, o: object) => new optim.RMSprop(net.net.parameters(), o),
};

type Options = Record<string, number | boolean>;

const adam: Options[] = [
  {},
  { lr: 0.01, weight_decay: 0.1, maximize: true },
  { lr: 0.02, eps: 1e-4, amsgrad: true },
  { lr: 0.02, weight_decay: 0.03, amsgrad: true },
];
const rmsprop: Options[] = [{}, { momentum: 0.9, weight_decay: 0.02 }, { centered: true, maximize: true }];

const literal = (value: number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);

const keywords = (options: Options): string =>
  Object.entries(options)
    .map(([name, value]) => `, ${name}=${literal(value)}`)
    .join('');

const accepting = `
  import sys
  for module in (sys.modules['torch.optim.adam'], sys.modules['torch.optim.rmsprop']):
      module._get_capturable_supported_devices = lambda supports_xla=True: ['cpu']
`;

const rated = {
  Adam: (params: torch.Tensor[], o: object) => new optim.Adam(params, o),
  AdamW: (params: torch.Tensor[], o: object) => new optim.AdamW(params, o),
  SGD: (params: torch.Tensor[], o: object) => new optim.SGD(params, o),
};

/** Fused kernels read a rate that is a tensor when they run, on any device. */
const fusedRates: ParityCase[] = (['Adam', 'AdamW', 'SGD'] as const).map((name) => ({
  name: `${name}(params, lr=torch.tensor(0.03), fused=True)`,
  python: `
    rate = torch.tensor(0.03)
    return probe_optimizer(lambda net: optim.${name}(net.parameters(), lr=rate, fused=True),
                           between=lambda opt, step: rate.mul_(0.9)).pop("net")`,
  ours: (): Value => {
    const lr = torch.tensor(0.03);
    const result = probe_optimizer(({ net }) => rated[name](net.parameters(), { lr, fused: true }), {
      between: () => void lr.mul_(0.9),
    });
    return (result as { net: Value }).net;
  },
}));

function caseOf(name: keyof typeof makers, options: Options, rate: number | undefined): ParityCase {
  const tensorRate = rate === undefined ? '' : `, lr=torch.tensor(${rate})`;
  const ours = (): Value =>
    probe_optimizer((net) =>
      makers[name](net, { ...options, ...(rate === undefined ? {} : { lr: torch.tensor(rate) }), capturable: true }),
    );
  const python = `${accepting}
  return probe_optimizer(lambda net: optim.${name}(net.parameters()${keywords(options)}${tensorRate}, capturable=True))`;
  return { name: `${name}(params${keywords(options)}${tensorRate}, capturable=True)`, python, ours };
}

const paths: Options[] = [{ foreach: false }, { foreach: true }];

parity(
  'capturable optimizers over 20 steps',
  paths
    .flatMap((path) => [
      ...(['Adam', 'AdamW'] as const).flatMap((name) =>
        adam.map((options) => caseOf(name, { ...options, ...path }, undefined)),
      ),
      ...rmsprop.map((options) => caseOf('RMSprop', { ...options, ...path }, undefined)),
      caseOf('Adam', { ...path, weight_decay: 0.1 }, 0.03),
      caseOf('AdamW', { ...path, amsgrad: true }, 0.03),
      caseOf('RMSprop', path, 0.03),
      caseOf('RMSprop', { ...path, momentum: 0.8 }, 0.03),
    ])
    .concat(fusedRates),
);

it('loads steps to where they are counted', () => {
  const p = new torch.nn.Parameter(torch.ones([3]));
  for (const capturable of [false, true]) {
    const optimizer = new optim.Adam([p], { capturable });
    p.grad = torch.ones([3]);
    optimizer.step();
    const saved = optimizer.state_dict();
    saved.state[0]!.step = torch.tensor(7, { dtype: torch.float64 });
    optimizer.load_state_dict(saved);
    const { step } = optimizer.state.get(p)!;
    expect([step!.dtype, step!.item()]).toEqual([capturable ? torch.float32 : torch.float64, 7]);
  }
});

it('refuses to capture a step that makes state, which each replay would make anew', () => {
  const capturing = vi.spyOn(native, 'cuda_is_capturing').mockReturnValue(true);
  try {
    for (const make of [
      (p: torch.Tensor) => new optim.Adam([p], { capturable: true }),
      (p: torch.Tensor) => new optim.SGD([p], { momentum: 0.9 }),
    ]) {
      const p = new torch.nn.Parameter(torch.ones([3]));
      const optimizer = make(p);
      p.grad = torch.ones([3]);
      const refused = `Attempting CUDA graph capture of the first step() of a parameter by an instance of ${optimizer.constructor.name}`;
      expect(() => optimizer.step()).toThrow(refused);
      expect([optimizer.state.size, p.tolist()]).toEqual([0, [1, 1, 1]]);
      capturing.mockReturnValue(false);
      optimizer.step();
      capturing.mockReturnValue(true);
      optimizer.step();
    }
  } finally {
    capturing.mockRestore();
  }
});

it('refuses steps that another device counts', () => {
  const p = new torch.nn.Parameter(torch.ones([3]));
  const optimizer = new optim.Adam([p], { capturable: true });
  p.grad = torch.ones([3]);
  optimizer.step();
  optimizer.state.get(p)!.step = torch.zeros([], { device: 'meta' });
  expect(() => optimizer.step()).toThrow('If capturable=True, params and state_steps must be on supported devices');
});

it('counts steps on the device, without asking for their number', () => {
  const p = new torch.nn.Parameter(torch.ones([3]));
  const optimizer = new optim.Adam([p], { capturable: true, foreach: true });
  p.grad = torch.ones([3]);
  optimizer.step();
  optimizer.step();
  expect(optimizer.state.get(p)!.step!.item()).toBe(2);
});

itRefuses([
  [
    'the CPU, which has no graphs',
    () => {
      CAPTURABLE_DEVICES.pop();
      try {
        const p = new torch.nn.Parameter(torch.ones([3]));
        p.grad = torch.ones([3]);
        new optim.Adam([p], { capturable: true }).step();
      } finally {
        CAPTURABLE_DEVICES.push('cpu');
      }
    },
    torch.AssertionError,
    "If capturable=True, params and state_steps must be on supported devices: ['cuda', 'xpu', 'hpu', 'privateuseone', 'xla'].",
  ],
]);
