// Hooks on the backward pass, on saving and loading, of all modules, and what a failed load leaves: against Python.
import * as torch from 'isotorch';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const { nn } = torch;
const { module: globals } = nn.modules;
type Log = (name: string, result?: (...args: never[]) => unknown) => (...args: never[]) => unknown;

const python = `
from torch.nn.modules import module as globals_
log = []
class Net(nn.Module):
  def __init__(self):
    super().__init__()
    self.a = nn.Linear(2, 2)
    self.b = nn.Linear(2, 1)
    with torch.no_grad():
      for p in self.parameters(): p.fill_(2)
  def forward(self, x): return self.b(self.a(x))
class Pair(nn.Module):
  def forward(self, x, y): return x * y, 3, x + 1
class Extra(nn.Module):
  def __init__(self):
    super().__init__()
    self.w = nn.Parameter(torch.ones(1))
    self.note = 'first'
  def get_extra_state(self): return self.note
  def set_extra_state(self, state):
    log.append('set ' + str(state))
    self.note = state
def show(value):
  if isinstance(value, torch.Tensor): return str(value.tolist()).replace('.0', '')
  if isinstance(value, (tuple, list)): return '[' + ', '.join(map(show, value)) + ']'
  if isinstance(value, dict): return '{' + ', '.join(f'{k}: {show(v)}' for k, v in value.items()) + '}'
  if isinstance(value, nn.Module): return type(value).__name__
  return str(value)
def hook(name, result=None):
  def run(*args):
    log.append(name + ' ' + ' '.join(map(show, args)))
    return result(*args) if result else None
  return run
def attempt(act):
  try: log.append('= ' + show(act()))
  except Exception as error: log.append(f'{type(error).__name__}: {error}')
net, pair, extra = Net(), Pair(), Extra()
x = torch.ones(1, 2, requires_grad=True)
def back(module=net, *inputs):
  x.grad = None
  out = module(*(inputs or (x,)))
  (out[0] if isinstance(out, tuple) else out).sum().backward()
  return x.grad
`;

class Net extends nn.Module {
  a = new nn.Linear(2, 2);
  b = new nn.Linear(2, 1);
  constructor() {
    super();
    torch.no_grad(() => {
      for (const p of this.parameters()) p.fill_(2);
    });
  }
  override forward(x: torch.Tensor): torch.Tensor {
    return this.b(this.a(x));
  }
}

class Pair extends nn.Module {
  override forward(x: torch.Tensor, y: torch.Tensor): unknown[] {
    return [x.mul(y), 3, x.add(1)];
  }
}

class Extra extends nn.Module {
  w = new nn.Parameter(torch.ones(1));
  note: unknown = 'first';
  readonly log: string[];
  constructor(log: string[]) {
    super();
    this.log = log;
  }
  override get_extra_state(): unknown {
    return this.note;
  }
  override set_extra_state(state: unknown): void {
    this.log.push(`set ${state}`);
    this.note = state;
  }
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (torch.is_tensor(value)) return JSON.stringify((value as torch.Tensor).tolist()).replaceAll(',', ', ');
  if (value instanceof nn.Module) return value.constructor.name;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Map) return `{${[...value].map(([key, each]) => `${key}: ${show(each)}`).join(', ')}}`;
  if (typeof value === 'object' && Symbol.iterator in value) return show([...(value as Iterable<unknown>)]);
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, each]) => `${key}: ${show(each)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}

class Scene {
  readonly log: string[] = [];
  readonly net = new Net();
  readonly pair = new Pair();
  readonly extra = new Extra(this.log);
  readonly x = torch.ones(1, 2, { requires_grad: true });

  hook: Log =
    (name, result) =>
    (...args) => {
      this.log.push(`${name} ${(args as unknown[]).map(show).join(' ')}`);
      return result?.(...args);
    };

  attempt(act: () => unknown): void {
    try {
      this.log.push(`= ${show(act())}`);
    } catch (error) {
      const { name, message } = error as Error;
      this.log.push(`${name === 'TorchError' ? 'RuntimeError' : name}: ${message}`);
    }
  }

  back(module: torch.nn.Module = this.net, ...inputs: torch.Tensor[]): torch.Tensor | null {
    this.x.grad = null;
    const call = module as unknown as (...given: torch.Tensor[]) => torch.Tensor | torch.Tensor[];
    const out = call(...(inputs.length > 0 ? inputs : [this.x]));
    (Array.isArray(out) ? out[0]! : out).sum().backward();
    return this.x.grad;
  }
}

type Grads = readonly torch.Tensor[];
const twice = (_m: never, [grad]: Grads): unknown => [grad!.mul(2)];

const scenes: [name: string, python: string, ours: (scene: Scene) => void][] = [
  [
    'full hooks see and change gradients, in order',
    `
