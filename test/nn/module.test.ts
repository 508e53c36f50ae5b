import { inspect } from 'node:util';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from './values';

const { nn } = torch;

class Net extends nn.Module {
  fc1 = new nn.Linear(2, 3);
  scale = new nn.Parameter(torch.ones(1));
  act: InstanceType<typeof nn.ReLU> | null = null;
  fc2 = new nn.Linear(3, 1, { bias: false });
  declare count: Tensor | null;

  constructor() {
    super();
    this.register_buffer('count', torch.zeros(1));
    this.register_buffer('scratch', torch.ones(2), { persistent: false });
    this.register_buffer('nothing', null);
  }

  override forward(x: Tensor): Tensor {
    return this.fc2(this.fc1(x));
  }
}

describe('misuse', () => {
  it('refuses names that cannot be', () => {
    const net = new Net();
    const t = torch.ones(1);
    expect(() => net.register_buffer('a.b', t)).toThrow('buffer name can\'t contain "."');
    expect(() => net.register_buffer('', t)).toThrow('buffer name can\'t be empty string ""');
    expect(() => net.register_buffer('fc1', t)).toThrow("attribute 'fc1' already exists");
    expect(() => net.register_buffer('forward', t)).toThrow("attribute 'forward' already exists");
    expect(() => net.register_parameter('a.b', null)).toThrow('parameter name can\'t contain "."');
    expect(() => net.add_module('a.b', net)).toThrow('module name can\'t contain ".", got: a.b');
    expect(() => net.add_module('__proto__', net)).toThrow(torch.KeyError);
    expect(() => net.register_buffer(3 as never, t)).toThrow(TypeError);
  });

  it('refuses values of the wrong kind', () => {
    const net = new Net();
    expect(() => net.register_buffer('q', 3 as never)).toThrow(
      "cannot assign 'int' object to buffer 'q' (torch Tensor or None required)",
    );
    expect(() => net.register_parameter('q', torch.ones(1) as never)).toThrow(
      "cannot assign 'torch.FloatTensor' object to parameter 'q' (torch.nn.Parameter or None required)",
    );
    expect(() => net.add_module('q', 3 as never)).toThrow('int is not a Module subclass');
    expect(() => {
      net.count = 3 as never;
    }).toThrow("cannot assign 'int' as buffer 'count' (torch.nn.Buffer, torch.Tensor or None expected)");
    expect(() => new nn.Parameter(3 as never)).toThrow(TypeError);
    expect(() => new nn.Parameter(torch.tensor([1n]))).toThrow(torch.TorchError);
  });

  it('has no forward unless written', () => {
    expect(() => new nn.ModuleList().forward()).toThrow(
      'Module [ModuleList] is missing the required "forward" function',
    );
  });

  it('refuses modes, dtypes and devices that are none', () => {
    const net = new Net();
    expect(() => net.train(3 as never)).toThrow('training mode is expected to be boolean');
    expect(() => net.to(torch.int64)).toThrow(
      'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64',
    );
    expect(() => net.to(3 as never)).toThrow(TypeError);
    expect(() => net.to('nowhere')).toThrow(torch.TorchError);
    expect(() => net.to({ dtyp: torch.float64 } as never)).toThrow(
      'to() received an invalid combination of arguments - got (dtyp=torch.dtype, ), but expected one of:',
    );
  });

  it('finds nothing under a wrong path', () => {
    const net = new Net();
    expect(() => net.get_submodule('fc1.x')).toThrow('Linear has no attribute `x`');
    expect(() => net.get_submodule('scale')).toThrow('`scale` is not an nn.Module');
    expect(() => net.get_parameter('fc1')).toThrow('`fc1` is not an nn.Parameter');
    expect(() => net.get_buffer('scale')).toThrow('`scale` is not a buffer');
  });
});

