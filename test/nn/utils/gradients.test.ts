// Norms of gradients, parameters as vectors, fusion, functional calls: against Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../../support/expressions';

const { nn } = torch;
const { utils } = nn;
type Call = (...args: never[]) => unknown;

const setup = `
from torch.nn import utils
def params(*dtypes):
  torch.manual_seed(1)
  made = []
  for dtype in dtypes:
    for shape in ((3, 4), (5,), ()):
      p = nn.Parameter(torch.randn(shape, dtype=dtype))
      p.grad = torch.randn(shape, dtype=dtype) * 3
      made.append(p)
  made.append(nn.Parameter(torch.ones(2)))
  return made
def clipped(f, made, *args, **kwargs):
  result = f(made, *args, **kwargs)
  return [result, [p.grad for p in made]]
def bad():
  made = params(torch.float32)
  made[0].grad[0, 0] = float('inf')
  return made
def net():
  torch.manual_seed(2)
  return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
def trained(bn):
  bn.running_mean.normal_()
  bn.running_var.uniform_(0.5, 2)
  nn.init.normal_(bn.weight)
  nn.init.normal_(bn.bias)
  return bn.eval()
class Tied(nn.Module):
  def __init__(self):
    super().__init__()
    self.a = nn.Linear(2, 2)
    self.b = nn.Linear(2, 2)
    self.b.weight = self.a.weight
    self.register_buffer('count', torch.zeros(1))
  def forward(self, x, scale=1):
    self.count += 1
    return self.b(self.a(x)) * scale
x = torch.arange(6.).reshape(2, 3)
def tied():
  torch.manual_seed(3)
  return Tied()
def called(module, state, *args, **kwargs):
  before = {k: v.clone() for k, v in module.state_dict().items()}
  result = utils.stateless.functional_call(module, state, *args, **kwargs)
  return [result, state, before, module.state_dict()]
def as_vector(made): return utils.parameters_to_vector(made)
def from_vector(made):
  utils.vector_to_parameters(torch.arange(20.), made)
  return made`;

function params(...dtypes: torch.dtype[]): torch.nn.Parameter[] {
  torch.manual_seed(1);
  const made = dtypes.flatMap((dtype) =>
    [[3, 4], [5], []].map((shape) => {
      const p = new nn.Parameter(torch.randn(shape, { dtype }));
      p.grad = torch.randn(shape, { dtype }).mul(3);
      return p;
    }),
  );
  return [...made, new nn.Parameter(torch.ones(2))];
}

function clipped(f: Call, made: torch.nn.Parameter[], ...args: unknown[]) {
  const result = (f as (...given: unknown[]) => unknown)(made, ...args);
  return [(result ?? null) as torch.Tensor | null, made.map((p) => p.grad)];
}

function bad(): torch.nn.Parameter[] {
  const made = params(torch.float32);
  made[0]!.grad!.set([0, 0], Number.POSITIVE_INFINITY);
  return made;
}

const { float32, float64, bfloat16 } = torch;
const { clip_grad_norm_, clip_grad_value_, clip_grads_with_norm_, get_total_norm } = utils;

agree('clipping', setup, [
  ['clipped(utils.clip_grad_norm_, params(torch.float32), 1.5)', () => clipped(clip_grad_norm_, params(float32), 1.5)],
  ['clipped(utils.clip_grad_norm_, params(torch.float32), 100)', () => clipped(clip_grad_norm_, params(float32), 100)],
  [
    'clipped(utils.clip_grad_norm_, params(torch.float32, torch.float64), 1.5)',
    () => clipped(clip_grad_norm_, params(float32, float64), 1.5),
  ],
  [
    'clipped(utils.clip_grad_norm_, params(torch.bfloat16), 1.5)',
    () => clipped(clip_grad_norm_, params(bfloat16), 1.5),
  ],
  [
    'clipped(utils.clip_grad_norm_, params(torch.float32), 1.5, norm_type=1)',
    () => clipped(clip_grad_norm_, params(float32), 1.5, { norm_type: 1 }),
  ],
  [
    'clipped(utils.clip_grad_norm_, params(torch.float32), 1.5, norm_type=float("inf"))',
    () => clipped(clip_grad_norm_, params(float32), 1.5, { norm_type: Number.POSITIVE_INFINITY }),
  ],
  [
    'clipped(utils.clip_grad_norm_, params(torch.float32), 1.5, foreach=False)',
    () => clipped(clip_grad_norm_, params(float32), 1.5, { foreach: false }),
  ],
  ['clipped(utils.clip_grad_norm_, bad(), 1.5)', () => clipped(clip_grad_norm_, bad(), 1.5)],
  [
    'clipped(utils.clip_grad_norm_, bad(), 1.5, error_if_nonfinite=True)',
    () => clipped(clip_grad_norm_, bad(), 1.5, { error_if_nonfinite: true }),
  ],
  ['clipped(utils.clip_grad_norm_, [], 1.5)', () => clipped(clip_grad_norm_, [], 1.5)],
  ['clipped(utils.clip_grad_norm_, params(torch.float32)[0], 1.5)[0]', () => clip_grad_norm_(params(float32)[0]!, 1.5)],
  [
    'clipped(utils.clip_grad_value_, params(torch.float32, torch.float64), 0.7)',
    () => clipped(clip_grad_value_, params(float32, float64), 0.7),
  ],
  [
    'clipped(utils.clip_grad_value_, params(torch.float32), 0.7, foreach=False)',
    () => clipped(clip_grad_value_, params(float32), 0.7, { foreach: false }),
  ],
  [
    'clipped(utils.clip_grads_with_norm_, params(torch.float32), 1.5, torch.tensor(7.))',
    () => clipped(clip_grads_with_norm_, params(float32), 1.5, torch.tensor(7)),
  ],
  [
    'utils.get_total_norm([p.grad for p in params(torch.float32)[:3]])',
    () =>
      get_total_norm(
        params(float32)
          .slice(0, 3)
          .map((p) => p.grad!),
      ),
  ],
  ['utils.get_total_norm(params(torch.float32, torch.float64))', () => get_total_norm(params(float32, float64))],
  ['utils.get_total_norm([])', () => get_total_norm([])],
]);

