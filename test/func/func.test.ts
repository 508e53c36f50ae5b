// torch.func against Python: results byte for byte, nested transformations, trees, and the words of errors.
import * as torch from 'isotorch';
import type { Tensor } from 'isotorch';
import { agree } from '../support/expressions';

const { func, nn } = torch;
const F = nn.functional;
const x = torch.linspace(-1, 1, 12).reshape([3, 4]);
const y = torch.linspace(0.5, 2, 12).reshape([3, 4]);
const w = torch.linspace(-2, 1, 8).reshape([2, 4]);
const b = torch.tensor([0.25, -0.5]);
const labels = torch.tensor([0n, 1n, 1n]);
const scalar = torch.tensor(0.3);

const setup = `
from torch import func
import torch.nn.functional as F
x = torch.linspace(-1, 1, 12).reshape(3, 4)
y = torch.linspace(0.5, 2, 12).reshape(3, 4)
w = torch.linspace(-2, 1, 8).reshape(2, 4)
b = torch.tensor([0.25, -0.5])
labels = torch.tensor([0, 1, 1])
scalar = torch.tensor(0.3)
def loss(w, b, row, label): return F.cross_entropy(F.linear(row, w, b), label)
def seeded(make):
  torch.manual_seed(7)
  return make()
def net():
  torch.manual_seed(3)
  return torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
def ensemble():
  models = [net(), net()]
  with torch.no_grad(): models[1][0].weight.mul_(2)
  params, buffers = func.stack_module_state(models)
  return func.vmap(lambda p, row: func.functional_call(models[0], (p, buffers), row), (0, None))(params, x)`;

const cosine = func.grad((a: Tensor) => a.sin());
const loss = (w: Tensor, b: Tensor, row: Tensor, label: Tensor) => F.cross_entropy(F.linear(row, w, b), label);

function seeded<T>(make: () => T): T {
  torch.manual_seed(7);
  return make();
}

function net() {
  torch.manual_seed(3);
  return new nn.Sequential(new nn.Linear(4, 3), new nn.Tanh(), new nn.Linear(3, 1));
}

function ensemble(): Tensor {
  const models = [net(), net()] as const;
  torch.no_grad(() => (models[1].get(0) as InstanceType<typeof nn.Linear>).weight.mul_(2));
  const [params, buffers] = func.stack_module_state(models);
  const call = (p: typeof params, row: Tensor) => func.functional_call(models[0], [p, buffers], row);
  return func.vmap(call, [0, null])(params, x);
}

agree('vmap', setup, [
  ['func.vmap(torch.dot)(x, y)', () => func.vmap((p: Tensor, q: Tensor) => torch.dot(p, q))(x, y)],
  ['func.vmap(lambda a: a.cumsum(0), 1)(x)', () => func.vmap((a: Tensor) => a.cumsum(0), 1)(x)],
  ['func.vmap(lambda a: a * 2, -1, 1)(x)', () => func.vmap((a: Tensor) => a.mul(2), -1, 1)(x)],
  [
    'func.vmap(lambda a, c: a * c, (0, None))(x, y[0])',
    () => func.vmap((a: Tensor, c: Tensor) => a.mul(c), [0, null])(x, y[0]!),
  ],
  [
    "func.vmap(lambda d: (d['a'].sum(), [d['c'][0] + d['c'][1]]), ({'a': 1, 'c': (0, None)},))({'a': x, 'c': (y.T, b[0])})",
    () =>
      func.vmap(
        (d: { a: Tensor; c: [Tensor, Tensor] }) => [d.a.sum(), [d.c[0].add(d.c[1])]] as const,
        [{ a: 1, c: [0, null] }],
      )({ a: x, c: [y.T, b[0]!] }),
  ],
  [
    'func.vmap(func.vmap(lambda a, c: a * c), (0, 0))(x, y)',
    () =>
      func.vmap(
        func.vmap((a: Tensor, c: Tensor) => a.mul(c)),
        [0, 0],
      )(x, y),
  ],
  ['func.vmap(lambda a: a.sum(), chunk_size=2)(x)', () => func.vmap((a: Tensor) => a.sum(), { chunk_size: 2 })(x)],
  [
    "seeded(lambda: func.vmap(lambda a: a + torch.rand(2), randomness='different')(x[0]))",
    () => seeded(() => func.vmap((a: Tensor) => a.add(torch.rand(2)), { randomness: 'different' })(x[0]!)),
  ],
  [
    "seeded(lambda: func.vmap(lambda a: a + torch.rand([]), randomness='same')(x[0]))",
    () => seeded(() => func.vmap((a: Tensor) => a.add(torch.rand([])), { randomness: 'same' })(x[0]!)),
  ],
  ['func.vmap(lambda a: a + torch.rand([]))(x[0])', () => func.vmap((a: Tensor) => a.add(torch.rand([])))(x[0]!)],
  [
    'func.vmap(lambda a: torch.tensor(a.item()))(x[0])',
    () => func.vmap((a: Tensor) => torch.tensor(a.item<number>()))(x[0]!),
  ],
  [
    'func.vmap(torch.add)(x, y.T)',
    () =>
      func.vmap(function add(p: Tensor, q: Tensor) {
        return p.add(q);
      })(x, y.T),
  ],
  [
    "func.vmap(torch.sin, randomness='often')",
    () => func.vmap((a: Tensor) => a.sin(), { randomness: 'often' as 'same' }) as never,
  ],
  ['func.vmap(torch.sin, chunk_size=0)', () => func.vmap((a: Tensor) => a.sin(), { chunk_size: 0 }) as never],
]);

