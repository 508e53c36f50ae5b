// Lazy modules: shapes from the first inputs or from a state dict, against Python.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { agree } from '../support/expressions';

const { nn } = torch;
const { LazyModuleMixin } = nn.modules.lazy;

class Scale extends nn.Module {
  weight: torch.nn.Parameter;
  declare shift: torch.Tensor;

  constructor(size: number) {
    super();
    this.weight = new nn.Parameter(torch.ones(size));
    this.register_buffer('shift', torch.zeros(size));
  }

  override forward(x: torch.Tensor): torch.Tensor {
    return x.mul(this.weight).add(this.shift);
  }
}

class LazyScale extends LazyModuleMixin(Scale) {
  override get cls_to_become() {
    return Scale;
  }

  constructor() {
    super(0);
    this.weight = new nn.UninitializedParameter();
    this.shift = new nn.UninitializedBuffer();
  }

  override initialize_parameters(input: torch.Tensor): void {
    if (!this.has_uninitialized_params()) return;
    (this.weight as torch.nn.UninitializedParameter).materialize([input.size(-1)]);
    (this.shift as torch.nn.UninitializedBuffer).materialize([input.size(-1)]);
    torch.no_grad(() => {
      this.weight.fill_(2);
      this.shift.fill_(1);
    });
  }
}

const setup = `
from torch.nn.modules.lazy import LazyModuleMixin
class Scale(nn.Module):
  def __init__(self, size):
    super().__init__()
    self.weight = nn.Parameter(torch.ones(size))
    self.register_buffer('shift', torch.zeros(size))
  def forward(self, x): return x * self.weight + self.shift
class LazyScale(LazyModuleMixin, Scale):
  cls_to_become = Scale
  def __init__(self):
    super().__init__(0)
    self.weight = nn.UninitializedParameter()
    self.shift = nn.UninitializedBuffer()
  def initialize_parameters(self, input):
    if not self.has_uninitialized_params(): return
    self.weight.materialize((input.size(-1),))
    self.shift.materialize((input.size(-1),))
    with torch.no_grad():
      self.weight.fill_(2)
      self.shift.fill_(1)
class Idle(LazyModuleMixin, Scale):
  def __init__(self):
    super().__init__(0)
    self.weight = nn.UninitializedParameter()
  def initialize_parameters(self, input): pass
def called(net, x):
  result = net(x)
  return [result, type(net).__name__, net.state_dict()]
def loaded(net, state):
  net.load_state_dict(state)
  return [net(torch.ones(2, 3)), type(net).__name__, net.state_dict()]
x = torch.arange(6.).reshape(2, 3)`;

class Idle extends LazyModuleMixin(Scale) {
  constructor() {
    super(0);
    this.weight = new nn.UninitializedParameter();
  }
  override initialize_parameters(_input: torch.Tensor): void {}
}

const x = () => torch.arange(6, { dtype: torch.float32 }).reshape([2, 3]);
const called = (net: Scale, input: torch.Tensor) => [net(input), net.constructor.name, net.state_dict()];
function loaded(net: Scale, state: ReturnType<Scale['state_dict']>) {
  net.load_state_dict(state);
  return [net(torch.ones(2, 3)), net.constructor.name, net.state_dict()];
}

agree('lazy modules', setup, [
  ['called(LazyScale(), x)', () => called(new LazyScale(), x())],
  [
    'called(nn.Sequential(LazyScale(), LazyScale()), x)',
    () => called(new nn.Sequential(new LazyScale(), new LazyScale()) as never, x()),
  ],
  ['loaded(LazyScale(), Scale(3).state_dict())', () => loaded(new LazyScale(), new Scale(3).state_dict())],
  ['loaded(LazyScale(), LazyScale().state_dict())', () => loaded(new LazyScale(), new LazyScale().state_dict())],
  ['loaded(Scale(3), LazyScale().state_dict())', () => loaded(new Scale(3), new LazyScale().state_dict())],
  ['called(Idle(), x)', () => called(new Idle(), x())],
  [
    '[LazyScale().has_uninitialized_params(), str(LazyScale()), list(LazyScale().state_dict())]',
    () => [
      new LazyScale().has_uninitialized_params(),
      String(new LazyScale()),
      Object.keys(new LazyScale().state_dict()),
    ],
  ],
]);

describe('a lazy module', () => {
  it('has no shapes still after a load that fails', () => {
    const net = new LazyScale();
    expect(() => net.load_state_dict({ ...new Scale(3).state_dict(), more: torch.ones(1) })).toThrow(
      'Unexpected key(s)',
    );
    expect(net.has_uninitialized_params()).toBe(true);
    expect(net.weight).toBeInstanceOf(nn.UninitializedParameter);
    expect(net(x()).shape).toEqual([2, 3]);
  });

  it('is copied as one', () => {
    const net = new LazyScale();
    const copy = torch.copy.deepcopy(net);
    expect(copy(x()).tolist()).toEqual([
      [1, 3, 5],
      [7, 9, 11],
    ]);
    expect(copy).not.toBeInstanceOf(LazyScale);
    expect(net.has_uninitialized_params()).toBe(true);
  });
});
