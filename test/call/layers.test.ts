// Constructors of layers, losses and optimizers: names, order and defaults of the parameters are live Python's.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const { nn } = torch;
type Class = new (...args: never[]) => object;

const ELSEWHERE =
  /^(Module|ModuleList|ModuleDict|Sequential|ParameterList|ParameterDict|Container|Parameter|Buffer|Uninitialized\w+|Identity|Sigmoid|LogSigmoid|Softmax2d|Softsign|Tanh|Tanhshrink|(RNN|LSTM|GRU)\w*|Transformer\w*|MultiheadAttention)$/;

/** Losses and layers; not those without parameters of their own, nor containers, which take modules, nor what recurrent layers make of keywords. */
const names = Object.entries<unknown>(nn)
  .filter(([, value]) => typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value)))
  .map(([name]) => name)
  .filter((name) => !ELSEWHERE.test(name))
  .map((name) => `nn.${name}`);
const optimizers = ['Adam', 'AdamW', 'SGD', 'RMSprop'].map((name) => `optim.${name}`);

/** A parameter: its name, and its default as source text, or undefined where it has none. */
type Parameter = [name: string, fallback?: string];

function classOf(name: string): Class {
  const [room = '', own = ''] = name.split('.');
  return (torch as unknown as Record<string, Record<string, Class>>)[room]?.[own] as Class;
}

/** Python's parameters in its order, keyword-only ones last; defaults as JavaScript writes them. */
async function pythonParameters(name: string): Promise<{ positional: number; all: Parameter[] }> {
  const { out, error } = await ask({
    code: `
import inspect, json
def text(value):
  if isinstance(value, float) and value.is_integer(): value = int(value)
  return json.dumps(value)
parameters = list(inspect.signature(torch.${name}.__init__).parameters.values())[1:]
positional = sum(p.kind is not p.KEYWORD_ONLY for p in parameters)
parameters = [[p.name] if p.default is p.empty else [p.name, text(p.default)] for p in parameters]
return json.dumps({'positional': positional, 'all': parameters})`,
  });
  expect(error?.trace).toBeUndefined();
  return JSON.parse((out as { value: string }).value) as { positional: number; all: Parameter[] };
}

/** The value of a default, as source text. */
const evaluated = (text: string): unknown => new Function(`return ${text.replace(/asFloat\d*/, '')}`)();

/** The parameters of the first class above this one that writes a constructor's parameters out. */
function writtenParameters(of: Class): Parameter[] {
  for (let owner = of; owner !== Function.prototype; owner = Object.getPrototypeOf(owner)) {
    const list = /\n\s*constructor\(((?:[^()]|\([^)]*\))*)\)/
      .exec(owner.toString())?.[1]
      ?.replace(/\/\*.*?\*\/|\/\/.*/gs, '');
    if (list === undefined || list.startsWith('...')) continue;
    return list
      .split(/,(?![^[]*\])/)
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .flatMap((item): Parameter[] => {
        if (item === '...factory')
          return [
            ['device', 'null'],
            ['dtype', 'null'],
          ];
        const [written = '', fallback] = item.split(' = ');
        // The bundler numbers names that occur twice in a file.
        const parameter = written.replace(/\d+$/, '');
        return [fallback === undefined ? [parameter] : [parameter, String(fallback).replaceAll("'", '"')]];
      });
  }
  throw new Error(`${of.name} has no constructor`);
}

describe.skipIf(!live)(`parameters${skipReason}`, () => {
  it.each([...names, ...optimizers])('%s', async (name) => {
    const { positional, all: theirs } = await pythonParameters(name);
    const ours = writtenParameters(classOf(name));
    const value = ([parameter, text]: Parameter) => [parameter, text === undefined ? undefined : evaluated(text)];
    expect(ours.map(value)).toEqual(theirs.map(value));
    // The names by which the reader knows them: each is taken at its own position.
    const Layer = classOf(name) as unknown as new (...args: unknown[]) => object;
    theirs.slice(0, positional).forEach(([parameter], i) => {
      const twice = () => new Layer(...Array.from({ length: i + 1 }, () => 1), { [parameter]: 1 });
      expect(twice).toThrow(`got multiple values for argument '${parameter}'`);
    });
  });
});

