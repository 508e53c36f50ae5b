// Weights that are computed from others: norms of both kinds, parametrizations, masks; values, gradients, states and words.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../support/bits';
import { agree } from '../../support/expressions';

const { nn } = torch;
const { parametrizations, parametrize, prune } = nn.utils;
type Module = torch.nn.Module;
type Loose = Module & ((x: torch.Tensor) => torch.Tensor);

const setup = `
from torch.nn import utils
from torch.nn.utils import parametrizations, parametrize, prune
import copy
def linear():
  torch.manual_seed(0)
  return nn.Linear(3, 4)
def conv(kind=nn.Conv2d):
  torch.manual_seed(0)
  return kind(2, 3, 2)
def look(net, shape=(2, 3), steps=2):
  torch.manual_seed(1)
  found = [str(net), [n for n, _ in net.named_parameters()], [n for n, _ in net.named_buffers()]]
  for _ in range(steps):
    out = net(torch.randn(shape))
    out.square().sum().backward()
    found += [out, net.weight]
  net.eval()
  found += [net(torch.ones(shape)), [p.grad for p in net.parameters()], net.state_dict()]
  return found
def removed(net, remove):
  remove(net)
  return look(net)
def gone(net, act):
  act(net)
  return look(net)
class Symmetric(nn.Module):
  def forward(self, x): return x.triu() + x.triu(1).mT
class Twice(nn.Module):
  def forward(self, x): return x * 2
  def right_inverse(self, x): return x / 2
class Half(nn.Module):
  def forward(self, x): return x[:2]
class Parts(nn.Module):
  def forward(self, a, b): return a + b
  def right_inverse(self, x): return x * 0.25, x * 0.75
def square():
  torch.manual_seed(0)
  return nn.Linear(3, 3)
def assigned(net, value):
  net.weight = value
  return look(net)`;

const linear = () => {
  torch.manual_seed(0);
  return new nn.Linear(3, 4);
};
const square = () => {
  torch.manual_seed(0);
  return new nn.Linear(3, 3);
};
const conv = (kind: typeof nn.Conv2d | typeof nn.ConvTranspose2d = nn.Conv2d) => {
  torch.manual_seed(0);
  return new kind(2, 3, 2);
};

function look(module: Module, shape: number[] = [2, 3], steps = 2): Value {
  const net = module as Loose & { weight: torch.Tensor };
  torch.manual_seed(1);
  const found: Value[] = [
    String(net),
    net.named_parameters().map(([name]) => name),
    net.named_buffers().map(([name]) => name),
  ];
  for (let step = 0; step < steps; step++) {
    const out = net(torch.randn(shape));
    out.square().sum().backward();
    found.push(out, net.weight);
  }
  net.eval();
  found.push(
    net(torch.ones(shape)),
    net.parameters().map((p) => p.grad),
    net.state_dict(),
  );
  return found;
}

function removed<M extends Module>(net: M, remove: (net: M) => unknown): Value {
  remove(net);
  return look(net);
}

const { remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm } = nn.utils;
const image = [1, 2, 3, 3];

