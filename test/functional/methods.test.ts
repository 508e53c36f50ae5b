// Methods that Python writes or binds by hand: operators, conversions, callbacks, and those of old.
import * as torch from 'isotorch';
import { agree } from '../support/expressions';

const f = torch.asFloat;
const x = () =>
  torch.tensor([
    [1, 2],
    [3, 4],
  ]);
const i = () =>
  torch.tensor([
    [1n, 2n],
    [3n, -4n],
  ]);
const b = () => torch.tensor([true, false]);
const one = (value: number | bigint | boolean | torch.Complex) => torch.tensor(value);
const setup = `
x = torch.tensor([[1., 2.], [3., 4.]])
i = torch.tensor([[1, 2], [3, -4]])
b = torch.tensor([True, False])`;

agree('operators', setup, [
  ['x + i', () => x().__add__(i())],
  ['i + 2.5', () => i().__add__(2.5)],
  ['i + 2.0', () => i().__add__(f(2))],
  ['2 + i', () => i().__radd__(2)],
  ['x - (1 + 2j)', () => x().__sub__({ re: 1, im: 2 })],
  ['2 - i', () => i().__rsub__(2)],
  ['3 * i', () => i().__rmul__(3)],
  ['i * b', () => i().__mul__(b())],
  ['x / i', () => x().__truediv__(i())],
  ['i.__div__(2)', () => i().__div__(2)],
  ['1 / i', () => i().__rtruediv__(1)],
  ['2 / x', () => x().__rdiv__(2)],
  ['i // 2', () => i().__floordiv__(2)],
  ['7 // i', () => i().__rfloordiv__(7)],
  ['1.5 // i', () => i().__rfloordiv__(1.5)],
  ['i % 3', () => i().__mod__(3)],
  ['5 % i', () => i().__rmod__(5)],
  ['x ** 2', () => x().__pow__(2)],
  ['2.5 ** i', () => i().__rpow__(2.5)],
  ['2 ** x', () => x().__rpow__(2)],
  ['x @ x', () => x().__matmul__(x())],
  ['x.__rmatmul__(x.t())', () => x().__rmatmul__(x().t())],
  ['x @ 2', () => x().__matmul__(2 as never)],
  ['2 @ x', () => x().__rmatmul__(2 as never)],
  ['i & 6', () => i().__and__(6)],
  ['6 & i', () => i().__rand__(6)],
  ['6 | i', () => i().__ror__(6)],
  ['6 ^ i', () => i().__rxor__(6)],
  ['i << 2', () => i().__lshift__(2)],
  ['1 << i.abs()', () => i().abs().__rlshift__(1)],
  ['64 >> i.abs()', () => i().abs().__rrshift__(64)],
  ['x < 2', () => x().__lt__(2)],
  ['x <= i', () => x().__le__(i())],
  ['x > 2', () => x().__gt__(2)],
  ['x >= 2', () => x().__ge__(2)],
  ['x == i', () => x().__eq__(i())],
  ['x != 2.5', () => x().__ne__(2.5)],
  ['+x', () => x().__pos__()],
  ['-i', () => i().__neg__()],
  ['abs(i)', () => i().__abs__()],
  ['~i', () => i().__invert__()],
  ['~b', () => b().__invert__()],
  ['~x', () => x().__invert__()],
  ['x + "a"', () => x().__add__('a' as never)],
  ['None * x', () => x().__rmul__(null as never)],
  ['x < "a"', () => x().__lt__('a' as never)],
  ['x ** "a"', () => x().__pow__('a' as never)],
  [
    '[x.__iadd__(1), x]',
    () => {
      const y = x();
      return [y.__iadd__(1), y];
    },
  ],
  [
    '[x.__isub__(i), x]',
    () => {
      const y = x();
      return [y.__isub__(i()), y];
    },
  ],
  [
    '[x.__imul__(2), x.__itruediv__(4), x.__ifloordiv__(2), x.__imod__(3), x.__ipow__(2), x]',
    () => {
      const y = x();
      return [y.__imul__(2), y.__itruediv__(4), y.__ifloordiv__(2), y.__imod__(3), y.__ipow__(2), y];
    },
  ],
  ['i.__itruediv__(2)', () => i().__itruediv__(2)],
  ['torch.Tensor.__radd__(2, x)', () => torch.Tensor.prototype.__radd__.call(2 as never, x())],
  ['torch.Tensor.__rxor__("a", i)', () => torch.Tensor.prototype.__rxor__.call('a' as never, i())],
]);