net.a.register_full_backward_hook(hook('a'))
net.a.register_full_backward_hook(hook('double', lambda m, gi, go: (gi[0] * 2,)))
net.register_full_backward_hook(hook('first'), prepend=True)
net.register_full_backward_pre_hook(hook('pre', lambda m, go: (go[0] * 3,)))
handle = net.b.register_full_backward_pre_hook(hook('b pre'))
attempt(back)
handle.remove()
attempt(back)`,
    ({ net, hook, attempt, ...scene }) => {
      void scene;
      net.a.register_full_backward_hook(hook('a') as never);
      net.a.register_full_backward_hook(hook('double', twice as never) as never);
      net.register_full_backward_hook(hook('first') as never, { prepend: true });
      net.register_full_backward_pre_hook(
        hook('pre', ((_m: never, [grad]: Grads) => [grad!.mul(3)]) as never) as never,
      );
      const handle = net.b.register_full_backward_pre_hook(hook('b pre') as never);
      void attempt;
      return handle;
    },
  ],
  [
    'several inputs and outputs',
    `
pair.register_full_backward_hook(hook('pair'))
pair.register_full_backward_pre_hook(hook('pair pre'))
attempt(lambda: back(pair, x, torch.full((1, 2), 5.)))`,
    ({ pair, hook }) => {
      pair.register_full_backward_hook(hook('pair') as never);
      pair.register_full_backward_pre_hook(hook('pair pre') as never);
    },
  ],
  [
    'wrong numbers of gradients',
    `
net.register_full_backward_hook(hook('many', lambda m, gi, go: (gi[0], gi[0])))
attempt(back)`,
    ({ net, hook }) => {
      net.register_full_backward_hook(hook('many', ((_m: never, [g]: Grads) => [g, g]) as never) as never);
    },
  ],
  [
    'wrong numbers before',
    `
net.register_full_backward_pre_hook(hook('many', lambda m, go: (go[0], go[0])))
attempt(back)`,
    ({ net, hook }) => {
      net.register_full_backward_pre_hook(hook('many', ((_m: never, [g]: Grads) => [g, g]) as never) as never);
    },
  ],
  [
    'no input needs a gradient',
    `
net.register_full_backward_hook(hook('no input'))
attempt(lambda: back(net, torch.ones(1, 2)))`,
    ({ net, hook }) => {
      net.register_full_backward_hook(hook('no input') as never);
    },
  ],
  [
    'hooks of the old kind',
    `
net.b.register_backward_hook(hook('old'))
attempt(lambda: net.b.register_full_backward_hook(hook('no')))
attempt(back)`,
    ({ net, hook, attempt }) => {
      net.b.register_backward_hook(hook('old') as never);
      void attempt;
    },
  ],
];

/** What each scene does after its hooks are there. */
const acts: ((scene: Scene) => void)[] = [
  (scene) => {
    scene.attempt(() => scene.back());
  },
  (scene) => scene.attempt(() => scene.back(scene.pair, scene.x, torch.full([1, 2], torch.asFloat(5)))),
  (scene) => scene.attempt(() => scene.back()),
  (scene) => scene.attempt(() => scene.back()),
  (scene) => scene.attempt(() => scene.back(scene.net, torch.ones(1, 2))),
  (scene) => {
    scene.attempt(() => scene.net.b.register_full_backward_hook(scene.hook('no') as never));
    scene.attempt(() => scene.back());
  },
];

const plain = (text: string): string => text.split('\nException raised from')[0]!;

async function theirLog(code: string): Promise<string> {
  const { out, error } = await ask({ code: `${python}${code}\nreturn '\\n'.join(log)` });
  expect(error?.trace).toBeUndefined();
  return (out as { value: string }).value.split('\n').map(plain).join('\n');
}

describe.skipIf(!live)(`hooks on the backward pass, as in Python${skipReason}`, () => {
  for (const [i, [name, code, ours]] of scenes.entries()) {
    it(name, async () => {
      const theirs = await theirLog(code);
      const scene = new Scene();
      const handle = ours(scene) as unknown as torch.RemovableHandle | undefined;
      acts[i]!(scene);
      if (handle !== undefined) {
        handle.remove();
        acts[i]!(scene);
      }
      expect(scene.log.join('\n')).toBe(theirs);
    });
  }
});

const handles: torch.RemovableHandle[] = [];
afterEach(() => {
  for (const handle of handles.splice(0)) handle.remove();
});

describe.skipIf(!live)(`hooks of all modules, as in Python${skipReason}`, () => {
  it('run before those of the module', async () => {
    const theirs = await theirLog(`