agree('norms of the old kind', setup, [
  ['look(utils.weight_norm(linear()))', () => look(weight_norm(linear()))],
  ['look(utils.weight_norm(linear(), dim=None))', () => look(weight_norm(linear(), { dim: null }))],
  ['look(utils.weight_norm(linear(), "bias"))', () => look(weight_norm(linear(), 'bias'))],
  ['look(utils.weight_norm(conv(), dim=1), (1, 2, 3, 3))', () => look(weight_norm(conv(), { dim: 1 }), image)],
  [
    'removed(utils.weight_norm(linear()), utils.remove_weight_norm)',
    () => removed(weight_norm(linear()), (net) => remove_weight_norm(net)),
  ],
  ['utils.weight_norm(utils.weight_norm(linear()))', () => look(weight_norm(weight_norm(linear())))],
  ['utils.remove_weight_norm(linear())', () => look(remove_weight_norm(linear()))],
  ['look(utils.spectral_norm(linear()))', () => look(spectral_norm(linear()))],
  [
    'look(utils.spectral_norm(linear(), n_power_iterations=3, eps=1e-3))',
    () => look(spectral_norm(linear(), { n_power_iterations: 3, eps: 1e-3 })),
  ],
  ['look(utils.spectral_norm(conv()), (1, 2, 3, 3))', () => look(spectral_norm(conv()), image)],
  [
    'look(utils.spectral_norm(conv(nn.ConvTranspose2d)), (1, 2, 3, 3))',
    () => look(spectral_norm(conv(nn.ConvTranspose2d)), image),
  ],
  [
    'removed(utils.spectral_norm(linear()), utils.remove_spectral_norm)',
    () => removed(spectral_norm(linear()), (net) => remove_spectral_norm(net)),
  ],
  [
    'utils.spectral_norm(linear(), n_power_iterations=0)',
    () => look(spectral_norm(linear(), { n_power_iterations: 0 })),
  ],
  ['utils.spectral_norm(utils.spectral_norm(linear()))', () => look(spectral_norm(spectral_norm(linear())))],
  ['utils.remove_spectral_norm(linear())', () => look(remove_spectral_norm(linear()))],
]);

class Symmetric extends nn.Module {
  override forward(x: torch.Tensor): torch.Tensor {
    return x.triu().add(x.triu(1).mT);
  }
}

class Twice extends nn.Module {
  override forward(x: torch.Tensor): torch.Tensor {
    return x.mul(2);
  }
  right_inverse(x: torch.Tensor): torch.Tensor {
    return x.div(2);
  }
}

class Half extends nn.Module {
  override forward(x: torch.Tensor): torch.Tensor {
    return x.get(':2');
  }
}

class Parts extends nn.Module {
  override forward(a: torch.Tensor, b: torch.Tensor): torch.Tensor {
    return a.add(b);
  }
  right_inverse(x: torch.Tensor): torch.Tensor[] {
    return [x.mul(0.25), x.mul(0.75)];
  }
}

function assigned(net: torch.nn.Linear, value: torch.Tensor): Value {
  (net as { weight: torch.Tensor }).weight = value;
  return look(net);
}

const {
  register_parametrization: register,
  remove_parametrizations,
  transfer_parametrizations_and_params,
} = parametrize;

