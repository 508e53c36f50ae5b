// Twenty steps of every optimizer: losses, parameters, gradients, buffers and the whole state dict.
import * as torch from 'isotorch';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';
import { type OptimizerProbe, type ProbeNet, probe_optimizer } from '../support/probes';

const { optim } = torch;

type Options = Record<string, number | boolean | readonly number[] | torch.Tensor | null>;

/** `{ lr: 0.1, betas: [0.5, 0.9], fused: true }` as Python's keyword arguments. */
function keywords(options: Options): string {
  const literal = (value: Options[string]): string => {
    if (value === null) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    // Python refuses betas that are ints.
    if (Array.isArray(value)) return `(${value.map((v) => (Number.isInteger(v) ? `${v}.0` : v)).join(', ')})`;
    return String(value);
  };
  return Object.entries(options)
    .map(([name, value]) => `, ${name}=${literal(value)}`)
    .join('');
}

const implementations: Options[] = [{}, { foreach: true }, { fused: true }];
/** Optimizers with a fused kernel. */
const withFused = ['SGD', 'Adam', 'AdamW'];
const implementationsOf = (name: string) => implementations.filter((o) => !o.fused || withFused.includes(name));

/** Every option that changes numbers, alone and together. */
const sgd: Options[] = [
  {},
  { lr: 0.1 },
  { lr: 0.05, momentum: 0.9 },
  { lr: 0.05, momentum: 0.9, dampening: 0.3 },
  { lr: 0.05, momentum: 0.9, nesterov: true },
  { lr: 0.05, weight_decay: 0.1 },
  { lr: 0.05, maximize: true },
  { lr: 0.05, momentum: 0.8, dampening: 0.1, weight_decay: 0.01, maximize: true },
  { lr: 0.05, momentum: 0.8, weight_decay: 0.01, nesterov: true },
];

const adam: Options[] = [
  {},
  { lr: 2e-4, betas: [0.5, 0.999] },
  { lr: 0.01, betas: [0, 0.99] },
  { lr: 0.01, eps: 1e-3 },
  { lr: 0.01, weight_decay: 0.1 },
  { lr: 0.01, amsgrad: true },
  { lr: 0.01, maximize: true },
  { lr: 0.01, betas: [0.8, 0.95], eps: 1e-6, weight_decay: 0.03, amsgrad: true, maximize: true },
];

const rmsprop: Options[] = [
  {},
  { lr: 0.05, alpha: 0.9 },
  { eps: 1e-3 },
  { weight_decay: 0.1 },
  { momentum: 0.9 },
  { centered: true },
  { maximize: true },
  { alpha: 0.9, eps: 1e-6, weight_decay: 0.03, momentum: 0.5, centered: true, maximize: true },
];

const makers = {
  SGD: (net: ProbeNet, o: Options) => new optim.SGD(net.net.parameters(), o),
  Adam: (net: ProbeNet, o: Options) => new optim.Adam(net.net.parameters(), o),
  AdamW: (net: ProbeNet, o: Options) => new optim.AdamW(net.net.parameters(), o),
  RMSprop: (net: ProbeNet, o: Options) => new optim.RMSprop(net.net.parameters(), o),
};

const rows: [name: keyof typeof makers, options: Options[]][] = [
  ['SGD', sgd],
  ['Adam', [...adam, { lr: 0.01, weight_decay: 0.1, decoupled_weight_decay: true }]],
  ['AdamW', adam],
  ['RMSprop', rmsprop],
];

const table: ParityCase[] = rows.flatMap(([name, options]) =>
  options.flatMap((given) =>
    implementationsOf(name).map((implementation) => {
      const all = { ...given, ...implementation };
      return {
        name: `${name}(params${keywords(all)})`,
        python: `return probe_optimizer(lambda net: optim.${name}(net.parameters()${keywords(all)}))`,
        ours: () => probe_optimizer((net) => makers[name](net, all)),
      };
    }),
  ),
);