describe('every parameter goes by position or by keyword', () => {
  it('also required ones', () => {
    const layers = [
      new nn.Linear(4, 3, false),
      new nn.Linear(4, 3, { bias: false }),
      new nn.Linear(4, { out_features: 3, bias: false }),
      new nn.Linear({ in_features: 4, out_features: 3, bias: false }),
    ];
    expect(new Set(layers.map(String))).toEqual(new Set(['Linear(in_features=4, out_features=3, bias=False)']));
    expect(String(new nn.Conv2d(3, 8, { kernel_size: 4, stride: 2 }))).toBe(
      'Conv2d(3, 8, kernel_size=(4, 4), stride=(2, 2))',
    );
    expect(String(new nn.BatchNorm2d({ num_features: 3, bias: false, affine: true }))).toBe(
      'BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=True, bias=False, track_running_stats=True)',
    );
    expect(new nn.BCEWithLogitsLoss(null, null, null, 'sum').reduction).toBe('sum');
  });

  it('in the constructors of subclasses', () => {
    class Wide extends nn.Linear {
      constructor(width: number) {
        super(width, { out_features: 2 * width });
      }
    }
    const wide = new Wide(3);
    expect([String(wide), wide instanceof nn.Linear, nn.Linear.name]).toEqual([
      'Wide(in_features=3, out_features=6, bias=True)',
      true,
      'Linear',
    ]);
  });

  it('in the methods of modules', () => {
    const net = new nn.Linear(2, 1);
    const state_dict = net.state_dict(null, 'a.', true);
    expect(Object.keys(state_dict)).toEqual(['a.weight', 'a.bias']);
    expect(net.load_state_dict({ state_dict: net.state_dict(), strict: true })).toEqual({
      missing_keys: [],
      unexpected_keys: [],
    });
    const seen: string[] = [];
    net.register_forward_hook({ hook: (module) => void seen.push(String(module)) });
    net.register_forward_pre_hook({ hook: (_, [input]) => void seen.push(String(input?.shape)), prepend: true });
    net(torch.ones(3, 2));
    expect(seen).toEqual(['3,2', 'Linear(in_features=2, out_features=1, bias=True)']);
    net.register_buffer({ name: 'kept', tensor: torch.ones(1), persistent: false });
    expect(net.named_buffers('p', false).map(([name]) => name)).toEqual(['p.kept']);
    expect(net.named_parameters({ prefix: 'p' }).map(([name]) => name)).toEqual(['p.weight', 'p.bias']);
    expect(net.named_modules(new Set([net]))).toEqual([]);
    const parameter = new nn.Parameter({ data: torch.ones(2), requires_grad: false });
    expect([parameter.requires_grad, new nn.Parameter().shape]).toEqual([false, [0]]);
  });

  it('of optimizers too', () => {
    const params = [torch.ones(2)];
    const shared = [
      new torch.optim.Adam(params, 0.1, [0.5, 0.9], { maximize: true }),
      new torch.optim.Adam(params, { lr: 0.1, betas: [0.5, 0.9], maximize: true }),
      new torch.optim.Adam({ params, lr: 0.1, betas: [0.5, 0.9], maximize: true }),
    ];
    expect(new Set(shared.map(String)).size).toBe(1);
    expect(String(shared[0])).toContain('    betas: (0.5, 0.9)\n');
    expect([torch.optim.Adam, torch.optim.AdamW, torch.optim.SGD, torch.optim.RMSprop].map(({ name }) => name)).toEqual(
      ['Adam', 'AdamW', 'SGD', 'RMSprop'],
    );
    class Mine extends torch.optim.AdamW {
      constructor(of: torch.Tensor[]) {
        super({ params: of, lr: 1 });
      }
    }
    const mine = new Mine(params);
    expect([mine instanceof torch.optim.Adam, mine.param_groups[0]?.lr, mine.param_groups[0]?.weight_decay]).toEqual([
      true,
      1,
      0.01,
    ]);
    expect(String(mine)).toMatch(/^Mine \(\nParameter Group 0\n/);
  });

  it('with types that refuse what Python refuses', () => {
    // @ts-expect-error out_features is missing
    expect(() => new nn.Linear({ in_features: 4 })).toThrow(TypeError);
    // @ts-expect-error a slip of the pen
    expect(() => new nn.Linear(4, { out_features: 3, bais: true })).toThrow(TypeError);
    // @ts-expect-error given twice
    expect(() => new nn.Linear(4, 3, { in_features: 4 })).toThrow(TypeError);
    // @ts-expect-error params is missing
    expect(() => new torch.optim.Adam({ lr: 1 })).toThrow("missing 1 required positional argument: 'params'");
    // @ts-expect-error maximize is keyword-only
    expect(() => new torch.optim.SGD([torch.ones(2)], 1, 0, 0, 0, false, true)).toThrow(TypeError);
  });
});