agree("parametrizations of one's own", setup, [
  [
    'look(parametrize.register_parametrization(square(), "weight", Symmetric()))',
    () => look(register(square(), 'weight', new Symmetric())),
  ],
  [
    'look(parametrize.register_parametrization(square(), "weight", Twice()))',
    () => look(register(square(), 'weight', new Twice())),
  ],
  [
    'look(parametrize.register_parametrization(square(), "weight", Parts()))',
    () => look(register(square(), 'weight', new Parts())),
  ],
  [
    'look(parametrize.register_parametrization(parametrize.register_parametrization(square(), "weight", Symmetric()), "weight", Twice()))',
    () => look(register(register(square(), 'weight', new Symmetric()), 'weight', new Twice())),
  ],
  [
    'look(parametrize.register_parametrization(parametrize.register_parametrization(square(), "weight", Symmetric()), "bias", Twice()))',
    () => look(register(register(square(), 'weight', new Symmetric()), 'bias', new Twice())),
  ],
  [
    'assigned(parametrize.register_parametrization(square(), "weight", Twice()), torch.ones(3, 3))',
    () => assigned(register(square(), 'weight', new Twice()), torch.ones(3, 3)),
  ],
  [
    'assigned(parametrize.register_parametrization(square(), "weight", Parts()), torch.ones(3, 3))',
    () => assigned(register(square(), 'weight', new Parts()), torch.ones(3, 3)),
  ],
  [
    'assigned(parametrize.register_parametrization(square(), "weight", Symmetric()), torch.ones(3, 3))',
    () => assigned(register(square(), 'weight', new Symmetric()), torch.ones(3, 3)),
  ],
  [
    'look(parametrize.remove_parametrizations(parametrize.register_parametrization(square(), "weight", Twice()), "weight"))',
    () => look(remove_parametrizations(register(square(), 'weight', new Twice()), 'weight')),
  ],
  [
    'look(parametrize.remove_parametrizations(parametrize.register_parametrization(square(), "weight", Twice()), "weight", leave_parametrized=False))',
    () =>
      look(remove_parametrizations(register(square(), 'weight', new Twice()), 'weight', { leave_parametrized: false })),
  ],
  [
    'look(parametrize.remove_parametrizations(parametrize.register_parametrization(square(), "weight", Parts()), "weight"))',
    () => look(remove_parametrizations(register(square(), 'weight', new Parts()), 'weight')),
  ],
  [
    'parametrize.remove_parametrizations(parametrize.register_parametrization(square(), "weight", Parts()), "weight", False)',
    () => look(remove_parametrizations(register(square(), 'weight', new Parts()), 'weight', false)),
  ],
  [
    'look(parametrize.transfer_parametrizations_and_params(parametrize.register_parametrization(square(), "weight", Twice()), nn.Linear(3, 3)))',
    () => look(transfer_parametrizations_and_params(register(square(), 'weight', new Twice()), new nn.Linear(3, 3))),
  ],
  [
    '[parametrize.is_parametrized(square()), parametrize.is_parametrized(parametrize.register_parametrization(square(), "weight", Twice()), "bias"), type(parametrize.register_parametrization(square(), "weight", Twice())).__name__, parametrize.type_before_parametrizations(parametrize.register_parametrization(square(), "weight", Twice())).__name__]',
    () => [
      parametrize.is_parametrized(square()),
      parametrize.is_parametrized(register(square(), 'weight', new Twice()), 'bias'),
      register(square(), 'weight', new Twice()).constructor.name,
      parametrize.type_before_parametrizations(register(square(), 'weight', new Twice())).name,
    ],
  ],
  [
    'parametrize.register_parametrization(square(), "weight", Half())',
    () => look(register(square(), 'weight', new Half())),
  ],
  [
    'parametrize.register_parametrization(square(), "nothing", Half())',
    () => look(register(square(), 'nothing', new Half())),
  ],
  [
    'parametrize.register_parametrization(parametrize.register_parametrization(square(), "weight", Twice()), "weight", Half())',
    () => look(register(register(square(), 'weight', new Twice()), 'weight', new Half())),
  ],
  ['parametrize.remove_parametrizations(square(), "weight")', () => look(remove_parametrizations(square(), 'weight'))],
]);

const { orthogonal } = parametrizations;
const tall = () => {
  torch.manual_seed(0);
  return new nn.Linear(3, 5);
};
const wide = () => {
  torch.manual_seed(0);
  return new nn.Linear(5, 3);
};
const shapes = `${setup}
def tall():
  torch.manual_seed(0)
  return nn.Linear(3, 5)
def wide():
  torch.manual_seed(0)
  return nn.Linear(5, 3)`;