describe('what a module is made of', () => {
  it('lists parameters, buffers and submodules in Python order', () => {
    const net = new Net();
    const names = net.named_parameters().map(([name]) => name);
    // Own parameters come before those of submodules, as in Python.
    expect(names).toEqual(['scale', 'fc1.weight', 'fc1.bias', 'fc2.weight']);
    expect(net.named_parameters({ prefix: 'g' })[1]![0]).toBe('g.fc1.weight');
    expect(net.parameters({ recurse: false })[0] === net.scale).toBe(true);
    expect(net.parameters(false)).toHaveLength(1);
    expect(net.named_buffers().map(([name]) => name)).toEqual(['count', 'scratch']);
    expect(net.named_children().map(([name]) => name)).toEqual(['fc1', 'fc2']);
    expect(net.named_modules().map(([name]) => name)).toEqual(['', 'fc1', 'fc2']);
    expect(net.get_parameter('fc1.weight') === net.fc1.weight).toBe(true);
    expect(net.get_submodule('fc2')).toBe(net.fc2);
    expect(net.get_submodule('')).toBe(net);
  });

  it('lists what is shared once', () => {
    const shared = new nn.Linear(2, 2);
    const net = new nn.Sequential(shared, shared);
    expect(net.parameters()).toHaveLength(2);
    expect(net.named_parameters({ remove_duplicate: false }).map(([name]) => name)).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
    ]);
    expect(net.children()).toHaveLength(1);
    expect(net.modules()).toHaveLength(2);
    expect(Object.keys(net.state_dict())).toHaveLength(4);
  });

  it('keeps parameters and buffers out of scopes', () => {
    const net = torch.scope(() => {
      const made = new Net();
      made.count = torch.ones(1).add(1);
      return { made };
    }).made;
    torch.scope(() => {
      net.count = torch.ones(1).mul(7);
    });
    expect(values(net.count!)).toEqual([7]);
    expect(net.fc1.weight.is_disposed).toBe(false);
    expect(net.get_buffer('scratch').is_disposed).toBe(false);
  });

  it('shares the storage but not the history of what becomes a parameter', () => {
    const source = torch.ones(2).requires_grad_();
    const param = new nn.Parameter(source.mul(2));
    expect(param).toBeInstanceOf(torch.Tensor);
    expect(param.is_leaf).toBe(true);
    expect(param.requires_grad).toBe(true);
    const data = torch.zeros(2);
    const frozen = new nn.Parameter(data, false);
    data.fill_(3);
    expect(values(frozen)).toEqual([3, 3]);
    expect(frozen.requires_grad).toBe(false);
    expect(torch.no_grad(() => new nn.Parameter(data)).requires_grad).toBe(true);
  });
});

describe('modes, gradients, conversion', () => {
  it('switches modes and freezes', () => {
    const net = new nn.Sequential(new nn.Dropout(), new nn.Linear(1, 1));
    expect(net.eval()).toBe(net);
    expect(net.modules().map((module) => module.training)).toEqual([false, false, false]);
    net.train();
    expect(net.get(0).training).toBe(true);
    net.requires_grad_(false);
    expect(net.parameters().some((param) => param.requires_grad)).toBe(false);
  });

  it('forgets gradients, or fills them with zeros', () => {
    const net = new nn.Linear(1, 1);
    net(torch.ones(1, 1)).sum().backward();
    net.zero_grad({ set_to_none: false });
    expect(values(net.weight.grad!)).toEqual([0]);
    net.zero_grad();
    expect(net.weight.grad).toBe(null);
    expect(() => net.zero_grad({ set_to_non: true } as never)).toThrow(TypeError);
  });

  it('converts floating-point tensors in place, gradients included, and leaves integers', () => {
    const net = new nn.BatchNorm1d(2);
    const weight = net.weight!;
    net(torch.ones(2, 2)).sum().backward();
    expect(net.double()).toBe(net);
    expect(net.weight === weight).toBe(true);
    expect(weight.dtype).toBe(torch.float64);
    expect(weight.grad!.dtype).toBe(torch.float64);
    expect(net.running_mean!.dtype).toBe(torch.float64);
    expect(net.num_batches_tracked!.dtype).toBe(torch.int64);
    net.to({ device: 'cpu', dtype: torch.float32 });
    expect(weight.dtype).toBe(torch.float32);
    expect(net.to(torch.ones(1, { dtype: torch.float64 })).weight!.dtype).toBe(torch.float64);
    const conv = new nn.Conv2d(2, 2, 2).to({ memory_format: torch.channels_last });
    expect(conv.weight.is_contiguous({ memory_format: torch.channels_last })).toBe(true);
    expect(conv.bias!.is_contiguous()).toBe(true);
  });

  it('applies a function deepest first', () => {
    const seen: string[] = [];
    new nn.Sequential(new nn.ReLU(), new nn.Sequential(new nn.Tanh())).apply((module) => {
      seen.push(module.constructor.name);
    });
    expect(seen).toEqual(['ReLU', 'Tanh', 'Sequential', 'Sequential']);
  });
});

