// A program may have packages that add names to `Object.prototype`: nobody gave them as arguments.
import { afterEach, describe, expect, test } from 'vitest';
import * as torch from 'isotorch';
import { make_grid } from 'isotorch/io';
import { math } from 'isotorch/python';

const { nn, optim } = torch;

/** Parameters of the calls below, and a name that nothing has. */
const names = (
  'dtype device size out dim keepdim axis lr params requires_grad layout pin_memory memory_format generator weight bias ' +
  'betas eps momentum foreach fused stride padding reduction inplace affine strict prefix recurse prepend copy alpha beta ' +
  'start step end enabled type external batch_size shuffle set_to_none indexing nrow rel_tol device_type polluted'
).split(' ');
const prototype = Object.prototype as Record<string, unknown>;

function pollute(): void {
  for (const name of names) prototype[name] = 'x';
}

function clean(): void {
  for (const name of names) delete prototype[name];
}

afterEach(clean);

const fresh = (): torch.Tensor => torch.arange(6, { dtype: torch.float32 }).reshape(2, 3);

/** One call a row; each gives something to compare. */
const calls: Readonly<Record<string, () => unknown>> = {
  empty: () => torch.empty(2, { layout: torch.strided }).shape,
  ones: () => torch.ones(2, 2).sum(1, { keepdim: true }).tolist(),
  'sum by axis': () =>
    fresh()
      .sum({ axis: 1 } as never)
      .tolist(),
  'max of dim': () => fresh().max(1).indices.tolist(),
  'add with alpha': () => fresh().add(fresh(), { alpha: 3 }).tolist(),
  out: () => torch.add(fresh(), 1, { out: torch.empty(2, 3) }).tolist(),
  tensor: () => String(torch.tensor([1, 2], { requires_grad: true })),
  'tensor, plain': () => String(torch.tensor([1n, 2n])),
  as_tensor: () => String(torch.as_tensor([1.5], { dtype: torch.float64 })),
  frombuffer: () => String(torch.frombuffer(new Uint8Array([1, 2]), { dtype: torch.uint8 })),
  full: () => String(torch.full([2], 1)),
  to: () => String(fresh().to(torch.float64)),
  'to by keyword': () => String(fresh().to({ dtype: torch.int64 } as never)),
  'complex number': () => String(fresh().mul({ re: 1, im: 2 })),
  Generator: () => new torch.Generator({ device: 'cpu' }).manual_seed(3).initial_seed(),
  'Generator, plain': () => torch.rand(2, { generator: new torch.Generator().manual_seed(1) }).tolist(),
  meshgrid: () => torch.meshgrid(torch.arange(2), torch.arange(2), { indexing: 'ij' }).map(String),
  chain_matmul: () => torch.chain_matmul(torch.ones(1, 2), torch.ones(2, 1)).tolist(),
  'torch.ops': () => String(torch.ops.aten.sum!(torch.ones(2), { dtype: torch.float64 })),
  Linear: () => new nn.Linear(2, 2, { bias: false })(torch.zeros(1, 2)).shape,
  BatchNorm2d: () => new nn.BatchNorm2d(2)(torch.zeros(1, 2, 2, 2)).shape,
  state_dict: () => Object.keys(new nn.Linear(2, 2).state_dict()),
  load_state_dict: () => {
    const net = new nn.Linear(2, 2);
    return net.load_state_dict(net.state_dict()).missing_keys;
  },
  'F.mse_loss': () => nn.functional.mse_loss(fresh(), torch.zeros(2, 3), { reduction: 'sum' }).item(),
  SGD: () => {
    const weight = new nn.Parameter(torch.ones(1));
    weight.grad = torch.ones(1);
    const optimizer = new optim.SGD([weight], { lr: 0.5 });
    optimizer.step();
    optimizer.zero_grad();
    return [weight.item(), optimizer.param_groups[0]?.momentum];
  },
  RMSprop: () => new optim.RMSprop([new nn.Parameter(torch.ones(1))], { lr: 1 }).param_groups[0]?.alpha,
  Adam: () => new optim.Adam([{ params: [new nn.Parameter(torch.ones(1))] }], { lr: 1 }).param_groups[0]?.betas,
  'autograd.grad': () => {
    const x = torch.ones(1, { requires_grad: true });
    return torch.autograd.grad(x.mul(2), [x])[0]?.item();
  },
  autocast: () => torch.autocast('cpu', { dtype: torch.bfloat16 }, () => String(fresh().matmul(fresh().t()).dtype)),
  DataLoader: () => [...new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(fresh()))].length,
  make_tensor: () => torch.testing.make_tensor([2], { dtype: torch.float32, device: 'cpu' }).shape,
  make_grid: () => make_grid(torch.ones(2, 1, 2, 2)).shape,
  'math.isclose': () => [math.isclose(1, 1.1), math.isclose(1, 1.1, { rel_tol: 0.5 })],
  'math.prod': () => math.prod([2, 3]),
};

describe('Object.prototype has names of parameters', () => {
  for (const [name, call] of Object.entries(calls)) {
    // The first call of a function reads its signatures; what that makes of them stays.
    test(`${name}, from the first call on`, () => {
      torch.manual_seed(0);
      pollute();
      let polluted: unknown;
      try {
        polluted = call();
      } finally {
        clean();
      }
      torch.manual_seed(0);
      expect(polluted).toEqual(call());
    });
  }
});