agree('ready parametrizations', shapes, [
  ['look(parametrizations.weight_norm(linear()))', () => look(parametrizations.weight_norm(linear()))],
  [
    'look(parametrizations.weight_norm(conv(), dim=None), (1, 2, 3, 3))',
    () => look(parametrizations.weight_norm(conv(), { dim: null }), image),
  ],
  ['look(parametrizations.spectral_norm(linear()))', () => look(parametrizations.spectral_norm(linear()))],
  [
    'look(parametrizations.spectral_norm(conv(nn.ConvTranspose2d), n_power_iterations=2), (1, 2, 3, 3))',
    () => look(parametrizations.spectral_norm(conv(nn.ConvTranspose2d), { n_power_iterations: 2 }), image),
  ],
  [
    'look(parametrizations.spectral_norm(linear(), "bias"))',
    () => look(parametrizations.spectral_norm(linear(), 'bias')),
  ],
  ['look(orthogonal(square()))'.replace('orthogonal', 'parametrizations.orthogonal'), () => look(orthogonal(square()))],
  ['look(parametrizations.orthogonal(tall()))', () => look(orthogonal(tall()))],
  ['look(parametrizations.orthogonal(wide()), (2, 5))', () => look(orthogonal(wide()), [2, 5])],
  [
    'look(parametrizations.orthogonal(tall(), orthogonal_map="cayley"))',
    () => look(orthogonal(tall(), { orthogonal_map: 'cayley' })),
  ],
  [
    'look(parametrizations.orthogonal(tall(), orthogonal_map="matrix_exp", use_trivialization=False))',
    () => look(orthogonal(tall(), { orthogonal_map: 'matrix_exp', use_trivialization: false })),
  ],
  [
    'look(parametrizations.orthogonal(tall(), use_trivialization=False))',
    () => look(orthogonal(tall(), { use_trivialization: false })),
  ],
  ['parametrizations.orthogonal(tall(), "bias")', () => look(orthogonal(tall(), 'bias'))],
  [
    'parametrizations.orthogonal(tall(), orthogonal_map="other")',
    () => look(orthogonal(tall(), { orthogonal_map: 'other' as never })),
  ],
  ['parametrizations.spectral_norm(linear(), "other")', () => look(parametrizations.spectral_norm(linear(), 'other'))],
  ['parametrizations.spectral_norm(linear(), dim=3)', () => look(parametrizations.spectral_norm(linear(), { dim: 3 }))],
  [
    '[parametrizations.weight_norm(linear()).load_state_dict(utils.weight_norm(linear()).state_dict()) is None]',
    () => {
      return [parametrizations.weight_norm(linear()).load_state_dict(weight_norm(linear()).state_dict()) === null];
    },
  ],
]);

const some = torch.asFloat;

