// Buffers, and parameters and buffers without a shape yet, against Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const { nn } = torch;
const { UninitializedBuffer, UninitializedParameter } = nn;

class Net extends nn.Module {
  kept: torch.Tensor | null = new nn.Buffer(torch.arange(3, { dtype: torch.float32 }));
  weight = new nn.Parameter(torch.ones(2));
  unsaved: torch.Tensor = new nn.Buffer(torch.ones(2), { persistent: false });
}

const setup = `
class Net(nn.Module):
  def __init__(self):
    super().__init__()
    self.kept = nn.Buffer(torch.arange(3.))
    self.weight = nn.Parameter(torch.ones(2))
    self.unsaved = nn.Buffer(torch.ones(2), persistent=False)
def after(act):
  net = Net()
  act(net)
  return [[n for n, _ in net.named_buffers()], list(net.state_dict()), str(net.kept)]
def assign(net, name, value): setattr(net, name, value)
def materialized(tensor, *args, **kwargs):
  tensor.materialize(*args, **kwargs)
  return [type(tensor).__name__, list(tensor.shape), str(tensor.dtype), tensor.requires_grad]
from torch.nn.parameter import is_lazy`;

function after(act: (net: Net) => void): torch.Tensor | readonly (string | readonly string[])[] {
  const net = new Net();
  act(net);
  return [net.named_buffers().map(([name]) => name), Object.keys(net.state_dict()), String(net.kept ?? 'None')];
}

const assign = (net: object, name: string, value: unknown) => void Object.assign(net, { [name]: value });

function materialized(tensor: torch.nn.UninitializedParameter, ...args: Parameters<typeof tensor.materialize>) {
  tensor.materialize(...args);
  return [tensor.constructor.name, tensor.shape, String(tensor.dtype), tensor.requires_grad];
}

agree('Buffer', setup, [
  ['nn.Buffer(torch.ones(2))', () => new nn.Buffer(torch.ones(2))],
  ['str(nn.Buffer(torch.ones(2)))', () => String(new nn.Buffer(torch.ones(2)))],
  ['nn.Buffer()', () => new nn.Buffer()],
  [
    'nn.Buffer(torch.ones(2, requires_grad=True) * 2).requires_grad',
    () => new nn.Buffer(torch.ones(2, { requires_grad: true }).mul(2)).requires_grad,
  ],
  [
    'nn.Buffer(torch.ones(2), persistent=False).persistent',
    () => new nn.Buffer(torch.ones(2), { persistent: false }).persistent,
  ],
  ['nn.Buffer(torch.ones(2), False)', () => new nn.Buffer(...([torch.ones(2), false] as unknown as [torch.Tensor]))],
  ['after(lambda n: None)', () => after(() => {})],
  ['after(lambda n: assign(n, "kept", torch.ones(1)))', () => after((n) => assign(n, 'kept', torch.ones(1)))],
  [
    'after(lambda n: assign(n, "kept", nn.Buffer(torch.ones(1), persistent=False)))',
    () => after((n) => assign(n, 'kept', new nn.Buffer(torch.ones(1), { persistent: false }))),
  ],
  ['after(lambda n: assign(n, "unsaved", torch.ones(1)))', () => after((n) => assign(n, 'unsaved', torch.ones(1)))],
  [
    'after(lambda n: assign(n, "unsaved", nn.Buffer(torch.ones(1))))',
    () => after((n) => assign(n, 'unsaved', new nn.Buffer(torch.ones(1)))),
  ],
  ['after(lambda n: assign(n, "kept", None))', () => after((n) => assign(n, 'kept', null))],
  ['after(lambda n: assign(n, "kept", 3))', () => after((n) => assign(n, 'kept', 3))],
  [
    'after(lambda n: assign(n, "weight", nn.Buffer(torch.ones(1))))',
    () => after((n) => assign(n, 'weight', new nn.Buffer(torch.ones(1)))),
  ],
  [
    'after(lambda n: assign(n, "training", nn.Buffer(torch.ones(1))))',
    () => after((n) => assign(n, 'training', new nn.Buffer(torch.ones(1)))),
  ],
  [
    'after(lambda n: assign(n, "kept", nn.Parameter(torch.ones(1))))',
    () => after((n) => assign(n, 'kept', new nn.Parameter(torch.ones(1)))) as never,
  ],
]);

