// Averages of weights against Python: every averaging function, buffers averaged or copied, several dtypes; update_bn.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { type ParityCase, parity } from '../support/parity';

const { nn, optim } = torch;
const { AveragedModel, get_ema_avg_fn, get_ema_multi_avg_fn, get_swa_avg_fn, get_swa_multi_avg_fn, update_bn } =
  optim.swa_utils;

const SETUP = `
from torch.optim.swa_utils import (
    AveragedModel, get_ema_avg_fn, get_ema_multi_avg_fn, get_swa_avg_fn, get_swa_multi_avg_fn, update_bn)
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2, dtype=torch.float64))
net.register_buffer('counts', torch.tensor([1, 5]))
`;

function makeNet() {
  const net = new nn.Sequential(
    new nn.Linear(3, 4),
    new nn.BatchNorm1d(4),
    new nn.Linear(4, 2, { dtype: torch.float64 }),
  );
  net.register_buffer('counts', torch.tensor([1n, 5n]));
  return net;
}

const average = (python: string, ours: (net: torch.nn.Module) => InstanceType<typeof AveragedModel>): ParityCase => ({
  name: python,
  python: `${SETUP}
averaged = ${python}
for i in range(4):
    with torch.no_grad():
        for p in net.parameters(): p.add_(torch.randn(p.shape, dtype=p.dtype))
        net[1].running_mean.add_(i)
    averaged.update_parameters(net)
return dict(averaged.state_dict())`,
  ours: () => {
    const net = makeNet();
    const averaged = ours(net);
    for (let i = 0; i < 4; i++) {
      torch.no_grad(() => {
        for (const p of net.parameters()) p.add_(torch.randn(p.shape, { dtype: p.dtype }));
        (net.get_buffer('1.running_mean') as torch.Tensor).add_(i);
      });
      averaged.update_parameters(net);
    }
    return { ...averaged.state_dict() };
  },
});

parity('averaged models', [
  average('AveragedModel(net)', (net) => new AveragedModel(net)),
  average('AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.9))', (net) => {
    return new AveragedModel(net, { multi_avg_fn: get_ema_multi_avg_fn(0.9) });
  }),
  average('AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(), use_buffers=True)', (net) => {
    return new AveragedModel(net, { multi_avg_fn: get_ema_multi_avg_fn(), use_buffers: true });
  }),
  average('AveragedModel(net, multi_avg_fn=get_swa_multi_avg_fn())', (net) => {
    return new AveragedModel(net, { multi_avg_fn: get_swa_multi_avg_fn() });
  }),
  average('AveragedModel(net, avg_fn=get_ema_avg_fn(0.97))', (net) => {
    return new AveragedModel(net, { avg_fn: get_ema_avg_fn(0.97) });
  }),
  average('AveragedModel(net, avg_fn=get_swa_avg_fn(), use_buffers=True)', (net) => {
    return new AveragedModel(net, { avg_fn: get_swa_avg_fn(), use_buffers: true });
  }),
  average('AveragedModel(net, avg_fn=lambda a, b, n: 0.1 * b + 0.9 * a)', (net) => {
    return new AveragedModel(net, { avg_fn: (a, b) => b.mul(0.1).add(a.mul(0.9)) });
  }),
  {
    name: 'the average is a module like the model',
    python: `${SETUP.replace(', dtype=torch.float64', '')}
x = torch.randn(5, 3)
averaged = AveragedModel(net)
return [averaged(x), list(averaged.state_dict()), averaged.n_averaged]`,
    ours: () => {
      const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 2));
      net.register_buffer('counts', torch.tensor([1n, 5n]));
      const x = torch.randn([5, 3]);
      const averaged = new AveragedModel(net);
      return [averaged(x) as torch.Tensor, Object.keys(averaged.state_dict()), averaged.n_averaged];
    },
  },
  {
    name: 'update_bn',
    python: `${SETUP.replace(', dtype=torch.float64', '')}
net.eval()
batches = [torch.randn(n, 3) * 3 for n in (4, 7, 2)]
update_bn(batches, net)
first = [t.clone() for t in net.buffers()]
update_bn([(b, 1) for b in batches[:2]], net)
return [first, list(net.buffers()), net[1].momentum, net.training]`,
    ours: () => {
      const net = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 2));
      net.register_buffer('counts', torch.tensor([1n, 5n]));
      net.eval();
      const batches = [4, 7, 2].map((n) => torch.randn([n, 3]).mul(3));
      update_bn(batches, net);
      const first = net.buffers().map((buffer) => buffer.clone());
      update_bn(
        batches.slice(0, 2).map((batch) => [batch, 1]),
        net,
      );
      return [first, [...net.buffers()], (net[1] as torch.nn.BatchNorm1d).momentum, net.training];
    },
  },
]);

it('update_bn waits for batches that come later', async () => {
  const [now, later] = [0, 1].map(() => new nn.BatchNorm1d(3));
  const batches = [4, 7].map((n) => torch.randn([n, 3]));
  update_bn(batches, now!);
  async function* loader() {
    yield* batches;
  }
  const result = update_bn(loader(), later!);
  expect(later!.momentum).toBeNull();
  await result;
  expect(later!.momentum).toBe(0.1);
  expect(torch.equal(later!.running_var!, now!.running_var!)).toBe(true);
});

it('refuses decays beyond [0, 1] and two functions', () => {
  for (const make of [get_ema_avg_fn, get_ema_multi_avg_fn]) {
    expect(() => make(1.5)).toThrow('Invalid decay value 1.5 provided. Please provide a value in [0,1] range.');
    expect(() => make({ decay: -0.1 })).toThrow('Invalid decay value -0.1 provided.');
  }
  const both = { avg_fn: get_swa_avg_fn(), multi_avg_fn: get_swa_multi_avg_fn() };
  expect(() => new AveragedModel(new nn.Linear(1, 1), both)).toThrow('Only one of avg_fn and multi_avg_fn');
});