agree('gradients', setup, [
  ['func.grad(lambda a: a.sin().sum())(x)', () => func.grad((a: Tensor) => a.sin().sum())(x)],
  ['func.grad(func.grad(lambda a: a.sin()))(scalar)', () => func.grad(cosine)(scalar)],
  ['func.grad(loss, (0, 1))(w, b, x[0], labels[0])', () => func.grad(loss, [0, 1])(w, b, x[0]!, labels[0]!)],
  [
    'func.vmap(func.grad(loss, (0, 1)), (None, None, 0, 0))(w, b, x, labels)',
    () => func.vmap(func.grad(loss, [0, 1]), [null, null, 0, 0])(w, b, x, labels),
  ],
  [
    "func.grad(lambda p: (p['w'] * p['b'][0]).sum())({'w': x, 'b': [y]})",
    () => func.grad((p: { w: Tensor; b: Tensor[] }) => p.w.mul(p.b[0]!).sum())({ w: x, b: [y] }),
  ],
  [
    'func.grad_and_value(lambda a: (a.square().sum(), a * 2), has_aux=True)(x)',
    () => func.grad_and_value((a: Tensor): [Tensor, Tensor] => [a.square().sum(), a.mul(2)], { has_aux: true })(x),
  ],
  ['func.grad(lambda a: a.sin())(x)', () => func.grad((a: Tensor) => a.sin())(x)],
  ['func.grad(lambda a: [1])(x)', () => func.grad((_: Tensor) => [1] as unknown as Tensor)(x)],
  ['func.grad(lambda a: a.sum(), 1)(x)', () => func.grad((a: Tensor) => a.sum(), 1 as 0)(x)],
  [
    'torch.no_grad()(func.grad(lambda a: a.square().sum()))(x)',
    () => torch.no_grad(() => func.grad((a: Tensor) => a.square().sum())(x)),
  ],
  ['func.vjp(torch.sin, x)[1](y)', () => func.vjp((a: Tensor) => a.sin(), x)[1](y)],
  [
    "func.vjp(lambda a, c: {'sum': a + c, 'product': a * c}, x, y)[1]({'sum': y, 'product': x})",
    () => func.vjp((a: Tensor, c: Tensor) => ({ sum: a.add(c), product: a.mul(c) }), x, y)[1]({ sum: y, product: x }),
  ],
  ['func.vjp(lambda a: a > 0, x)', () => func.vjp((a: Tensor) => a.gt(0), x) as never],
  ['func.jvp(torch.tanh, (x,), (y,))', () => func.jvp((a: Tensor) => a.tanh(), [x], [y])],
  [
    'func.jvp(lambda a, c: (a * c, c), (x, y), (y, x))',
    () => func.jvp((a: Tensor, c: Tensor) => [a.mul(c), c], [x, y], [y, x]),
  ],
  [
    'func.jvp(func.grad(lambda a: a.pow(3).sum()), (x,), (y,))',
    () =>
      func.jvp(
        func.grad((a: Tensor) => a.pow(3).sum()),
        [x],
        [y],
      ),
  ],
  ['func.linearize(torch.tanh, x)[1](y)', () => func.linearize((a: Tensor) => a.tanh(), x)[1](y)],
]);