agree('without a shape', setup, [
  ['str(nn.UninitializedParameter())', () => String(new UninitializedParameter())],
  ['str(nn.UninitializedBuffer())', () => String(new UninitializedBuffer())],
  [
    '[is_lazy(nn.UninitializedParameter()), is_lazy(torch.ones(1)), is_lazy(3)]',
    () => [new UninitializedParameter(), torch.ones(1), 3].map((each) => nn.parameter.is_lazy(each)),
  ],
  ['nn.UninitializedParameter().shape', () => new UninitializedParameter().shape],
  ['nn.UninitializedBuffer().share_memory_()', () => new UninitializedBuffer().share_memory_()],
  ['materialized(nn.UninitializedParameter(), (2, 3))', () => materialized(new UninitializedParameter(), [2, 3])],
  [
    'materialized(nn.UninitializedParameter(False, dtype=torch.float64), (2, 3))',
    () => materialized(new UninitializedParameter(false, { dtype: torch.float64 }), [2, 3]),
  ],
  [
    'materialized(nn.UninitializedParameter(), (2,), dtype=torch.bfloat16)',
    () => materialized(new UninitializedParameter(), [2], { dtype: torch.bfloat16 }),
  ],
  ['materialized(nn.UninitializedBuffer(), (2, 3))', () => materialized(new UninitializedBuffer() as never, [2, 3])],
  [
    '[nn.UninitializedParameter().requires_grad, nn.UninitializedBuffer().requires_grad, nn.UninitializedBuffer(dtype=torch.int64).dtype == torch.int64]',
    () => [
      new UninitializedParameter().requires_grad,
      new UninitializedBuffer().requires_grad,
      new UninitializedBuffer({ dtype: torch.int64 }).dtype === torch.int64,
    ],
  ],
  ['nn.UninitializedParameter().is_floating_point()', () => new UninitializedParameter().is_floating_point()],
  [
    'nn.UninitializedParameter().double().dtype == torch.float64',
    () => new UninitializedParameter().double().dtype === torch.float64,
  ],
]);

describe('without a shape', () => {
  it('nothing but conversions is to be had', () => {
    const weight = new UninitializedParameter();
    for (const use of [
      () => weight.add(1),
      () => torch.ones(1).mul(weight),
      () => weight.detach(),
      () => torch.sum(weight),
    ]) {
      expect(use).toThrow(torch.ValueError);
      expect(use).toThrow('Attempted to use an uninitialized parameter in ');
    }
    expect(weight.is_leaf).toBe(true);
    weight.materialize([2]);
    expect(weight.detach().shape).toEqual([2]);
    expect(weight).not.toBeInstanceOf(UninitializedParameter);
    expect(weight).toBeInstanceOf(nn.Parameter);
  });

  it('lasts through scopes, conversions and copies', () => {
    const net = torch.scope(() => {
      class Lazy extends nn.Module {
        weight = new UninitializedParameter();
        count: torch.Tensor = new UninitializedBuffer();
      }
      return { made: new Lazy() };
    }).made;
    net.double();
    net.to(torch.float32).to(torch.float64);
    expect(net.weight.dtype).toBe(torch.float64);
    expect(net.weight).toBeInstanceOf(UninitializedParameter);
    const copy = torch.copy.deepcopy(net);
    expect(copy.weight).toBeInstanceOf(UninitializedParameter);
    copy.weight.materialize([3]);
    expect(net.weight).toBeInstanceOf(UninitializedParameter);
    expect(copy.weight.dtype).toBe(torch.float64);
    expect(copy.count).toBeInstanceOf(nn.Buffer);
    net.zero_grad();
  });
});

describe('Buffer', () => {
  it('is no parameter, and a tensor', () => {
    const buffer = new nn.Buffer(torch.ones(1));
    expect(buffer).toBeInstanceOf(nn.Buffer);
    expect(buffer).toBeInstanceOf(torch.Tensor);
    expect(torch.ones(1)).not.toBeInstanceOf(nn.Buffer);
    expect(torch.scope(() => new nn.Buffer(torch.ones(1))).is_disposed).toBe(false);
  });
});