handles = [
  globals_.register_module_forward_pre_hook(hook('all pre')),
  globals_.register_module_forward_hook(hook('all')),
  globals_.register_module_full_backward_pre_hook(hook('all back pre')),
  globals_.register_module_full_backward_hook(hook('all back')),
]
net.b.register_forward_pre_hook(hook('pre'))
net.b.register_full_backward_hook(hook('back'))
attempt(back)
attempt(lambda: globals_.register_module_backward_hook(hook('no')))
for handle in handles: handle.remove()
attempt(back)`);
    const scene = new Scene();
    const { hook } = scene;
    handles.push(
      globals.register_module_forward_pre_hook(hook('all pre') as never),
      globals.register_module_forward_hook(hook('all') as never),
      globals.register_module_full_backward_pre_hook(hook('all back pre') as never),
      globals.register_module_full_backward_hook(hook('all back') as never),
    );
    scene.net.b.register_forward_pre_hook(hook('pre') as never);
    scene.net.b.register_full_backward_hook(hook('back') as never);
    scene.attempt(() => scene.back());
    scene.attempt(() => globals.register_module_backward_hook(hook('no') as never));
    for (const handle of handles) handle.remove();
    scene.attempt(() => scene.back());
    expect(scene.log.join('\n')).toBe(theirs);
  });

  it('see what becomes a parameter, a buffer or a submodule', async () => {
    const theirs = await theirLog(`
handles = [
  globals_.register_module_parameter_registration_hook(lambda m, n, v: log.append(f'parameter {show(m)} {n} {show(v)}')),
  globals_.register_module_buffer_registration_hook(lambda m, n, v: log.append(f'buffer {show(m)} {n} {show(v)}')),
  globals_.register_module_module_registration_hook(lambda m, n, v: log.append(f'module {show(m)} {n} {show(v)}')),
]
net.w = nn.Parameter(torch.ones(1))
net.register_parameter('none', None)
net.register_buffer('count', torch.zeros(2))
net.count = torch.ones(2)
net.c = nn.ReLU()
net.add_module('d', nn.ReLU())
net.c = None
for handle in handles: handle.remove()`);
    const scene = new Scene();
    const say = (kind: string) => (module: object, name: string, value: unknown) =>
      void scene.log.push(`${kind} ${show(module)} ${name} ${show(value)}`);
    handles.push(
      globals.register_module_parameter_registration_hook(say('parameter')),
      globals.register_module_buffer_registration_hook(say('buffer')),
      globals.register_module_module_registration_hook(say('module')),
    );
    const net = scene.net as unknown as Record<string, unknown> & Net;
    net.w = new nn.Parameter(torch.ones(1));
    net.register_parameter('none', null);
    net.register_buffer('count', torch.zeros(2));
    net.count = torch.ones(2);
    net.c = new nn.ReLU();
    net.add_module('d', new nn.ReLU());
    net.c = null;
    expect(scene.log.join('\n')).toBe(theirs);
  });
});

describe.skipIf(!live)(`saving and loading, as in Python${skipReason}`, () => {
  it('call their hooks', async () => {
    const theirs = await theirLog(`
