// Hooks with keywords and hooks of failing calls: in the order, with the arguments and the outcome of live Python.
import * as torch from 'isotorch';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const { nn } = torch;

class Net extends nn.Module {
  override forward(
    x: torch.Tensor,
    { scale = 1, fail = false }: { scale?: number; fail?: boolean } = {},
  ): torch.Tensor {
    if (fail) throw new torch.ValueError('forward failed');
    return x.mul(scale);
  }
}

const python = `
class Net(nn.Module):
  def forward(self, x, scale=1, fail=False):
    if fail: raise ValueError('forward failed')
    return x * scale
net, log, x = Net(), [], torch.ones(1)
def show(value):
  if isinstance(value, torch.Tensor): return str(value.item())
  if isinstance(value, (tuple, list)): return '[' + ', '.join(map(show, value)) + ']'
  if isinstance(value, dict): return '{' + ', '.join(f'{k}: {show(v)}' for k, v in value.items()) + '}'
  return str(value)
def hook(name, result=None, error=None):
  def run(module, *rest):
    log.append(name + ' ' + ' '.join(map(show, rest)))
    if error: raise ValueError(error)
    return result(*rest) if result else None
  return run
def call(*args, **kwargs):
  try: log.append('= ' + show(net(*args, **kwargs)))
  except Exception as error: log.append(f'{type(error).__name__}: {error}')
`;

/** The same here: a value as both languages show it, and what happened. */
function show(value: unknown): string {
  if (torch.is_tensor(value)) return Number((value as torch.Tensor).item()).toFixed(1);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, each]) => `${key}: ${show(each)}`)
      .join(', ')}}`;
  }
  return String(value);
}

class Scene {
  readonly net = new Net();
  readonly log: string[] = [];

  hook(name: string, result?: (...rest: never[]) => unknown, error?: string) {
    return (_module: object, ...rest: never[]): unknown => {
      this.log.push(`${name} ${(rest as unknown[]).map(show).join(' ')}`);
      if (error !== undefined) throw new torch.ValueError(error);
      return result?.(...rest);
    };
  }

  call(...args: Parameters<Net['forward']>): void {
    try {
      this.log.push(`= ${show(this.net(...args))}`);
    } catch (error) {
      const { name, message } = error as Error;
      this.log.push(`${name === 'TorchError' ? 'RuntimeError' : name}: ${message}`);
    }
  }
}

const x = torch.ones(1);
type Rest = [args: [torch.Tensor], kwargs: { scale?: number }];

/** Snippets of Python that register and call, and the same here. */
const scenes: [name: string, python: string, ours: (scene: Scene) => void][] = [
  [
    'keywords reach those that ask for them',
    `
net.register_forward_pre_hook(hook('plain'))
net.register_forward_pre_hook(hook('keyed'), with_kwargs=True)
net.register_forward_hook(hook('after'))
net.register_forward_hook(hook('after keyed'), with_kwargs=True)
call(x, scale=2)
call(x)`,
    (scene) => {
      scene.net.register_forward_pre_hook(scene.hook('plain'));
      scene.net.register_forward_pre_hook(scene.hook('keyed'), { with_kwargs: true });
      scene.net.register_forward_hook(scene.hook('after'));
      scene.net.register_forward_hook(scene.hook('after keyed'), { with_kwargs: true });
      scene.call(x, { scale: 2 });
      scene.call(x);
    },
  ],
  [
    'pre-hooks replace arguments and keywords',
    `
net.register_forward_pre_hook(hook('first', lambda args: args[0] * 3))
net.register_forward_pre_hook(hook('second', lambda args, kwargs: (args, {**kwargs, 'scale': 5})), with_kwargs=True)
net.register_forward_hook(hook('after', lambda args, kwargs, output: output + 1), with_kwargs=True)
net.register_forward_hook(hook('before that'), prepend=True, with_kwargs=True)
call(x)
call(x, scale=2)`,
    (scene) => {
      scene.net.register_forward_pre_hook(scene.hook('first', (args: [torch.Tensor]) => args[0].mul(3)));
      scene.net.register_forward_pre_hook(
        scene.hook('second', (...[args, kwargs]: Rest) => [args, { ...kwargs, scale: 5 }]),
        { with_kwargs: true },
      );
      scene.net.register_forward_hook(
        scene.hook('after', (_args: never, _kwargs: never, output: torch.Tensor) => output.add(1)),
        { with_kwargs: true },
      );
      scene.net.register_forward_hook(scene.hook('before that'), { prepend: true, with_kwargs: true });
      scene.call(x);
      scene.call(x, { scale: 2 });
    },
  ],
  [
    'a pre-hook with keywords has to return both',
    `