describe('hooks', () => {
  it('run around call, not around forward, in order, and can be removed', () => {
    const layer = new nn.ReLU();
    const seen: string[] = [];
    const first = layer.register_forward_hook((module, [input], output) => {
      seen.push('hook');
      expect(module).toBe(layer);
      expect(values(input!)).toEqual([4]);
      return output.add(1);
    });
    layer.register_forward_hook(() => void seen.push('prepended'), { prepend: true });
    const pre = layer.register_forward_pre_hook((_, [input]) => {
      seen.push('pre');
      return input!.mul(2);
    });
    expect(values(layer(torch.tensor([2])))).toEqual([5]);
    expect(seen).toEqual(['pre', 'prepended', 'hook']);
    expect(values(layer.forward(torch.tensor([2])))).toEqual([2]);
    first.remove();
    pre.remove();
    pre.remove();
    expect(values(layer(torch.tensor([2])))).toEqual([2]);
    expect(() => layer.register_forward_hook(() => null, { prepen: true } as never)).toThrow(TypeError);
  });

  it('run inside containers', () => {
    const net = new nn.Sequential(new nn.ReLU());
    net.get(0).register_forward_hook((_, __, output) => output.add(1));
    expect(values(net(torch.tensor([2])))).toEqual([3]);
  });
});

describe('printing', () => {
  it('looks like Python', () => {
    const net = new nn.Sequential(
      new nn.Conv2d(3, 4, 3, { stride: 2, padding: 'valid', bias: false, groups: 1 }),
      new nn.BatchNorm2d(4, { momentum: null, affine: false }),
      new nn.Sequential({ act: new nn.LeakyReLU(0.2, true), drop: new nn.Dropout(0.3) }),
      new nn.ConvTranspose2d(4, 4, 3, 2, 1, { output_padding: 1, dilation: 2, groups: 2 }),
      new nn.Embedding(3, 4, { padding_idx: -1, max_norm: 2.5 }),
      new nn.Flatten(),
      new nn.Unflatten(1, [2, 3]),
      new nn.ReLU({ inplace: true }),
    );
    expect(String(net)).toBe(`Sequential(
  (0): Conv2d(3, 4, kernel_size=(3, 3), stride=(2, 2), padding=valid, bias=False)
  (1): BatchNorm2d(4, eps=1e-05, momentum=None, affine=False, bias=False, track_running_stats=True)
  (2): Sequential(
    (act): LeakyReLU(negative_slope=0.2, inplace=True)
    (drop): Dropout(p=0.3, inplace=False)
  )
  (3): ConvTranspose2d(4, 4, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 1), groups=2)
  (4): Embedding(3, 4, padding_idx=2, max_norm=2.5)
  (5): Flatten(start_dim=1, end_dim=-1)
  (6): Unflatten(dim=1, unflattened_size=(2, 3))
  (7): ReLU(inplace=True)
)`);
    expect(inspect(new nn.Linear(1, 2))).toBe('Linear(in_features=1, out_features=2, bias=True)');
    expect(String(new nn.Sequential())).toBe('Sequential()');
    const list = new nn.ModuleList([new nn.Linear(1, 2), new nn.Linear(1, 2), new nn.Tanh()]);
    expect(String(list)).toBe(`ModuleList(
  (0-1): 2 x Linear(in_features=1, out_features=2, bias=True)
  (2): Tanh()
)`);
  });
});

describe('Sequential of named layers', () => {
  it('takes an object or a Map, whose order counts also for names like numbers', () => {
    const layers: [string, torch.nn.Linear | torch.nn.ReLU][] = [
      ['1', new nn.Linear(1, 1)],
      ['act', new nn.ReLU()],
      ['0', new nn.Linear(1, 1, { bias: false })],
    ];
    const net = new nn.Sequential(new Map(layers));
    expect(Object.keys(net.state_dict())).toEqual(['1.weight', '1.bias', '0.weight']);
    expect(String(new nn.Sequential({ act: new nn.ReLU() }))).toBe('Sequential(\n  (act): ReLU()\n)');
    expect(() => new nn.Sequential(new Map([['a', 5]]) as never)).toThrow(TypeError);
  });
});
