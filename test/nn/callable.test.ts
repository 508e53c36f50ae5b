import { inspect } from 'node:util';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { values } from './values';

const { nn } = torch;

class Net extends nn.Module {
  override name = 'net';
  override length = 5;
  readonly #factor = 3;
  fc = new nn.Linear(2, 2);

  override forward(x: Tensor, shift = 0): Tensor {
    return this.fc(x).mul(0).add(this.#factor).add(shift);
  }
}

class Later extends nn.Module {
  override async forward(x: Tensor): Promise<Tensor> {
    await Promise.resolve();
    return x.add(1);
  }
}

class Rest extends nn.Module {
  override forward(...xs: Tensor[]): number {
    return xs.length;
  }
}

/** Compiled, not run: the types of a call are those of `forward`. */
function types(net: Net, loss: torch.nn.MSELoss, x: Tensor): Tensor {
  // @ts-expect-error a text is no tensor
  net('x');
  // @ts-expect-error the input is missing
  net();
  // @ts-expect-error too many
  net(x, 1, 2);
  // @ts-expect-error a loss takes two tensors
  loss(x);
  // @ts-expect-error a module is no layer in a Sequential if it takes two tensors
  new nn.Sequential(loss);
  // @ts-expect-error a function is no module
  new nn.Sequential((y: Tensor) => y);
  // @ts-expect-error a parameter takes parameters
  net.fc.weight = x;
  const modules: torch.nn.Module[] = [net, loss];
  const call: (x: Tensor) => Tensor = net;
  return call(new nn.Sequential(modules[0] as Net)(x));
}

describe('misuse', () => {
  it('is refused by the types', () => {
    expect(types).toBeTypeOf('function');
  });

  it('refuses inputs that forward does not take, in Python words', () => {
    const x = torch.ones(1, 3);
    const call = (module: unknown, ...inputs: unknown[]) => (module as (...inputs: unknown[]) => unknown)(...inputs);
    const words = (name: string, takes: number) =>
      `${name}.forward() takes ${takes} positional arguments but ${takes + 1} were given`;
    expect(() => call(new nn.Linear(3, 2), x, x)).toThrow(new TypeError(words('Linear', 2)));
    expect(() => call(new nn.BatchNorm1d(3), x, x)).toThrow(words('_BatchNorm', 2));
    expect(() => call(new nn.Tanh(), x, x)).toThrow(words('Tanh', 2));
    expect(() => call(new nn.MSELoss(), x, x, x)).toThrow(words('MSELoss', 3));
    expect(() => call(new nn.Sequential(new nn.ReLU()), x, x)).toThrow(words('Sequential', 2));
    class Sub extends Later {}
    expect(() => call(new Sub(), x, x)).toThrow(words('Later', 2));
    // Defaults, a rest or `arguments` take what they take.
    expect(values(call(new Net(), torch.ones(1, 2), 1, 7) as Tensor)).toEqual([4, 4]);
    expect(call(new Rest(), x, x, x)).toBe(3);
    const counts = new Net();
    (counts as { forward: unknown }).forward = function (this: Net) {
      // biome-ignore lint/complexity/noArguments: what is tested
      return arguments.length;
    };
    expect(call(counts, x, x)).toBe(2);
  });

  it('names the layer of a Sequential that is no module', () => {
    const layers = [new nn.ReLU(), ((x: Tensor) => x) as never];
    expect(() => new nn.Sequential(...layers)).toThrow('<lambda> is not a Module subclass');
    expect(() => new nn.Sequential(...layers)).toThrow("layer '1', position 2");
    expect(() => new nn.Sequential(null as never)(torch.ones(1))).toThrow("'NoneType' object is not callable");
  });

  it('is neither a constructor nor cloned', () => {
    const net = new Net();
    expect(() => new (net as unknown as new () => object)()).toThrow(TypeError);
    expect(() => structuredClone(net)).toThrow('copy.deepcopy(module)');
  });
});

describe('a module is a function', () => {
  it('runs forward, as call does', () => {
    const net = new Net();
    expect(typeof net).toBe('function');
    expect(net).toBeInstanceOf(Net);
    expect(net).toBeInstanceOf(nn.Module);
    expect(values(net(torch.ones(1, 2)))).toEqual([3, 3]);
    expect(values(net.call(torch.ones(1, 2), 2))).toEqual([5, 5]);
    expect([torch.zeros(1, 2)].map((x) => values(net(x)))).toEqual([[3, 3]]);
  });

  it('awaits a forward that is asynchronous', async () => {
    expect(values(await new Later()(torch.tensor([1])))).toEqual([2]);
  });

  it('has no properties of a function', () => {
    const net = new Net();
    expect([net.name, net.length]).toEqual(['net', 5]);
    expect(Object.keys(net)).toEqual(['training', 'name', 'length', 'fc']);
    for (const name of ['prototype', 'caller', 'arguments', 'bind']) expect(name in net).toBe(false);
    expect(new nn.Sequential({ prototype: new nn.ReLU(), caller: new nn.Tanh() }).length).toBe(2);
    expect(inspect(net)).toBe('Net(\n  (fc): Linear(in_features=2, out_features=2, bias=True)\n)');
    expect(torch.typename(net)).toBe('Net');
  });

  it('keeps order for names that look like numbers', () => {
    const net = new nn.Sequential({ b: new nn.Linear(1, 1), 1: new nn.ReLU() });
    net.add_module('0', new nn.Linear(1, 1, { bias: false }));
    expect(Object.keys(net.state_dict())).toEqual(['b.weight', 'b.bias', '0.weight']);
    const list = new nn.ModuleList([new nn.ReLU(), new nn.Tanh()]);
    expect([list[0] === list.get(0), list[1] === list.get(-1), list[2]]).toEqual([true, true, undefined]);
  });
});
