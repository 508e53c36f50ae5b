// Lists that cross the bridge through shared memory: nothing that runs in between changes them, and nothing spoils the rest.
import * as torch from 'isotorch';
import { describe, expect, test } from 'vitest';
import { native } from '../support/native';
import { resultOf, runProgram } from '../support/program';

/** `items`, of which reading the one at `index` runs `body` first. */
function withGetter<Item>(items: readonly Item[], index: number, body: () => void): Item[] {
  const list = [...items];
  const item = list[index];
  return Object.defineProperty(list, index, {
    get: () => {
      body();
      return item;
    },
  });
}

/** An array that says it has this length. */
const ofLength = (length: unknown, items: number[]): number[] =>
  new Proxy(items, { get: (target, name) => (name === 'length' ? length : Reflect.get(target, name)) });

const columns = torch.ones([3]);
/** `count` calls that pass a list each. */
const calls = (count: number) => () => {
  for (let i = 0; i < count; i++) columns.sum([0]);
};

describe('a getter that calls operators', () => {
  test.each([1, 50, 170, 171, 172, 300])('leaves the lists of the call that reads it alone (%i calls)', (count) => {
    const [image, weight] = [torch.ones([1, 1, 8, 8]), torch.ones([1, 1, 3, 3])];
    const padding = withGetter([1, 1], 1, calls(count));
    expect(torch.conv2d(image, weight, null, [2, 2], padding, [1, 1]).shape).toEqual([1, 1, 4, 4]);
    expect(torch.conv2d(image, weight, null, { stride: [2, 2], padding }).shape).toEqual([1, 1, 4, 4]);
    const parts = [1, 2, 3].map((value) => torch.tensor([value]));
    expect(torch.cat(withGetter(parts, 2, calls(count))).tolist()).toEqual([1, 2, 3]);
  });

  test('may call one that reads another, and so on', () => {
    const nested = (depth: number): number => {
      let below = 0;
      const dims = withGetter([0, 1], 1, () => {
        below = depth > 0 ? nested(depth - 1) : 0;
      });
      return Number(torch.ones([2, 3]).sum(dims).item()) + below;
    };
    expect(nested(5)).toBeGreaterThan(6);
    expect(
      torch
        .ones([2, 3])
        .sum(withGetter([0, 1], 1, () => nested(2)))
        .item(),
    ).toBe(6);
  });
});

describe('after a list that came to nothing', () => {
  const works = () => {
    expect(torch.ones([2, 3]).sum([0, 1]).item()).toBe(6);
    expect(torch.cat([torch.ones([1]), torch.zeros([1])]).tolist()).toEqual([1, 0]);
  };

  test.each([Number.NaN, -5, 2.5, Number.POSITIVE_INFINITY, 'two'])('whose length is %s', (length) => {
    try {
      torch.ones([2, 3]).sum(ofLength(length, [0]));
    } catch {
      // Whether it is taken for an empty list does not matter here.
    }
    works();
  });

  test('whose call was refused, a thousand times', async () => {
    const tensors = [torch.ones([1])];
    for (let i = 0; i < 1000; i++) {
      const throws = withGetter(tensors, 0, () => {
        throw new Error('mine');
      });
      expect(() => torch.cat(throws)).toThrow('mine');
      expect(() =>
        torch.conv2d(columns, columns, null, [1, 1], withGetter([1], 0, calls(2)), 'one' as never),
      ).toThrow();
    }
    works();
    await Promise.resolve();
    works();
    expect(native.number_memory()[0]).toBe(1);
  });
});

test('a number is never taken for the handle of a tensor', () => {
  const cat = torch.ops.aten.cat!.default as (tensors: unknown) => unknown;
  for (const number of [1.5, 1, -1, 2 ** 32 + 1]) {
    expect(() => cat(number)).toThrow(/argument 'tensors' must be List\[Tensor\], not (int|float)/);
  }
});

test('a late warning finds the list of a result untouched', async () => {
  const result = resultOf<{ shape: number[]; warnings: number }>(await runProgram('late_warning.mjs'));
  expect(result).toEqual({ shape: [2, 3], warnings: 1 });
});

test('without the memory, operators take lists as ever', async () => {
  const sums = resultOf<unknown[]>(await runProgram('raw_native.cjs'));
  expect(sums).toEqual([3, 'Error', 'Error']);
});

test('two copies of isotorch in one thread do not call each other', async () => {
  const result = resultOf<unknown>(await runProgram('two_copies.cjs', { nodeArguments: ['--expose-gc'] }));
  expect(result).toEqual({ called: ['first', 'second'], own: [true, true], foreign: [false, false] });
});

test('what a batch of gradients hides is recorded', () => {
  class Square extends torch.autograd.Function {
    static override forward(ctx: torch.autograd.FunctionCtx, a: torch.Tensor): torch.Tensor {
      ctx.save_for_backward(a);
      return a.mul(a);
    }
    static override backward(ctx: torch.autograd.FunctionCtx, gradient: torch.Tensor): torch.Tensor {
      return gradient.relu().mul(ctx.saved_tensors[0]!).mul(2);
    }
  }
  const x = torch.tensor([0, 1, 2], { dtype: torch.float64, requires_grad: true });
  const weights = torch.eye(3, { dtype: torch.float64 }).requires_grad_();
  const options = { grad_outputs: weights, create_graph: true, is_grads_batched: true };
  const [gradient] = torch.autograd.grad(Square.apply(x) as torch.Tensor, x, options);
  // d/dw of the sum of 2 relu(w) x, where w is above zero.
  const [second] = torch.autograd.grad(gradient!.sum(), weights);
  expect(second!.tolist()).toEqual([
    [0, 0, 0],
    [0, 2, 0],
    [0, 0, 4],
  ]);
});
