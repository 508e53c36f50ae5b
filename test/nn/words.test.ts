// What modules say of names, targets and values that cannot be: class and words are live Python's.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { className } from '../../reference/errors.mjs';
import { ask, live, skipReason } from '../support/parity';

const { nn } = torch;

function made() {
  const net = new nn.Sequential({ fc: new nn.Linear(2, 2), act: new nn.ReLU() });
  net.register_buffer('mean', torch.ones(1));
  return net as torch.nn.Sequential & { fc: torch.nn.Linear };
}

const python = `
net = nn.Sequential(OrderedDict(fc=nn.Linear(2, 2), act=nn.ReLU()))
net.register_buffer('mean', torch.ones(1))
x = torch.ones(2)
class Named(nn.Module):
  def forward(self, x): return x
Named.forward.__qualname__ = 'Named.forward'
`;

class Named extends nn.Module {
  override forward(input: torch.Tensor): torch.Tensor {
    return input;
  }
}

/** A call as JavaScript allows it. */
const call = (layer: object, ...args: unknown[]): torch.Tensor =>
  Reflect.apply(layer as () => torch.Tensor, null, args);
const forward = (layer: torch.nn.Module, ...args: unknown[]): unknown => Reflect.apply(layer.forward, layer, args);

type Net = ReturnType<typeof made>;
const x = torch.ones(2);

/** Calls of `net` that Python refuses, and the same here. */
const rows: [python: string, ours: (net: Net) => unknown][] = [
  ["net.register_buffer('a.b', x)", (net) => net.register_buffer('a.b', x)],
  ["net.register_buffer('', x)", (net) => net.register_buffer('', x)],
  ["net.register_buffer('fc', x)", (net) => net.register_buffer('fc', x)],
  ["net.register_buffer('forward', x)", (net) => net.register_buffer('forward', x)],
  ['net.register_buffer(3, x)', (net) => net.register_buffer(3 as never, x)],
  ["net.register_buffer('b', 3)", (net) => net.register_buffer('b', 3 as never)],
  ["net.register_parameter('a.b', None)", (net) => net.register_parameter('a.b', null)],
  ["net.register_parameter('', None)", (net) => net.register_parameter('', null)],
  ["net.register_parameter('mean', None)", (net) => net.register_parameter('mean', null)],
  ["net.register_parameter('p', x)", (net) => net.register_parameter('p', x as never)],
  ["net.add_module('a.b', nn.ReLU())", (net) => net.add_module('a.b', new nn.ReLU())],
  ["net.add_module('', nn.ReLU())", (net) => net.add_module('', new nn.ReLU())],
  ["net.add_module('mean', nn.ReLU())", (net) => net.add_module('mean', new nn.ReLU())],
  ['net.add_module(3, nn.ReLU())', (net) => net.add_module(3 as never, new nn.ReLU())],
  ["net.register_module('mean', nn.ReLU())", (net) => net.register_module('mean', new nn.ReLU())],
  ["net.register_module('m', x)", (net) => net.register_module('m', x as never)],
  ["net.get_submodule('fc.nothing')", (net) => net.get_submodule('fc.nothing')],
  ["net.get_submodule('fc.weight')", (net) => net.get_submodule('fc.weight')],
  ["net.get_parameter('fc.nothing')", (net) => net.get_parameter('fc.nothing')],
  ["net.get_parameter('mean')", (net) => net.get_parameter('mean')],
  ["net.get_buffer('fc.weight')", (net) => net.get_buffer('fc.weight')],
  ["net.get_buffer('nothing')", (net) => net.get_buffer('nothing')],
  ['net.train(1)', (net) => net.train(1 as never)],
  ['net.requires_grad_(1)', (net) => net.requires_grad_(1 as never)],
  ['net.to(1, 2, 3)', (net) => net.to(...([1, 2, 3] as unknown as ['cpu']))],
  ["net.to('nope')", (net) => net.to('nope')],
  ['net.to(foo=1)', (net) => net.to({ foo: 1 } as never)],
  ["net.to(torch.float64, 'cpu')", (net) => net.to(torch.float64, 'cpu' as never)],
  ["net.to('cpu', 'cpu')", (net) => net.to('cpu', 'cpu' as never)],
  ["net.to('cpu', device='cpu')", (net) => net.to('cpu', { device: 'cpu' } as never)],
  ["net.to('cpu', torch.float64, True, True)", (net) => net.to('cpu', torch.float64, true, true as never)],
  ["net.to('cpu', copy=False)", (net) => net.to('cpu', { copy: false } as never)],
  ['net.to(torch.int32)', (net) => net.to(torch.int32)],
  ["net.to(device='cpu', dtype=torch.int32)", (net) => net.to({ device: 'cpu', dtype: torch.int32 })],
  ['net.to([1])', (net) => net.to([1] as never)],
  ["net.to(dtype='x')", (net) => net.to({ dtype: 'x' as never })],
  ['net.to(other=x)', (net) => net.to({ other: x } as never)],
  ['net.append(3)', (net) => net.append(3 as never)],
  ['nn.Parameter(3)', () => new nn.Parameter(3 as never)],
  ["nn.Parameter(data='x')", () => new nn.Parameter({ data: 'x' as never })],
  ['nn.Parameter(x, 1)', () => new nn.Parameter(x, 1 as never)],
  ['nn.Parameter(data=x, requires_grad=1)', () => new nn.Parameter({ data: x, requires_grad: 1 as never })],
  ['nn.Parameter(data=x.long())', () => new nn.Parameter({ data: x.long() })],
  ['nn.Parameter(x, require_grad=True)', () => new nn.Parameter(x, { require_grad: true } as never)],
  ['net.extend(3)', (net) => net.extend(3 as never)],
  ['net.insert(0, 3)', (net) => net.insert(0, 3 as never)],
  ['net.insert(5, nn.ReLU())', (net) => net.insert(5, new nn.ReLU())],
  ['net.insert(-3, nn.ReLU())', (net) => net.insert(-3, new nn.ReLU())],
  ['net.pop(2)', (net) => net.pop(2)],
  ['nn.ModuleList().pop(0)', () => new nn.ModuleList().pop(0)],
  ['nn.ModuleList().extend(3)', () => new nn.ModuleList().extend(3 as never)],
  ['nn.ModuleList(3)', () => new nn.ModuleList(3 as never)],
  ['nn.ModuleList([3])', () => new nn.ModuleList([3 as never])],
  ['nn.ReLU()(x, x)', () => call(new nn.ReLU(), x, x)],
  ['nn.ReLU()(y=x)', () => call(new nn.ReLU(), { y: x })],
  ['nn.ReLU()(x, input=x)', () => call(new nn.ReLU(), x, { input: x })],
  ['nn.MSELoss()(x)', () => call(new nn.MSELoss(), x)],
  ['nn.Dropout().forward(x, x)', () => forward(new nn.Dropout(), x, x)],
  ['nn.CrossEntropyLoss().forward(x, x, x)', () => forward(new nn.CrossEntropyLoss(), x, x, x)],
  ['nn.CrossEntropyLoss()(x, x, weight=x)', () => call(new nn.CrossEntropyLoss(), x, x, { weight: x })],
  ['nn.BCEWithLogitsLoss()(x, x, pos_weight=x)', () => call(new nn.BCEWithLogitsLoss(), x, x, { pos_weight: x })],
  ['Named()(x, x)', () => call(new Named(), x, x)],
];