/** The same probe with something done to it, in both languages. */
const variants: { name: string; python: string; ours: OptimizerProbe; pythonBefore?: string }[] = [
  { name: 'float64', python: 'dtype=torch.float64', ours: { dtype: torch.float64 } },
  { name: 'zero_grad(set_to_none=False)', python: 'set_to_none=False', ours: { set_to_none: false } },
  {
    name: 'a learning rate that changes every step',
    python: "between=lambda opt, step: opt.param_groups[0].__setitem__('lr', 0.01 / (step + 1))",
    ours: {
      between: (optimizer, step) => {
        optimizer.param_groups[0]!.lr = 0.01 / (step + 1);
      },
    },
  },
  {
    name: 'load_state_dict of its own state_dict at step 10',
    python: 'between=lambda opt, step: opt.load_state_dict(opt.state_dict()) if step == 10 else None',
    ours: {
      between: (optimizer, step) => {
        if (step === 10) optimizer.load_state_dict(optimizer.state_dict());
      },
    },
  },
];

const varied: ParityCase[] = (Object.keys(makers) as (keyof typeof makers)[]).flatMap((name) =>
  implementationsOf(name).flatMap((implementation) =>
    variants.map((variant) => {
      const all: Options = { lr: 0.01, ...(name === 'SGD' ? { momentum: 0.9 } : {}), ...implementation };
      return {
        name: `${name}(params${keywords(all)}) with ${variant.name}`,
        python: `return probe_optimizer(lambda net: optim.${name}(net.parameters()${keywords(all)}), ${variant.python})`,
        ours: () => probe_optimizer((net) => makers[name](net, all), variant.ours),
      };
    }),
  ),
);

const groups: ParityCase[] = [
  {
    name: 'Adam with two groups of their own options',
    python: `
      return probe_optimizer(lambda net: optim.Adam([
          {"params": net[0].parameters(), "lr": 1e-3, "betas": (0.5, 0.9), "weight_decay": 0.1},
          {"params": net[3].parameters()},
      ], lr=1e-2))
    `,
    ours: () =>
      probe_optimizer(
        ({ first, last }) =>
          new optim.Adam(
            [
              { params: first.parameters(), lr: 1e-3, betas: [0.5, 0.9], weight_decay: 0.1 },
              { params: last.parameters() },
            ],
            { lr: 1e-2 },
          ),
      ),
  },
  {
    name: 'SGD with two groups of their own options',
    python: `
      return probe_optimizer(lambda net: optim.SGD([
          {"params": net[0].parameters(), "lr": 1e-3, "momentum": 0.9, "nesterov": True},
          {"params": net[3].parameters()},
      ], lr=1e-2))
    `,
    ours: () =>
      probe_optimizer(
        ({ first, last }) =>
          new optim.SGD(
            [{ params: first.parameters(), lr: 1e-3, momentum: 0.9, nesterov: true }, { params: last.parameters() }],
            { lr: 1e-2 },
          ),
      ),
  },
  {
    name: 'AdamW with add_param_group',
    python: `
      def make(net):
          optimizer = optim.AdamW(net[0].parameters(), lr=1e-2)
          optimizer.add_param_group({"params": net[3].parameters(), "lr": 1e-3})
          return optimizer
      return probe_optimizer(make)
    `,
    ours: () =>
      probe_optimizer(({ first, last }) => {
        const optimizer = new optim.AdamW(first.parameters(), { lr: 1e-2 });
        optimizer.add_param_group({ params: last.parameters(), lr: 1e-3 });
        return optimizer;
      }),
  },
];

/** What Python takes for a learning rate besides a number. */
const rates: ParityCase[] = (Object.keys(makers) as (keyof typeof makers)[]).flatMap((name) =>
  ['0.01', '[0.01]'].map((rate) => ({
    name: `${name}(params, lr=torch.tensor(${rate}))`,
    python: `return probe_optimizer(lambda net: optim.${name}(net.parameters(), lr=torch.tensor(${rate}), weight_decay=0.1)
        ).pop("net")`,
    ours: () =>
      (
        probe_optimizer((net) => {
          const lr = torch.tensor(rate === '0.01' ? 0.01 : [0.01]);
          return makers[name](net, { lr, weight_decay: 0.1 });
        }) as { net: Value }
      ).net,
  })),
);

parity('optimizers over 20 steps', [...table, ...varied, ...groups, ...rates]);
