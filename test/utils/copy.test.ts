import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';

const { nn } = torch;
const { deepcopy } = torch.copy;

class Hidden extends nn.Module {
  readonly #state = 1;

  override forward(): number {
    return this.#state;
  }
}

class Copies extends Hidden {
  __deepcopy__(): Copies {
    return new Copies();
  }
}

describe('misuse', () => {
  it('refuses results of recorded operations, in Python words', () => {
    const y = torch.ones(2).requires_grad_().mul(2);
    expect(() => deepcopy({ y })).toThrow('Only Tensors created explicitly by the user (graph leaves) support');
  });

  it('refuses what only a class itself can copy', () => {
    expect(() => deepcopy(new Hidden())).toThrow("cannot copy 'Hidden' object: its private fields (#state)");
    expect(deepcopy(new Copies())()).toBe(1);
    expect(() => deepcopy(Promise.resolve())).toThrow("cannot copy 'Promise' object");
  });
});

describe('deepcopy', () => {
  it('copies a network without drawing, and shares inside what was shared', () => {
    const net = new nn.Sequential(new nn.Linear(3, 3), new nn.BatchNorm1d(3), new nn.Linear(3, 3));
    (net[2] as torch.nn.Linear).weight = (net[0] as torch.nn.Linear).weight;
    const [first, norm] = [net[0] as torch.nn.Linear, net[1] as torch.nn.BatchNorm1d];
    first.bias!.requires_grad_(false);
    net(torch.randn(4, 3)).sum().backward();
    const state = torch.get_rng_state();
    const copy = deepcopy(net);
    expect(torch.equal(torch.get_rng_state(), state)).toBe(true);
    expect(String(copy)).toBe(String(net));
    expect(copy).toBeInstanceOf(nn.Sequential);
    expect(Object.keys(copy.state_dict())).toEqual(Object.keys(net.state_dict()));
    const copied = copy[0] as torch.nn.Linear;
    expect(copied.weight === (copy[2] as torch.nn.Linear).weight).toBe(true);
    expect(copied.weight === first.weight).toBe(false);
    expect([copied.weight.requires_grad, copied.bias!.requires_grad, copied.weight.grad]).toEqual([true, false, null]);
    const x = torch.randn(4, 3);
    expect(torch.equal(copy.eval()(x), net.eval()(x))).toBe(true);
    torch.no_grad(() => copied.weight.zero_());
    (copy[1] as torch.nn.BatchNorm1d).running_mean!.fill_(9);
    expect(first.weight.count_nonzero().item()).not.toBe(0n);
    expect(norm.running_mean!.eq(9).any().item()).toBe(false);
    expect(() => {
      copied.weight = x as never;
    }).toThrow("cannot assign 'torch.FloatTensor' as parameter 'weight'");
  });

  it('keeps hooks, each side its own', () => {
    const layer = new nn.ReLU();
    const handle = layer.register_forward_hook((_, __, output) => output.add(1));
    const copy = deepcopy(layer);
    handle.remove();
    expect(layer(torch.tensor([2])).item()).toBe(2);
    expect(copy(torch.tensor([2])).item()).toBe(3);
  });

  it('copies tensors with their gradient and shared storage', () => {
    const base = torch.arange(4, { dtype: torch.float32 });
    const leaf = torch.ones(2).requires_grad_();
    leaf.mul(3).sum().backward();
    const copy = deepcopy({ base, view: base.view(2, 2).t(), leaf });
    copy.base.fill_(7);
    expect(copy.view.tolist()).toEqual([
      [7, 7],
      [7, 7],
    ]);
    expect(copy.view.stride()).toEqual([1, 2]);
    expect(base.tolist()).toEqual([0, 1, 2, 3]);
    expect([copy.leaf.requires_grad, copy.leaf.grad!.tolist(), copy.leaf.grad === leaf.grad]).toEqual([
      true,
      [3, 3],
      false,
    ]);
  });

  it('copies arrays, maps, sets and objects, circles included', () => {
    interface Holder {
      map: Map<string, number[]>;
      set: Set<number>;
      floats: Float32Array;
      dtype: torch.dtype;
      self?: Holder;
    }
    const list = [1, 2];
    const holder: Holder = {
      map: new Map([['a', list]]),
      set: new Set([3]),
      floats: new Float32Array([1]),
      dtype: torch.int8,
    };
    holder.self = holder;
    const copy = deepcopy(holder);
    expect(copy.self).toBe(copy);
    expect(copy.dtype).toBe(torch.int8);
    list.push(3);
    holder.floats[0] = 5;
    holder.set.clear();
    expect([copy.map.get('a'), copy.floats[0], [...copy.set]]).toEqual([[1, 2], 1, [3]]);
  });
});
