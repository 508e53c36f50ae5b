// Gradients of gradients: the R1 and the gradient penalty, on networks with and without BatchNorm.
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import type { Value } from '../support/bits';
import { type ParityCase, parity } from '../support/parity';
import { grads_of, state_of } from '../support/probes';

const { nn } = torch;
type Net = InstanceType<typeof nn.Sequential>;

interface Critic {
  name: string;
  python: string;
  ours: () => Net;
  shape: number[];
}

const critics: Critic[] = [
  {
    name: 'MLP',
    python: 'nn.Sequential(nn.Linear(12, 16), nn.LeakyReLU(0.2), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))',
    ours: () =>
      new nn.Sequential(
        new nn.Linear(12, 16),
        new nn.LeakyReLU(0.2),
        new nn.Linear(16, 16),
        new nn.Tanh(),
        new nn.Linear(16, 1),
      ),
    shape: [6, 12],
  },
  {
    name: 'MLP with BatchNorm',
    python: 'nn.Sequential(nn.Linear(12, 16), nn.BatchNorm1d(16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Sigmoid())',
    ours: () =>
      new nn.Sequential(
        new nn.Linear(12, 16),
        new nn.BatchNorm1d(16),
        new nn.LeakyReLU(0.2),
        new nn.Linear(16, 1),
        new nn.Sigmoid(),
      ),
    shape: [6, 12],
  },
  {
    name: 'convolutions with BatchNorm',
    python: `nn.Sequential(
        nn.Conv2d(3, 8, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(8, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(64, 1))`,
    ours: () =>
      new nn.Sequential(
        new nn.Conv2d(3, 8, 4, 2, 1),
        new nn.LeakyReLU(0.2),
        new nn.Conv2d(8, 16, 4, 2, 1, { bias: false }),
        new nn.BatchNorm2d(16),
        new nn.LeakyReLU(0.2),
        new nn.Flatten(),
        new nn.Linear(64, 1),
      ),
    shape: [4, 3, 8, 8],
  },
  {
    name: 'transposed convolution',
    python: 'nn.Sequential(nn.ConvTranspose2d(2, 4, 4, 2, 1), nn.Tanh(), nn.Flatten(), nn.Linear(256, 1))',
    ours: () =>
      new nn.Sequential(new nn.ConvTranspose2d(2, 4, 4, 2, 1), new nn.Tanh(), new nn.Flatten(), new nn.Linear(256, 1)),
    shape: [4, 2, 4, 4],
  },
];

/** Five Adam steps on a penalised loss, then everything. */
function train(critic: Critic, penalty: (net: Net, x: Tensor) => Tensor): Value {
  const net = critic.ours();
  const optimizer = new torch.optim.Adam(net.parameters(), { lr: 0.01, betas: [0, 0.99] });
  const losses: Tensor[] = [];
  for (let step = 0; step < 5; step++) {
    const x = torch.randn(critic.shape);
    optimizer.zero_grad();
    const loss = nn.functional
      .softplus((net(x) as Tensor).neg())
      .mean()
      .add(penalty(net, x));
    loss.backward();
    optimizer.step();
    losses.push(loss);
  }
  return { losses, grads: grads_of(net), state: state_of(net) };
}

const trainInPython = (critic: Critic, penalty: string) => `
    def penalty(net, x):
${penalty
  .trim()
  .split('\n')
  .map((line) => `        ${line.trim()}`)
  .join('\n')}
    net = ${critic.python}
    optimizer = optim.Adam(net.parameters(), lr=0.01, betas=(0.0, 0.99))
    losses = []
    for step in range(5):
        x = torch.randn(${critic.shape.join(', ')})
        optimizer.zero_grad()
        loss = F.softplus(-net(x)).mean() + penalty(net, x)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return {"losses": losses, "grads": grads_of(net), "state": dict(net.state_dict())}`;

const cases: ParityCase[] = critics.flatMap((critic) => [
  {
    // R1, document 3: half of gamma times the squared gradient norm on real samples.
    name: `R1 penalty, ${critic.name}`,
    python: trainInPython(
      critic,
      `
      x = x.detach().requires_grad_()
      (g,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
      return g.square().flatten(1).sum(1).mean() * 5.0`,
    ),
    ours: () =>
      train(critic, (net, x) => {
        const real = x.detach().requires_grad_();
        const [g] = torch.autograd.grad((net(real) as Tensor).sum(), real, { create_graph: true });
        return g!.square().flatten(1).sum(1).mean().mul(5);
      }),
  },
  {
    // WGAN-GP: between real and fake samples, distance of the norm from 1.
    name: `gradient penalty between real and fake, ${critic.name}`,
    python: trainInPython(
      critic,
      `
      fake = torch.randn_like(x)
      u = torch.rand(x.shape[0], *([1] * (x.dim() - 1)))
      mixed = (x + (fake - x) * u).requires_grad_()
      y = net(mixed)
      (g,) = torch.autograd.grad(y, mixed, torch.ones_like(y), create_graph=True)
      return (g.flatten(1).norm(2, dim=1) - 1.0).square().mean() * 10.0`,
    ),
    ours: () =>
      train(critic, (net, x) => {
        const fake = torch.randn_like(x);
        const u = torch.rand([x.size(0), ...x.shape.slice(1).map(() => 1)]);
        const mixed = x.add(fake.sub(x).mul(u)).requires_grad_();
        const y = net(mixed) as Tensor;
        const grad_outputs = torch.ones_like(y);
        const [g] = torch.autograd.grad(y, mixed, { grad_outputs, create_graph: true });
        return g!.flatten(1).norm(2, 1).sub(1).square().mean().mul(10);
      }),
  },
]);

const direct: ParityCase[] = [
  {
    name: 'third derivative of a polynomial and of tanh',
    python: `
      x = torch.randn(5, dtype=torch.float64, requires_grad=True)
      out = {}
      for name, y in {"cube": (x * x * x * x).sum(), "tanh": x.tanh().sum()}.items():
          for order in range(3):
              (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
              out[f"{name}{order}"] = y
      return out`,
    ours: () => {
      const x = torch.randn([5], { dtype: torch.float64, requires_grad: true });
      const out: Record<string, Tensor> = {};
      const functions = { cube: x.mul(x).mul(x).mul(x).sum(), tanh: x.tanh().sum() };
      for (const [name, value] of Object.entries(functions)) {
        let y: Tensor = value;
        for (let order = 0; order < 3; order++) {
          y = torch.autograd.grad(y.sum(), x, { create_graph: true })[0]!;
          out[`${name}${order}`] = y;
        }
      }
      return out;
    },
  },
  {
    name: 'backward with create_graph accumulates a differentiable gradient',
    python: `
      x = torch.randn(4, requires_grad=True)
      y = (x.exp() * x).sum()
      y.backward(create_graph=True)
      first = x.grad.detach().clone()
      g = x.grad
      x.grad = None
      g.square().sum().backward()
      return {"first": first, "second": x.grad}`,
    ours: () => {
      const x = torch.randn([4], { requires_grad: true });
      x.exp().mul(x).sum().backward({ create_graph: true });
      const g = x.grad!;
      const first = g.detach().clone();
      x.grad = null;
      g.square().sum().backward();
      return { first, second: x.grad };
    },
  },
];

parity('double backward', [...cases, ...direct]);