agree('to', setup, [
  ['x.to("cpu", torch.float64, True, True)', () => x().to('cpu', torch.float64, true, true)],
  ['x.to(None, torch.int64)', () => x().to(null, torch.int64)],
  ['x.to(torch.int32, False, copy=True)', () => x().to(torch.int32, false, { copy: true })],
  ['x.to(i, True)', () => x().to(i(), true)],
  ['x.to(other=i)', () => x().to({ other: i() } as never)],
  ['x.to(tensor=i)', () => x().to({ tensor: i() } as never)],
  ['x.to()', () => x().to()],
  ['x.to(i, torch.float64)', () => x().to(i(), torch.float64 as never)],
  ['x.to(torch.int64, torch.float64)', () => x().to(torch.int64, torch.float64 as never)],
  ['x.to("cpu", torch.int64, True, False, 1)', () => x().to('cpu', torch.int64, true, false, 1 as never)],
]);

agree('conversions', setup, [
  ['bool(torch.tensor(0.0))', () => one(0).__bool__()],
  ['bool(torch.tensor(2))', () => one(2n).__bool__()],
  ['bool(x)', () => x().__bool__()],
  ['bool(torch.tensor([]))', () => torch.tensor([]).__bool__()],
  ['int(torch.tensor(-2.7))', () => one(-2.7).__int__()],
  ['int(x)', () => x().__int__()],
  ['float(torch.tensor([3]))', () => torch.tensor([3n]).__float__()],
  ['float(torch.tensor(1 + 2j))', () => one({ re: 1, im: 2 }).__float__()],
  ['float(torch.tensor(1 + 0j))', () => one({ re: 1, im: 0 }).__float__()],
  ['torch.tensor(3).__index__()', () => one(3n).__index__()],
  ['torch.tensor([True]).__index__()', () => torch.tensor([true]).__index__()],
  ['torch.tensor(2.7).__index__()', () => one(2.7).__index__()],
  ['i.__index__()', () => i().__index__()],
  ['torch.tensor(1.5).__complex__().real', () => one(1.5).__complex__().re],
]);

agree('callbacks', setup, [
  ['x.apply_(lambda v: v * 10)', () => x().apply_((v) => (v as number) * 10)],
  [
    'x.t().apply_(lambda v: v + 0.5)',
    () =>
      x()
        .t()
        .apply_((v) => (v as number) + 0.5),
  ],
  ['i.apply_(lambda v: v * 1.5)', () => i().apply_((v) => (v as number) * 1.5)],
  ['b.apply_(lambda v: not v)', () => b().apply_((v) => !v)],
  [
    'x.bfloat16().apply_(lambda v: v + 1)',
    () =>
      x()
        .bfloat16()
        .apply_((v) => (v as number) + 1),
  ],
  [
    'x.map_(torch.tensor([10.0, 20.0]), lambda a, b: a + b)',
    () => x().map_(torch.tensor([10, 20]), (a, c) => (a as number) + (c as number)),
  ],
  [
    'x.map2_(x, x * 2, lambda a, b, c: a * b - c)',
    () => x().map2_(x(), x().mul(2), (a, c, d) => (a as number) * (c as number) - (d as number)),
  ],
  ['x.map_(i, lambda a, b: a)', () => x().map_(i(), (a) => a)],
  ['x.map_(torch.ones(3), lambda a, b: a)', () => x().map_(torch.ones([3]), (a) => a)],
  ['x.apply_(3)', () => x().apply_(3 as never)],
  [
    'x.requires_grad_().apply_(abs)',
    () =>
      x()
        .requires_grad_()
        .apply_((v) => v),
  ],
]);