agree('Jacobians', setup, [
  ['func.jacrev(lambda a: a.pow(2))(x[0])', () => func.jacrev((a: Tensor) => a.pow(2))(x[0]!)],
  [
    'func.jacrev(lambda a: a.pow(2), chunk_size=1)(x[0])',
    () => func.jacrev((a: Tensor) => a.pow(2), { chunk_size: 1 })(x[0]!),
  ],
  [
    'func.jacrev(lambda a: a.pow(2), chunk_size=3)(x[0])',
    () => func.jacrev((a: Tensor) => a.pow(2), { chunk_size: 3 })(x[0]!),
  ],
  [
    'func.jacrev(lambda a, c: (a * c, c.sum()), (0, 1))(x[0], y[0])',
    () => func.jacrev((a: Tensor, c: Tensor) => [a.mul(c), c.sum()], [0, 1])(x[0]!, y[0]!) as never,
  ],
  ['func.jacfwd(lambda a: a.sin())(x[0])', () => func.jacfwd((a: Tensor) => a.sin())(x[0]!)],
  [
    'func.jacfwd(lambda a, c: (a * c, c.sum()), (1, 0))(x[0], y[0])',
    () => func.jacfwd((a: Tensor, c: Tensor) => [a.mul(c), c.sum()], [1, 0])(x[0]!, y[0]!) as never,
  ],
  ['func.hessian(lambda a: a.pow(3).sum())(x[0])', () => func.hessian((a: Tensor) => a.pow(3).sum())(x[0]!)],
  [
    'func.hessian(lambda a, c: (a * c).tanh().sum(), (0, 1))(x[0], y[0])',
    () => func.hessian((a: Tensor, c: Tensor) => a.mul(c).tanh().sum(), [0, 1])(x[0]!, y[0]!),
  ],
  [
    'func.jacrev(torch.sin)(torch.ones(2, dtype=torch.cfloat))',
    () => func.jacrev((a: Tensor) => a.sin())(torch.ones([2], { dtype: torch.complex64 })),
  ],
]);

agree('functions and modules', setup, [
  [
    'func.functionalize(lambda a: a.clone().add_(1).view(2, 2))(x[0])',
    () => func.functionalize((a: Tensor) => a.clone().add_(1).view(2, 2))(x[0]!),
  ],
  [
    "func.functionalize(lambda a: a.add_(1).view(2, 2), remove='mutations_and_views')(x[0].clone())",
    () => func.functionalize((a: Tensor) => a.add_(1).view(2, 2), { remove: 'mutations_and_views' })(x[0]!.clone()),
  ],
  ['func.vmap(torch.sin, in_dims=None)(x)', () => func.vmap(torch.sin as (a: Tensor) => Tensor, { in_dims: null })(x)],
  [
    "func.functionalize(torch.sin, remove='all')",
    () => func.functionalize((a: Tensor) => a.sin(), { remove: 'all' as 'mutations' }) as never,
  ],
  [
    'func.functional_call(net(), dict(net().named_parameters()), x)',
    () => func.functional_call(net(), Object.fromEntries(net().named_parameters()), x),
  ],
  [
    'func.functional_call(net(), ({"0.bias": torch.ones(3)}, {"2.bias": torch.ones(1)}), (x,))',
    () => func.functional_call(net(), [{ '0.bias': torch.ones(3) }, { '2.bias': torch.ones(1) }], [x]),
  ],
  [
    'func.functional_call(net(), ({"0.bias": torch.ones(3)}, {"0.bias": torch.ones(3)}), x)',
    () => func.functional_call(net(), [{ '0.bias': torch.ones(3) }, { '0.bias': torch.ones(3) }], x),
  ],
  ['ensemble()', ensemble],
  [
    '(lambda m: [repr(func.replace_all_batch_norm_modules_(m)), list(m.state_dict())])(torch.nn.Sequential(torch.nn.BatchNorm1d(2)))',
    () => {
      const norms = new nn.Sequential(new nn.BatchNorm1d(2));
      return [String(func.replace_all_batch_norm_modules_(norms)), Object.keys(norms.state_dict())];
    },
  ],
  ['func.stack_module_state([])', () => func.stack_module_state([])],
  ['func.stack_module_state([net(), net().eval()])', () => func.stack_module_state([net(), net().eval()])],
]);