agree('pruning', setup, [
  ['look(prune.identity(linear(), "weight"))', () => look(prune.identity(linear(), 'weight'))],
  [
    'look(prune.random_unstructured(linear(), "weight", 5))',
    () => look(prune.random_unstructured(linear(), 'weight', 5)),
  ],
  [
    'look(prune.random_unstructured(linear(), "weight", amount=0.3))',
    () => look(prune.random_unstructured(linear(), 'weight', { amount: 0.3 })),
  ],
  [
    'look(prune.l1_unstructured(linear(), "weight", 0.375))',
    () => look(prune.l1_unstructured(linear(), 'weight', 0.375)),
  ],
  [
    'look(prune.l1_unstructured(linear(), "weight", 1.0))',
    () => look(prune.l1_unstructured(linear(), 'weight', some(1))),
  ],
  [
    'look(prune.l1_unstructured(linear(), "weight", 4, importance_scores=torch.arange(12.).view(4, 3)))',
    () =>
      look(
        prune.l1_unstructured(linear(), 'weight', 4, {
          importance_scores: torch.arange(12, { dtype: torch.float32 }).view(4, 3),
        }),
      ),
  ],
  [
    'look(prune.random_structured(linear(), "weight", 2, 0))',
    () => look(prune.random_structured(linear(), 'weight', 2, 0)),
  ],
  [
    'look(prune.random_structured(linear(), "weight", amount=0.5, dim=-1))',
    () => look(prune.random_structured(linear(), 'weight', { amount: 0.5, dim: -1 })),
  ],
  [
    'look(prune.ln_structured(linear(), "weight", 2, 2, 0))',
    () => look(prune.ln_structured(linear(), 'weight', 2, 2, 0)),
  ],
  [
    'look(prune.ln_structured(linear(), "weight", 1, float("inf"), -1))',
    () => look(prune.ln_structured(linear(), 'weight', 1, Number.POSITIVE_INFINITY, -1)),
  ],
  [
    'look(prune.custom_from_mask(linear(), "bias", torch.tensor([1., 0., 1., 0.])))',
    () => look(prune.custom_from_mask(linear(), 'bias', torch.tensor([some(1), some(0), some(1), some(0)]))),
  ],
  [
    'look(prune.ln_structured(prune.l1_unstructured(linear(), "weight", 3), "weight", 1, 1, 0))',
    () => look(prune.ln_structured(prune.l1_unstructured(linear(), 'weight', 3), 'weight', 1, 1, 0)),
  ],
  [
    'look(prune.l1_unstructured(prune.random_unstructured(prune.l1_unstructured(linear(), "weight", 3), "weight", 2), "weight", 2))',
    () =>
      look(
        prune.l1_unstructured(
          prune.random_unstructured(prune.l1_unstructured(linear(), 'weight', 3), 'weight', 2),
          'weight',
          2,
        ),
      ),
  ],
  [
    'look(prune.remove(prune.l1_unstructured(linear(), "weight", 3), "weight"))',
    () => look(prune.remove(prune.l1_unstructured(linear(), 'weight', 3), 'weight')),
  ],
  ['prune.remove(linear(), "weight")', () => look(prune.remove(linear(), 'weight'))],
  ['prune.l1_unstructured(linear(), "weight", 13)', () => look(prune.l1_unstructured(linear(), 'weight', 13))],
  ['prune.l1_unstructured(linear(), "weight", -1)', () => look(prune.l1_unstructured(linear(), 'weight', -1))],
  ['prune.l1_unstructured(linear(), "weight", 1.5)', () => look(prune.l1_unstructured(linear(), 'weight', 1.5))],
  [
    'prune.l1_unstructured(linear(), "weight", "x")',
    () => look(prune.l1_unstructured(linear(), 'weight', 'x' as never)),
  ],
  ['prune.ln_structured(linear(), "bias", 1, 2, 0)', () => look(prune.ln_structured(linear(), 'bias', 1, 2, 0))],
  ['prune.ln_structured(linear(), "weight", 1, 2, 2)', () => look(prune.ln_structured(linear(), 'weight', 1, 2, 2))],
  [
    '[prune.is_pruned(linear()), prune.is_pruned(nn.Sequential(prune.identity(linear(), "bias")))]',
    () => [prune.is_pruned(linear()), prune.is_pruned(new nn.Sequential(prune.identity(linear(), 'bias')))],
  ],
  [
    'gone(linear(), lambda n: prune.global_unstructured([(n, "weight"), (n, "bias")], prune.L1Unstructured, amount=0.4))',
    () => {
      const net = linear();
      prune.global_unstructured(
        [
          [net, 'weight'],
          [net, 'bias'],
        ],
        prune.L1Unstructured,
        { amount: 0.4 },
      );
      return look(net);
    },
  ],
  [
    'prune.L1Unstructured(amount=2).prune(torch.tensor([3., -1., 2., 0.5]))',
    () => new prune.L1Unstructured(2).prune(torch.tensor([some(3), some(-1), some(2), some(0.5)])),
  ],
]);

describe('weights that are computed', () => {
  it('are copied with what computes them', () => {
    const net = parametrizations.spectral_norm(linear());
    const copy = torch.copy.deepcopy(net);
    torch.no_grad(() => copy.parameters()[1]!.zero_());
    expect(copy.constructor.name).toBe('ParametrizedLinear');
    expect(net.weight.abs().sum().item()).toBeGreaterThan(0);
    expect(copy.weight.shape).toEqual([4, 3]);
    expect(torch.typename(net)).toBe('torch.nn.utils.parametrize.ParametrizedLinear');
  });

  it('are computed once in a cached block', () => {
    let count = 0;
    class Counting extends nn.Module {
      override forward(x: torch.Tensor): torch.Tensor {
        count++;
        return x.mul(2);
      }
    }
    const net = register(linear(), 'weight', new Counting());
    count = 0;
    parametrize.cached(() => [net.weight, net.weight]);
    expect(count).toBe(1);
    void net.weight;
    expect(count).toBe(2);
  });
});