agree('vectors', setup, [
  ['as_vector(params(torch.float32))', () => utils.parameters_to_vector(params(float32))],
  [
    'from_vector(params(torch.float32))',
    () => {
      const made = params(float32);
      utils.vector_to_parameters(torch.arange(20, { dtype: float32 }), made);
      return made;
    },
  ],
  ['utils.vector_to_parameters(3, [])', () => utils.vector_to_parameters(3 as never, []) as never],
]);

function trained<T extends torch.nn.Module>(bn: T): T {
  const { running_mean, running_var, weight, bias } = bn as unknown as Record<string, torch.Tensor>;
  running_mean!.normal_();
  running_var!.uniform_(0.5, 2);
  nn.init.normal_(weight!);
  nn.init.normal_(bias!);
  return bn.eval();
}

agree('fusion', setup, [
  [
    'utils.fuse_conv_bn_eval(nn.Conv2d(3, 4, 2).eval(), trained(nn.BatchNorm2d(4))).state_dict()',
    () => utils.fuse_conv_bn_eval(new nn.Conv2d(3, 4, 2).eval(), trained(new nn.BatchNorm2d(4))).state_dict(),
  ],
  [
    'utils.fuse_conv_bn_eval(nn.Conv2d(3, 4, 2, bias=False).eval(), trained(nn.BatchNorm2d(4))).state_dict()',
    () =>
      utils
        .fuse_conv_bn_eval(new nn.Conv2d(3, 4, 2, { bias: false }).eval(), trained(new nn.BatchNorm2d(4)))
        .state_dict(),
  ],
  [
    'utils.fuse_conv_bn_eval(nn.ConvTranspose2d(3, 4, 2).eval(), trained(nn.BatchNorm2d(4)), transpose=True).state_dict()',
    () =>
      utils
        .fuse_conv_bn_eval(new nn.ConvTranspose2d(3, 4, 2).eval(), trained(new nn.BatchNorm2d(4)), { transpose: true })
        .state_dict(),
  ],
  [
    'utils.fuse_linear_bn_eval(nn.Linear(3, 4).eval(), trained(nn.BatchNorm1d(4))).state_dict()',
    () => utils.fuse_linear_bn_eval(new nn.Linear(3, 4).eval(), trained(new nn.BatchNorm1d(4))).state_dict(),
  ],
  [
    'utils.fuse_linear_bn_eval(nn.Linear(3, 4).eval(), trained(nn.BatchNorm1d(5)))',
    () => utils.fuse_linear_bn_eval(new nn.Linear(3, 4).eval(), trained(new nn.BatchNorm1d(5))).state_dict(),
  ],
  [
    'utils.fuse_linear_bn_eval(nn.Linear(3, 4), trained(nn.BatchNorm1d(4)))',
    () => utils.fuse_linear_bn_eval(new nn.Linear(3, 4), trained(new nn.BatchNorm1d(4))).state_dict(),
  ],
]);

class Tied extends nn.Module {
  a = new nn.Linear(2, 2);
  b = new nn.Linear(2, 2);
  declare count: torch.Tensor;

  constructor() {
    super();
    this.b.weight = this.a.weight;
    this.register_buffer('count', torch.zeros(1));
  }

