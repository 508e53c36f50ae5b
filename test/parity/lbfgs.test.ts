// LBFGS: its two line searches on a net and on Rosenbrock's valley, with state that goes on, and complex parameters.
import * as torch from 'isotorch';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';

const { nn, optim } = torch;

type Options = Record<string, number | string>;

const python = `
  def net_run(**options):
      net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 1))
      x, target = torch.randn(16, 4), torch.randn(16, 1)
      optimizer = optim.LBFGS(net.parameters(), **options)
      losses = []
      def closure():
          optimizer.zero_grad()
          loss = nn.functional.mse_loss(net(x), target)
          loss.backward()
          return loss
      for step in range(4):
          losses.append(optimizer.step(closure).detach())
      return {"losses": losses, "net": dict(net.state_dict()), "state": optimizer.state_dict()}

  def valley(dtype, **options):
      p = torch.tensor([-1.2, 1.0], dtype=dtype).requires_grad_()
      optimizer = optim.LBFGS([p], **options)
      losses = []
      def closure():
          optimizer.zero_grad()
          loss = ((1 - p[0]).abs() ** 2 + 100 * (p[1] - p[0] ** 2).abs() ** 2)
          loss.backward()
          return loss
      for step in range(5):
          losses.append(optimizer.step(closure).detach())
      return {"losses": losses, "p": p.detach(), "state": optimizer.state_dict()}
`;

type LBFGS = InstanceType<typeof optim.LBFGS>;
const saved = (optimizer: LBFGS) => optimizer.state_dict() as unknown as Value;

function netRun(options: object): Value {
  const net = new nn.Sequential(new nn.Linear(4, 6), new nn.Tanh(), new nn.Linear(6, 1));
  const [x, target] = [torch.randn(16, 4), torch.randn(16, 1)];
  const optimizer = new optim.LBFGS(net.parameters(), options);
  const losses: torch.Tensor[] = [];
  for (let step = 0; step < 4; step++) {
    const loss = optimizer.step(() => {
      optimizer.zero_grad();
      const loss = nn.functional.mse_loss(net(x), target);
      loss.backward();
      return loss;
    });
    losses.push(loss.detach());
  }
  return { losses, net: Object.fromEntries(Object.entries(net.state_dict())), state: saved(optimizer) };
}

function valley(dtype: torch.Dtype, options: object): Value {
  const p = torch.tensor([-1.2, 1], { dtype }).requires_grad_();
  const optimizer = new optim.LBFGS([p], options);
  const losses: torch.Tensor[] = [];
  for (let step = 0; step < 5; step++) {
    const loss = optimizer.step(() => {
      optimizer.zero_grad();
      const [x, y] = [p.select(0, 0), p.select(0, 1)];
      const loss = x
        .neg()
        .add(1)
        .abs()
        .pow(2)
        .add(y.sub(x.pow(2)).abs().pow(2).mul(100));
      loss.backward();
      return loss;
    });
    losses.push(loss.detach());
  }
  return { losses, p: p.detach(), state: saved(optimizer) };
}

const literal = (value: number | string) => (typeof value === 'string' ? `'${value}'` : String(value));
const keywords = (options: Options) =>
  Object.entries(options)
    .map(([name, value]) => `${name}=${literal(value)}`)
    .join(', ');

const all: Options[] = [
  {},
  { lr: 0.01 },
  { lr: 0.1, max_iter: 7, history_size: 3 },
  { tolerance_grad: 1e-2 },
  { line_search_fn: 'strong_wolfe' },
  { line_search_fn: 'strong_wolfe', max_iter: 30, history_size: 5, lr: 0.5 },
  { line_search_fn: 'strong_wolfe', max_eval: 4, tolerance_change: 1e-4 },
];

const cases: ParityCase[] = all.flatMap((options) => [
  {
    name: `a net with LBFGS(${keywords(options)})`,
    python: `${python}\n  return net_run(${keywords(options)})`,
    ours: () => netRun(options),
  },
  ...[torch.float32, torch.float64, torch.complex64].map((dtype) => ({
    name: `a valley of ${dtype} with LBFGS(${keywords(options)})`,
    python: `${python}\n  return valley(${[String(dtype), keywords(options)].filter(Boolean).join(', ')})`,
    ours: () => valley(dtype, options),
  })),
]);

cases.push({
  name: 'a rate that is a tensor',
  python: `${python}\n  return [net_run(lr=torch.tensor(0.5)), net_run(lr=torch.tensor(0.5), line_search_fn='strong_wolfe')]`,
  ours: () => [netRun({ lr: torch.tensor(0.5) }), netRun({ lr: torch.tensor(0.5), line_search_fn: 'strong_wolfe' })],
});

parity('LBFGS', cases);
