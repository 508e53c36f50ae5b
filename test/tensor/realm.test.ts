// Objects of another realm, as Jest and `vm` make them, are what they look like.
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as torch from 'isotorch';
import * as io from 'isotorch/io';

const { nn, optim } = torch;

/** What an expression gives in another realm. */
function foreign<T>(expression: string, values: Record<string, unknown> = {}): T {
  return vm.runInNewContext(`(${expression})`, { ...values }) as T;
}

describe('keywords', () => {
  test('of functions and methods', () => {
    expect(torch.ones(2, 3).sum(1, foreign('{ keepdim: true }')).shape).toEqual([2, 1]);
    expect(torch.zeros(2, foreign('{ dtype }', { dtype: torch.float64 })).dtype).toBe(torch.float64);
    expect(torch.nn.functional.dropout(torch.ones(2), foreign('{ p: 0 }')).tolist()).toEqual([1, 1]);
    expect(torch.tensor([1], foreign('{ dtype }', { dtype: torch.int8 })).dtype).toBe(torch.int8);
    const sum = torch.ops.aten.sum!.default!(torch.ones(2), foreign('{ dtype }', { dtype: torch.float64 }));
    expect((sum as torch.Tensor).dtype).toBe(torch.float64);
  });

  test('of layers and optimizers, as groups too', () => {
    expect(new nn.Linear(2, 2, foreign('{ bias: false }')).bias).toBeNull();
    const params = [new nn.Parameter(torch.ones(1))];
    expect(new optim.SGD(params, foreign<{ lr: number }>('{ lr: 0.5 }')).param_groups[0]?.lr).toBe(0.5);
    const groups = foreign<{ params: torch.Tensor[]; lr: number }[]>('[{ params, lr: 0.25 }]', { params });
    const optimizer = new optim.SGD(groups, { lr: 1 });
    expect(optimizer.param_groups[0]?.lr).toBe(0.25);
    optimizer.load_state_dict(foreign('JSON.parse(text)', { text: JSON.stringify(optimizer.state_dict()) }));
    expect(optimizer.param_groups[0]?.lr).toBe(0.25);
  });

  test('an instance of a class is none', () => {
    expect(() => torch.zeros(2, foreign('new (class Options {})()'))).toThrow(TypeError);
    expect(() => torch.ones(1).add(foreign('new Date(0)'))).toThrow(/must be Tensor, not Date/);
  });
});

describe('collections', () => {
  test('a scope finds tensors in them', () => {
    const [list, map, set, object] = torch.scope(() => {
      const [a, b, c, d] = [torch.ones(1), torch.ones(2), torch.ones(3), torch.ones(4)];
      return foreign<[torch.Tensor[], Map<string, torch.Tensor>, Set<torch.Tensor>, { d: torch.Tensor }]>(
        "[[a], new Map([['b', b]]), new Set([c]), { d }]",
        { a, b, c, d },
      );
    });
    expect([list[0]?.shape, map.get('b')?.shape, [...set][0]?.shape, object.d.shape]).toEqual([[1], [2], [3], [4]]);
  });

  test('files and modules take a Map, and a Proxy of one that passes for it', () => {
    const map = foreign<Map<string, torch.Tensor>>("new Map([['w', w]])", { w: torch.ones(2) });
    const asReactive = new Proxy(map, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    for (const state of [map, asReactive])
      expect(io.deserialize(io.serialize(state)).tensors.w?.tolist()).toEqual([1, 1]);
    const layer = new nn.Linear(1, 1);
    layer.load_state_dict(foreign("new Map([['weight', w], ['bias', b]])", { w: torch.ones(1, 1), b: torch.ones(1) }));
    expect([layer.weight.item(), layer.bias?.item()]).toEqual([1, 1]);
  });

  test.each(['new Set()', 'new Map().values()', '[]', 'Promise.resolve({})', 'new Float32Array(2)', '() => 1', '"w"'])(
    '%s is no tensors by name, and no empty file',
    (expression) => {
      expect(() => io.serialize(foreign(expression))).toThrow(/expected tensors by name/);
      expect(() => new nn.Linear(1, 1).load_state_dict(foreign(expression))).toThrow(/state_dict to be dict-like, got/);
    },
  );

  test('assert_close compares Maps, an optimizer refuses Sets', () => {
    const map = foreign<Map<string, number>>("new Map([['a', 1]])");
    torch.testing.assert_close(map, new Map([['a', 1]]));
    expect(() => torch.testing.assert_close(map, new Map([['a', 2]]))).toThrow(/not equal/);
    const params = foreign<Set<torch.Tensor>>('new Set([p])', { p: torch.ones(1) });
    expect(() => new optim.SGD([{ params }], { lr: 1 })).toThrow(/ordered collections/);
  });
});

describe('memory', () => {
  test('typed arrays and buffers are read', () => {
    expect(torch.tensor(foreign<Float32Array>('new Float32Array([1, 2])')).tolist()).toEqual([1, 2]);
    const options = { dtype: torch.uint8 };
    for (const text of ['new Uint8Array([1, 2]).buffer', 'new DataView(new Uint8Array([1, 2]).buffer)']) {
      expect(torch.frombuffer(foreign<ArrayBuffer>(text), options).tolist()).toEqual([1, 2]);
      expect(torch.asarray(foreign<ArrayBuffer>(text), options).tolist()).toEqual([1, 2]);
    }
    const shared = foreign<SharedArrayBuffer>('new SharedArrayBuffer(2)');
    expect(torch.frombuffer(shared, options).tolist()).toEqual([0, 0]);
    expect(torch.asarray(shared, options).tolist()).toEqual([0, 0]);
    const bytes = io.serialize({ w: torch.ones(1) });
    expect(io.deserialize(foreign('Uint8Array.from(bytes)', { bytes })).tensors.w?.item()).toBe(1);
  });

  test('shared memory stays refused where a tensor would lie on it', () => {
    const array = foreign<Float32Array>('new Float32Array(new SharedArrayBuffer(4))');
    expect(() => torch.unsafe_from_typed_array(array)).toThrow(/SharedArrayBuffer/);
    expect(torch.unsafe_from_typed_array(foreign('new Float32Array([3])')).item()).toBe(3);
  });
});

test('a promise of another realm keeps a scope open', async () => {
  const kept = await torch.scope(() => foreign<Promise<torch.Tensor>>('Promise.resolve(t)', { t: torch.ones(2) }));
  expect(kept.tolist()).toEqual([1, 1]);
  expect(() => torch.no_grad(foreign('async () => 1'))).toThrow(/synchronous code only/);
});
