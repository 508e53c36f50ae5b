import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

const { nn } = torch;

class Net extends nn.Module {
  fc: torch.nn.Linear | null = new nn.Linear(1, 1);
  scale: torch.nn.Parameter = new nn.Parameter(torch.ones(1));
  nothing = null;

  override forward(x: Tensor): Tensor {
    return x;
  }
}

/** Assigns what the types refuse. */
function assign(module: object, name: string, value: unknown): void {
  (module as Record<string, unknown>)[name] = value;
}

const parameterNames = (module: torch.nn.Module) => module.named_parameters().map(([name]) => name);
const bufferNames = (module: torch.nn.Module) => module.named_buffers().map(([name]) => name);

describe('misuse', () => {
  const x = torch.ones(1, 1);
  const tensor = "cannot assign 'torch.FloatTensor' as";

  it.each<[string, () => object, string, unknown, string]>([
    ['a tensor', () => new nn.Linear(1, 1), 'weight', x, `${tensor} parameter 'weight' (torch.nn.Parameter or None`],
    ['a number', () => new nn.Linear(1, 1), 'weight', 5, "cannot assign 'int' as parameter 'weight'"],
    ['undefined', () => new nn.Linear(1, 1), 'weight', undefined, "cannot assign 'undefined' as parameter 'weight'"],
    [
      'a module',
      () => new nn.BatchNorm1d(2),
      'weight',
      new nn.ReLU(),
      "cannot assign 'torch.nn.modules.activation.ReLU' as parameter 'weight'",
    ],
    ['a tensor for none', () => new nn.Linear(1, 1, { bias: false }), 'bias', x, `${tensor} parameter 'bias'`],
    ['a function', () => new Net(), 'fc', torch.relu, "as child module 'fc' (torch.nn.Module or None expected)"],
    ['a tensor', () => new Net(), 'fc', x, `${tensor} child module 'fc'`],
    ['an item', () => new nn.ModuleList([new nn.ReLU()]), '0', 3, "cannot assign 'int' as child module '0'"],
    ['a number', () => new nn.BatchNorm1d(2), 'running_mean', 3, "cannot assign 'int' as buffer 'running_mean'"],
  ])('refuses %s for a member of another kind', (_, make, name, value, words) => {
    const module = make();
    expect(() => assign(module, name, value)).toThrow(TypeError);
    expect(() => assign(module, name, value)).toThrow(words);
    expect(() => Object.assign(module, { [name]: value })).toThrow(words);
    expect(() => Object.defineProperty(module, name, { value })).toThrow(words);
  });

  it('refuses names that are taken', () => {
    const net = new Net();
    expect(() => net.register_parameter('nothing', null)).toThrow("attribute 'nothing' already exists");
    expect(() => net.register_buffer('scale', x)).toThrow("attribute 'scale' already exists");
    expect(() => net.add_module('scale', new nn.ReLU())).toThrow("attribute 'scale' already exists");
    expect(() => assign(net, 'forward', new nn.Parameter(x))).toThrow("attribute 'forward' already exists");
    expect(() => assign(net, 'a.b', new nn.Parameter(x))).toThrow('parameter name can\'t contain "."');
  });

  it('names a circle of modules', () => {
    const net = new nn.Sequential(new nn.Sequential());
    (net[0] as torch.nn.Sequential).append(net);
    const circle = /maximum recursion depth exceeded: Sequential contains itself, as '0\.0'/;
    for (const walk of [
      () => net.train(),
      () => net.apply(() => {}),
      () => net.double(),
      () => net.state_dict(),
      () => net.load_state_dict({}),
      () => net.named_modules({ remove_duplicate: false }),
    ]) {
      expect(walk).toThrow(circle);
    }
    expect(net.modules()).toHaveLength(2);
    expect(String(net)).toBe('Sequential(\n  (0): Sequential(\n    (0): Sequential(...)\n  )\n)');
    const deep = Array.from({ length: 600 }).reduce<torch.nn.Layer>((inner) => new nn.Sequential(inner), new nn.ReLU());
    expect(deep.eval().modules()).toHaveLength(601);
  });
});

describe('members', () => {
  it('take values of their kind and null, and keep their place', () => {
    const layer = new nn.Linear(1, 1);
    layer.weight = new nn.Parameter(torch.zeros(1, 1));
    expect(parameterNames(layer)).toEqual(['weight', 'bias']);
    layer.bias = null;
    expect(layer(torch.ones(1, 1)).item()).toBe(0);
    expect(parameterNames(layer)).toEqual(['weight']);
    layer.bias = new nn.Parameter(torch.ones(1));
    expect(parameterNames(layer)).toEqual(['weight', 'bias']);
    const net = new Net();
    net.fc = null;
    expect(String(net)).toBe('Net(\n  (fc): None\n)');
    expect(net.modules()).toHaveLength(1);
  });

  it('change their kind where Python lets them', () => {
    const norm = new nn.BatchNorm1d(2);
    assign(norm, 'running_mean', new nn.Parameter(torch.ones(2)));
    expect(parameterNames(norm)).toEqual(['weight', 'bias', 'running_mean']);
    expect(bufferNames(norm)).toEqual(['running_var', 'num_batches_tracked']);
    const net = new Net();
    assign(net, 'fc', new nn.Parameter(torch.ones(1)));
    expect(parameterNames(net)).toEqual(['scale', 'fc']);
    assign(net, 'nothing', new nn.ReLU());
    expect(net.named_children().map(([name]) => name)).toEqual(['nothing']);
  });

  it('are deleted', () => {
    const norm = new nn.BatchNorm1d(2);
    delete (norm as { running_var?: unknown }).running_var;
    delete (norm as { weight?: unknown }).weight;
    expect(Object.keys(norm.state_dict())).toEqual(['bias', 'running_mean', 'num_batches_tracked']);
    const net = new Net();
    delete (net as { fc?: unknown }).fc;
    assign(net, 'fc', 3);
    expect(net.modules()).toHaveLength(1);
  });

  it('may be null in a ModuleList', () => {
    const list = new nn.ModuleList([null, new nn.ReLU(), null, null]);
    expect(String(list)).toBe('ModuleList(\n  (0): None\n  (1): ReLU()\n  (2-3): 2 x None\n)');
    expect([list.length, list[0], list.get(-1), list.children().length]).toEqual([4, null, null, 1]);
  });
});