agree('methods of old', setup, [
  ['x.type()', () => x().type()],
  ['x.to_sparse().type()', () => x().to_sparse().type()],
  ['x.to(torch.complex64).type()', () => x().to(torch.complex64).type()],
  ['x.to(torch.uint16).type()', () => x().to(torch.uint16).type()],
  ['x.to(torch.float8_e5m2).type()', () => x().to(torch.float8_e5m2).type()],
  ['x.to("meta").type()', () => x().to('meta').type()],
  ['x.type(torch.float64)', () => x().type(torch.float64)],
  ['x.type("torch.IntTensor")', () => x().type('torch.IntTensor')],
  ['x.type(torch.DoubleTensor)', () => x().type(torch.DoubleTensor)],
  ['x.type("foo")', () => x().type('foo')],
  ['x.type(3)', () => x().type(3 as never)],
  ['x.new()', () => x().new()],
  ['x.new(2, 3).shape', () => x().new(2, 3).shape],
  ['i.new([1, 2])', () => i().new([1, 2])],
  ['x.new(x)', () => x().new(x())],
  ['x.new("a")', () => x().new('a' as never)],
  ['i.new_tensor([1.5, 2])', () => i().new_tensor([1.5, 2])],
  ['i.new_tensor(x)', () => i().new_tensor(x())],
  ['x.new_tensor([1, 2], dtype=torch.int32)', () => x().new_tensor([1, 2], { dtype: torch.int32 })],
  [
    'x.new_tensor([1.0], requires_grad=True).requires_grad',
    () => x().new_tensor([1], { requires_grad: true }).requires_grad,
  ],
  ['x.new_tensor()', () => x().new_tensor(...([] as unknown as [number]))],
  ['x.module_load(x * 2)', () => x().module_load(x().mul(2))],
  ['x.module_load(i, assign=True)', () => x().module_load(i(), { assign: true })],
  ['x.to_sparse_coo().to_dense()', () => x().to_sparse_coo().to_dense()],
  ['x.resize(4)', () => x().resize(4)],
  ['x.resize(5)', () => x().resize(5)],
  ['x.resize_as(i.reshape(4, 1))', () => x().resize_as(i().reshape([4, 1]))],
  ['x.reinforce(1)', () => x().reinforce(1)],
  ['x.xpu()', () => x().xpu()],
  ['x.ipu()', () => x().ipu()],
  ['x.mtia()', () => x().mtia()],
]);

const zeros = (...size: number[]) => torch.zeros(size);
agree('dim_order', 'zeros = torch.zeros', [
  ['zeros(2, 3, 4).permute(2, 0, 1).dim_order()', () => zeros(2, 3, 4).permute(2, 0, 1).dim_order()],
  ['zeros(()).dim_order()', () => zeros().dim_order()],
  [
    'zeros(2, 3, 4, 5).to(memory_format=torch.channels_last).dim_order()',
    () => zeros(2, 3, 4, 5).to({ memory_format: torch.channels_last }).dim_order(),
  ],
  ['zeros(2, 1, 4, 4).dim_order()', () => zeros(2, 1, 4, 4).dim_order()],
  ['zeros(2, 3, 4, 5).permute(3, 1, 0, 2).dim_order()', () => zeros(2, 3, 4, 5).permute(3, 1, 0, 2).dim_order()],
  ['zeros(3).expand(2, 3).dim_order()', () => zeros(3).expand([2, 3]).dim_order()],
  [
    'zeros(1, 3).expand(2, 4, 3).transpose(0, 2).dim_order()',
    () => zeros(1, 3).expand([2, 4, 3]).transpose(0, 2).dim_order(),
  ],
  ['zeros(2, 3, 4).dim_order(ambiguity_check=True)', () => zeros(2, 3, 4).dim_order({ ambiguity_check: true })],
  ['zeros(2, 1, 4).dim_order(ambiguity_check=True)', () => zeros(2, 1, 4).dim_order({ ambiguity_check: true })],
  [
    'zeros(2, 1, 4, 4).dim_order(ambiguity_check=[torch.contiguous_format, torch.channels_last])',
    () => zeros(2, 1, 4, 4).dim_order({ ambiguity_check: [torch.contiguous_format, torch.channels_last] }),
  ],
  ['zeros(2, 3).dim_order(ambiguity_check=3)', () => zeros(2, 3).dim_order({ ambiguity_check: 3 as never })],
  ['zeros(2, 3).dim_order(True)', () => zeros(2, 3).dim_order(true as never)],
]);