describe.skipIf(!live)(`modules refuse, as Python does${skipReason}`, () => {
  it.each(rows)('%s', async (refused, ours) => {
    // `str` of a KeyError quotes its message.
    const { out, error } = await ask({
      code: `
import json
from collections import OrderedDict
${python}
try: ${refused}
except Exception as error: return json.dumps([type(error).__name__, str(error.args[0])])`,
    });
    expect(error?.trace).toBeUndefined();
    const [theirs, message] = JSON.parse((out as { value: string }).value) as [string, string];
    let thrown: unknown;
    try {
      ours(made());
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(Error);
    const { name, message: words } = thrown as Error;
    expect([name, words]).toEqual([className(theirs), message]);
  });

  it('take keywords', () => {
    const net = made();
    expect(net.fc({ input: x }).equal(net.fc(x))).toBe(true);
    // @ts-expect-error a slip of the pen
    expect(() => net.fc({ inputs: x })).toThrow(TypeError);
    expect(new nn.MSELoss()(x, { target: x.mul(3) }).item()).toBe(4);
    expect(net.train({ mode: false }).training).toBe(false);
    expect(net.requires_grad_({ requires_grad: false }).parameters()[0]?.requires_grad).toBe(false);
    expect(net.get_parameter({ target: 'fc.weight' })).toBe(net.fc.weight);
    expect(net.append({ module: new nn.Tanh() }).length).toBe(3);
    expect(new nn.ModuleList({ modules: [new nn.ReLU()] }).insert({ index: 0, module: new nn.ReLU() }).length).toBe(2);
  });

  it('keep complex numbers complex', () => {
    const net = made();
    net.register_buffer('phase', torch.ones(1, { dtype: torch.complex128 }));
    net.register_buffer('count', torch.ones(1, { dtype: torch.int64 }));
    const dtypes = () => [...net.buffers(), ...net.parameters()].map(({ dtype }) => String(dtype));
    net.double();
    expect(dtypes()).toEqual(['torch.float64', 'torch.complex128', 'torch.int64', 'torch.float64', 'torch.float64']);
    net.type(torch.float16);
    expect(new Set(dtypes())).toEqual(new Set(['torch.float16']));
  });
});