  override forward(x: torch.Tensor, { scale = 1 }: { scale?: number } = {}): torch.Tensor {
    this.count.add_(1);
    return this.b(this.a(x)).mul(scale);
  }
}

const tied = () => {
  torch.manual_seed(3);
  return new Tied();
};

type State = Record<string, torch.Tensor>;

function called(module: torch.nn.Module, state: State, ...args: unknown[]) {
  const before = Object.fromEntries(Object.entries(module.state_dict()).map(([name, t]) => [name, t.clone()]));
  const call = utils.stateless.functional_call as unknown as (...given: unknown[]) => torch.Tensor;
  return [call(module, state, ...args), state, before, module.state_dict()];
}

const y = () => torch.arange(4, { dtype: float32 }).reshape([2, 2]);

agree(
  'functional_call',
  setup.replaceAll('x = torch.arange(6.)', 'y = torch.arange(4.).reshape(2, 2)\nx = torch.arange(6.)'),
  [
    ['called(tied(), {"a.weight": torch.ones(2, 2)}, y)', () => called(tied(), { 'a.weight': torch.ones(2, 2) }, y())],
    [
      'called(tied(), {"a.weight": torch.ones(2, 2)}, (y,), {"scale": 3})',
      () => called(tied(), { 'a.weight': torch.ones(2, 2) }, [y()], { scale: 3 }),
    ],
    [
      'called(tied(), {"a.weight": torch.ones(2, 2)}, y, tie_weights=False)',
      () => called(tied(), { 'a.weight': torch.ones(2, 2) }, y(), null, { tie_weights: false }),
    ],
    ['called(tied(), {"count": torch.ones(1) * 5}, y)', () => called(tied(), { count: torch.ones(1).mul(5) }, y())],
    [
      'called(tied(), {"a.weight": torch.ones(2, 2), "b.weight": torch.zeros(2, 2)}, y)',
      () => called(tied(), { 'a.weight': torch.ones(2, 2), 'b.weight': torch.zeros(2, 2) }, y()),
    ],
    [
      'called(tied(), {"a.bias": torch.ones(2)}, y, strict=True)',
      () => called(tied(), { 'a.bias': torch.ones(2) }, y(), null, { strict: true }),
    ],
  ],
);

describe('functional_call', () => {
  it('gives the module its own tensors back where the call throws', () => {
    const net = tied();
    const { weight } = net.a;
    expect(() => called(net, { 'a.weight': torch.ones(5, 5) }, y())).toThrow();
    expect(net.a.weight === weight).toBe(true);
    expect(() => called(net, { 'a.weight': torch.ones(2, 2), 'c.bias': torch.ones(2) }, y())).toThrow(
      'Tied has no attribute `c`',
    );
    expect(net.a.weight === weight).toBe(true);
    expect(net.named_parameters()).toHaveLength(3);
  });

  it('has gradients for what it is given', () => {
    const weight = torch.ones(2, 2, { requires_grad: true });
    const call = utils.stateless.functional_call as unknown as (...given: unknown[]) => torch.Tensor;
    call(tied(), { 'a.weight': weight }, y()).sum().backward();
    expect(weight.grad!.shape).toEqual([2, 2]);
  });
});

agree('others', setup, [
  [
    '[p.stride() for p in utils.convert_conv2d_weight_memory_format(nn.Sequential(nn.Conv2d(4, 8, 3), nn.Linear(2, 2)), torch.channels_last).parameters()]',
    () =>
      utils
        .convert_conv2d_weight_memory_format(
          new nn.Sequential(new nn.Conv2d(4, 8, 3), new nn.Linear(2, 2)),
          torch.channels_last,
        )
        .parameters()
        .map((p) => p.stride()),
  ],
  [
    'list(utils.skip_init(nn.Linear, 3, 4, bias=False).weight.shape)',
    () => utils.skip_init(nn.Linear, 3, 4, { bias: false }).weight.shape,
  ],
  ['utils.skip_init(nn.ReLU)', () => String(utils.skip_init(nn.ReLU as unknown as new () => torch.nn.Module))],
]);

it('clip_grad_norm_ of (3, 0) and 4 to 1: the norm is 5, and what is left is multiplied by 1/(5 + 1e-6)', () => {
  const made = [[3, 0], [4]].map((grad) => {
    const parameter = new nn.Parameter(torch.zeros(grad.length));
    parameter.grad = torch.tensor(grad, { dtype: torch.float32 });
    return parameter;
  });
  expect(clip_grad_norm_(made, 1).item()).toBe(5);
  const left = made.flatMap(({ grad }) => grad!.tolist() as number[]);
  for (const [i, expected] of [0.5999999, 0, 0.7999998].entries()) expect(left[i]).toBeCloseTo(expected, 7);
});