net.register_forward_pre_hook(hook('wrong', lambda args, kwargs: 3), with_kwargs=True)
call(x)`,
    (scene) => {
      scene.net.register_forward_pre_hook(
        scene.hook('wrong', () => 3),
        { with_kwargs: true },
      );
      scene.call(x);
    },
  ],
  [
    'always_call runs where forward throws',
    `
net.register_forward_hook(hook('never'))
net.register_forward_hook(hook('always'), always_call=True)
handle = net.register_forward_hook(hook('always keyed'), always_call=True, with_kwargs=True)
call(x, fail=True)
handle.remove()
call(x, fail=True)
call(x)`,
    (scene) => {
      scene.net.register_forward_hook(scene.hook('never'));
      scene.net.register_forward_hook(scene.hook('always'), { always_call: true });
      const handle = scene.net.register_forward_hook(scene.hook('always keyed'), {
        always_call: true,
        with_kwargs: true,
      });
      scene.call(x, { fail: true });
      handle.remove();
      scene.call(x, { fail: true });
      scene.call(x);
    },
  ],
  [
    'always_call runs once, and not again where it threw itself',
    `
net.register_forward_hook(hook('first', lambda args, output: output + 1), always_call=True)
net.register_forward_hook(hook('throws', None, 'in a hook'))
net.register_forward_hook(hook('always throws', None, 'silenced'), always_call=True)
net.register_forward_hook(hook('last'), always_call=True)
call(x)`,
    (scene) => {
      scene.net.register_forward_hook(
        scene.hook('first', (_args: never, output: torch.Tensor) => output.add(1)),
        { always_call: true },
      );
      scene.net.register_forward_hook(scene.hook('throws', undefined, 'in a hook'));
      scene.net.register_forward_hook(scene.hook('always throws', undefined, 'silenced'), { always_call: true });
      scene.net.register_forward_hook(scene.hook('last'), { always_call: true });
      scene.call(x);
    },
  ],
  [
    'always_call runs where a pre-hook throws',
    `
net.register_forward_pre_hook(hook('throws', None, 'in a pre-hook'))
net.register_forward_hook(hook('always'), always_call=True)
call(x, scale=3)`,
    (scene) => {
      scene.net.register_forward_pre_hook(scene.hook('throws', undefined, 'in a pre-hook'));
      scene.net.register_forward_hook(scene.hook('always'), { always_call: true });
      scene.call(x, { scale: 3 });
    },
  ],
];

describe.skipIf(!live)(`hooks, as in Python${skipReason}`, () => {
  for (const [name, code, ours] of scenes) {
    it(name, async () => {
      const { out, error } = await ask({ code: `${python}${code}\nreturn '\\n'.join(log)` });
      expect(error?.trace).toBeUndefined();
      const scene = new Scene();
      ours(scene);
      expect(scene.log.join('\n')).toBe((out as { value: string }).value);
    });
  }
});

describe('hooks', () => {
  const warnings: string[] = [];
  const listen = (warning: Error): void => void warnings.push(warning.message);
  afterEach(() => {
    process.off('warning', listen);
  });

  it('warn of what a hook throws after the call has failed', async () => {
    process.on('warning', listen);
    const net = new Net();
    net.register_forward_hook(
      () => {
        throw new Error('silenced');
      },
      { always_call: true },
    );
    expect(() => net(x, { fail: true })).toThrow('forward failed');
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([
      'module forward hook with ``always_call=True`` raised an exception that was silenced as another error was raised in forward: silenced',
    ]);
  });

  it('take an object for an argument where forward has a parameter for it', () => {
    class Batched extends nn.Module {
      override forward(batch: { x: torch.Tensor }): torch.Tensor {
        return batch.x;
      }
    }
    const net = new Batched();
    const seen: unknown[] = [];
    net.register_forward_hook(
      (_module, args, kwargs) => {
        seen.push(args, kwargs);
      },
      { with_kwargs: true },
    );
    net({ x });
    expect(seen).toEqual([[{ x }], {}]);
  });

  it('of layers see their keywords', () => {
    const seen: unknown[] = [];
    const layer = new nn.ReLU();
    layer.register_forward_pre_hook(
      (_module, args, kwargs) => {
        seen.push(args, kwargs);
      },
      { with_kwargs: true },
    );
    (layer as unknown as (keywords: { input: torch.Tensor }) => torch.Tensor)({ input: x });
    expect(seen).toEqual([[], { input: x }]);
  });
});
