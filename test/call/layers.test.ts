// Constructors of layers and losses: names, order and defaults of the parameters are live Python's.
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { ask, live, skipReason } from '../support/parity';

const { nn } = torch;
type Class = new (...args: never[]) => object;

const names = [
  ...['Linear', 'Conv2d', 'ConvTranspose2d', 'BatchNorm1d', 'BatchNorm2d', 'Dropout', 'Embedding', 'Flatten'],
  ...['Unflatten', 'ReLU', 'LeakyReLU'],
  ...['L1Loss', 'MSELoss', 'BCELoss', 'BCEWithLogitsLoss', 'CrossEntropyLoss'],
];

/** A parameter: its name, and its default as source text, or undefined where it has none. */
type Parameter = [name: string, fallback?: string];

/** Python's parameters in its order, keyword-only ones last; defaults as JavaScript writes them. */
async function pythonParameters(name: string): Promise<Parameter[]> {
  const { out, error } = await ask({
    code: `
import inspect, json
def text(value):
  if isinstance(value, float) and value.is_integer(): value = int(value)
  return json.dumps(value)
parameters = list(inspect.signature(torch.nn.${name}.__init__).parameters.values())[1:]
return json.dumps([[p.name] if p.default is p.empty else [p.name, text(p.default)] for p in parameters])`,
  });
  expect(error?.trace).toBeUndefined();
  return JSON.parse((out as { value: string }).value) as Parameter[];
}

/** The parameters of the first class above this one that writes a constructor's parameters out. */
function writtenParameters(of: Class): Parameter[] {
  for (let owner = of; owner !== Function.prototype; owner = Object.getPrototypeOf(owner)) {
    const list = /\n\s*constructor\(([^)]*)\)/.exec(owner.toString())?.[1]?.replace(/\/\*.*?\*\/|\/\/.*/gs, '');
    if (list === undefined || list.startsWith('...')) continue;
    return list
      .split(',')
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
  it.each(names)('%s', async (name) => {
    const theirs = await pythonParameters(name);
    const ours = writtenParameters((nn as unknown as Record<string, Class>)[name] as Class);
    const value = ([parameter, text]: Parameter) => [
      parameter,
      text === undefined ? undefined : JSON.parse(text.replace(/^0?\./, '0.')),
    ];
    expect(ours.map(value)).toEqual(theirs.map(value));
    // The names by which the reader knows them: each is taken at its own position.
    const positional = name.startsWith('BatchNorm') ? theirs.length - 1 : theirs.length;
    const Layer = (nn as unknown as Record<string, new (...args: unknown[]) => object>)[name];
    theirs.slice(0, positional).forEach(([parameter], i) => {
      const twice = () => new Layer!(...Array.from({ length: i + 1 }, () => 1), { [parameter]: 1 });
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

  it('with types that refuse what Python refuses', () => {
    // @ts-expect-error out_features is missing
    expect(() => new nn.Linear({ in_features: 4 })).toThrow(TypeError);
    // @ts-expect-error a slip of the pen
    expect(() => new nn.Linear(4, { out_features: 3, bais: true })).toThrow(TypeError);
    // @ts-expect-error given twice
    expect(() => new nn.Linear(4, 3, { in_features: 4 })).toThrow(TypeError);
  });
});