net.a.register_state_dict_pre_hook(lambda m, prefix, keep: log.append(f'save pre {show(m)} {prefix} {keep}'))
net.register_state_dict_post_hook(lambda m, state, prefix, meta: log.append(f'saved {show(m)} {prefix} {list(state)} {show(meta)}'))
net.a.register_load_state_dict_pre_hook(lambda m, state, prefix, meta, strict, missing, unexpected, errors: (log.append(f'load pre {show(m)} {prefix} {list(state)} {strict}'), state.pop(prefix + 'extra', None)) and None)
net.register_load_state_dict_post_hook(lambda m, keys: log.append(f'loaded {show(m)} {keys.missing_keys} {keys.unexpected_keys}'))
state = net.state_dict()
attempt(lambda: net.load_state_dict({**state, 'a.extra': torch.ones(1)}, strict=False))
attempt(lambda: net.load_state_dict(state))
attempt(lambda: extra.state_dict())
attempt(lambda: extra.load_state_dict({'w': torch.ones(1), '_extra_state': 'second'}))
attempt(lambda: extra.load_state_dict({'w': torch.ones(1)}))
attempt(lambda: net.load_state_dict({**state, '_extra_state': 3}))
attempt(lambda: nn.Module().get_extra_state())`);
    const scene = new Scene();
    const { net, extra, log } = scene;
    const list = (keys: Iterable<string>): string => `[${[...keys].map((key) => `'${key}'`).join(', ')}]`;
    net.a.register_state_dict_pre_hook(
      (m, prefix, keep) => void log.push(`save pre ${show(m)} ${prefix} ${show(keep)}`),
    );
    net.register_state_dict_post_hook(
      (m, state, prefix, meta) => void log.push(`saved ${show(m)} ${prefix} ${list(Object.keys(state))} ${show(meta)}`),
    );
    net.a.register_load_state_dict_pre_hook(((
      m: object,
      state: Map<string, unknown>,
      prefix: string,
      _: object,
      strict: boolean,
    ) => {
      log.push(`load pre ${show(m)} ${prefix} ${list(state.keys())} ${show(strict)}`);
      state.delete(`${prefix}extra`);
    }) as never);
    net.register_load_state_dict_post_hook((m, keys) => {
      const { missing_keys, unexpected_keys } = keys as { missing_keys: string[]; unexpected_keys: string[] };
      log.push(`loaded ${show(m)} ${list(missing_keys)} ${list(unexpected_keys)}`);
    });
    const state = net.state_dict();
    scene.attempt(() => net.load_state_dict({ ...state, 'a.extra': torch.ones(1) }, { strict: false }));
    scene.attempt(() => net.load_state_dict(state));
    scene.attempt(() => extra.state_dict());
    scene.attempt(() => extra.load_state_dict({ w: torch.ones(1), _extra_state: 'second' as never }));
    scene.attempt(() => extra.load_state_dict({ w: torch.ones(1) }));
    scene.attempt(() => net.load_state_dict({ ...state, _extra_state: 3 as never }));
    scene.attempt(() => new (class extends nn.Module {})().get_extra_state());
    expect(scene.log.join('\n')).toBe(theirs);
  });
});

describe('a load that fails', () => {
  const stateOf = (net: torch.nn.Module) => JSON.stringify(net.parameters().map((p) => p.tolist()));
  const good = () => {
    const { ...state } = new Net().state_dict();
    return Object.fromEntries(Object.entries(state).map(([name, tensor]) => [name, tensor.clone().fill_(7)]));
  };
  const wrong: [string, () => Record<string, torch.Tensor>][] = [
    [
      'for a missing key',
      () => {
        const { 'b.bias': _, ...state } = good();
        return state;
      },
    ],
    ['for an unexpected key', () => ({ ...good(), more: torch.ones(1) })],
    ['for a misshapen one', () => ({ ...good(), 'b.bias': torch.ones(5) })],
    ['for what is no tensor', () => ({ ...good(), 'b.bias': 3 as never })],
    ['while it copies', () => ({ ...good(), 'b.bias': torch.ones([1], { device: 'meta' }) })],
  ];

  it.each(wrong)('%s, leaves the module as it was', (_, state) => {
    for (const hooked of [false, true]) {
      for (const assign of [false, true]) {
        const net = new Net();
        if (hooked) net.register_load_state_dict_post_hook(() => undefined);
        const [was, tensors] = [stateOf(net), net.parameters()];
        const given = state();
        if (assign && given['b.bias']?.is_meta) continue;
        expect(() => net.load_state_dict(given, { assign })).toThrow('Error(s) in loading state_dict for Net');
        expect(stateOf(net)).toBe(was);
        expect(net.parameters().every((p, i) => p === tensors[i])).toBe(true);
      }
    }
  });
});

describe('modules', () => {
  it('get other submodules by path, and memory on a device', () => {
    const net = new nn.Sequential(new Net(), new nn.ReLU());
    net.set_submodule('0.a', new nn.Tanh());
    expect(String(net.get_submodule('0.a'))).toBe('Tanh()');
    expect(() => net.set_submodule('0.q', new nn.Tanh(), { strict: true })).toThrow('Net has no attribute `q`');
    expect(() => net.set_submodule('', new nn.Tanh())).toThrow('Cannot set the submodule without a target name!');
    const layer = new nn.Linear(2, 2, { device: 'meta' });
    expect(() => layer.to('cpu')).toThrow('Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to()');
    expect(layer.to_empty({ device: 'cpu' }).weight.device.type).toBe('cpu');
    expect(layer.weight.requires_grad).toBe(true);
  });

  it('say whether all keys matched', () => {
    const net = new Net();
    expect(String(net.load_state_dict(net.state_dict()))).toBe('<All keys matched successfully>');
    expect(String(net.load_state_dict({}, false))).toBe(
      "_IncompatibleKeys(missing_keys=['a.weight', 'a.bias', 'b.weight', 'b.bias'], unexpected_keys=[])",
    );
  });
});
