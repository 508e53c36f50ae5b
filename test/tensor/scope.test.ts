import * as torch from 'isotorch';
import { beforeEach, describe, expect, it } from 'vitest';

const live = () => torch.memory_stats().live_tensors;
const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

let before = 0;
beforeEach(() => {
  before = live();
});

describe('synchronous scopes', () => {
  it('free everything but the result', () => {
    let inner: torch.Tensor | undefined;
    const kept = torch.scope(() => {
      inner = torch.ones([3]);
      return inner.add(1);
    });
    expect([inner?.is_disposed, kept.is_disposed, kept.tolist()]).toEqual([true, false, [2, 2, 2]]);
    expect(live()).toBe(before + 1);
    kept.dispose();
    expect(live()).toBe(before);
  });

  it('keep results inside arrays, maps, sets and plain objects, however deep', () => {
    const result = torch.scope(() => {
      const make = () => torch.ones([1]);
      make();
      return {
        list: [make(), { deep: make() }],
        map: new Map([['a', make()]]),
        set: new Set([make()]),
        none: null,
        text: 'x',
      };
    });
    expect(live()).toBe(before + 4);
    const all = [
      result.list[0] as torch.Tensor,
      (result.list[1] as { deep: torch.Tensor }).deep,
      ...result.map.values(),
      ...result.set,
    ];
    expect(all.map((x) => x.item())).toEqual([1, 1, 1, 1]);
    for (const x of all) x.dispose();
    expect(live()).toBe(before);
  });

  it('look into results deeper than the stack', () => {
    let result: { inner?: unknown } = torch.scope(() => {
      let nest: { inner?: unknown } = { inner: torch.ones([1]) };
      for (let i = 0; i < 50_000; i++) nest = { inner: nest };
      return nest;
    });
    for (let i = 0; i < 50_000; i++) result = result.inner as { inner?: unknown };
    expect((result.inner as torch.Tensor).tolist()).toEqual([1]);
    (result.inner as torch.Tensor).dispose();
  });

  it('take results that contain themselves', () => {
    const result = torch.scope(() => {
      const list: unknown[] = [torch.ones([1])];
      list.push(list);
      return list;
    });
    expect((result[0] as torch.Tensor).is_disposed).toBe(false);
    (result[0] as torch.Tensor).dispose();
  });

  it('nest: what an inner scope returns belongs to the outer one', () => {
    let middle: torch.Tensor | undefined;
    torch.scope(() => {
      middle = torch.scope(() => torch.ones([1]).add(1));
      expect([middle.is_disposed, live()]).toEqual([false, before + 1]);
    });
    expect([middle?.is_disposed, live()]).toEqual([true, before]);
  });

  it('do not free what was made outside', () => {
    const outside = torch.ones([1]);
    torch.scope(() => outside.add_(1));
    expect(outside.item()).toBe(2);
    outside.dispose();
  });

  it('free everything when an exception leaves them, and pass it on', () => {
    const problem = new Error('stop');
    let caught: unknown;
    try {
      torch.scope(() => {
        torch.ones([1]);
        torch.scope(() => {
          torch.ones([2]).add(1);
          throw problem;
        });
      });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(problem);
    expect(live()).toBe(before);
  });

  it('keep() takes a tensor out for good', () => {
    const kept = torch.scope(() => {
      torch.keep(torch.ones([1]));
      return torch.scope(() => {
        const x = torch.keep(torch.ones([2]));
        torch.ones([3]);
        return { get: () => x };
      });
    });
    expect(kept.get().tolist()).toEqual([1, 1]);
    kept.get().dispose();
  });

  it('allow disposal inside', () => {
    torch
      .scope(() => {
        const x = torch.ones([1]);
        x.dispose();
        const y = torch.ones([1]);
        y.dispose();
        // The slots are used again: the scope must not free these twice.
        return [torch.ones([1]), torch.ones([1])];
      })
      .map((x) => x.dispose());
    expect(live()).toBe(before);
  });

  it('leave gradients alone: the parameter owns them', () => {
    const weight = torch.tensor([1, 2], { requires_grad: true });
    torch.scope(() => weight.mul(weight).sum().backward());
    expect(live()).toBe(before + 1);
    torch.scope(() => expect(weight.grad?.tolist()).toEqual([2, 4]));
    expect(live()).toBe(before + 1);
    weight.dispose();
  });
});

describe('asynchronous scopes', () => {
  it('stay open until the promise settles', async () => {
    let inner: torch.Tensor | undefined;
    const result = await torch.scope(async () => {
      inner = torch.ones([1]);
      await tick();
      expect(inner.is_disposed).toBe(false);
      torch.ones([2]);
      return inner.add(1);
    });
    expect([inner?.is_disposed, result.item()]).toEqual([true, 2]);
    expect(live()).toBe(before + 1);
    result.dispose();
  });

  it('of interleaved tasks never free each other’s tensors', async () => {
    const task = (value: number, steps: number) =>
      torch.scope(async () => {
        const mine = torch.full([4], value);
        for (let i = 0; i < steps; i++) {
          torch.scope(() => mine.add(1));
          await tick();
          expect(mine.tolist()).toEqual([value, value, value, value]);
        }
        return mine.sum();
      });
    const sums = await Promise.all([task(1, 2), task(2, 7), task(3, 4)]);
    expect(sums.map((x) => x.item())).toEqual([4, 8, 12]);
    expect(live()).toBe(before + 3);
    for (const x of sums) x.dispose();
  });

  it('do not take what code outside of them makes meanwhile', async () => {
    const pending = torch.scope(async () => {
      torch.ones([1]);
      await tick();
      await tick();
    });
    const outside = torch.ones([2]);
    await pending;
    expect(outside.is_disposed).toBe(false);
    outside.dispose();
    expect(live()).toBe(before);
  });

  it('free everything when the promise is rejected', async () => {
    const problem = new Error('stop');
    const failing = torch.scope(async () => {
      torch.ones([1]);
      await tick();
      torch.ones([2]);
      throw problem;
    });
    await expect(failing).rejects.toBe(problem);
    expect(live()).toBe(before);
  });

  it('own what a nested asynchronous scope returns', async () => {
    await torch.scope(async () => {
      const x = await torch.scope(async () => {
        await tick();
        return torch.ones([1]);
      });
      expect([x.is_disposed, live()]).toEqual([false, before + 1]);
    });
    expect(live()).toBe(before);
  });

  it('that end before a task they started leave its later tensors to the scope around', async () => {
    let late: Promise<torch.Tensor> | undefined;
    await torch.scope(async () => {
      await torch.scope(async () => {
        late = (async () => {
          await tick();
          await tick();
          return torch.ones([1]);
        })();
      });
      const x = await late;
      expect(x?.is_disposed).toBe(false);
    });
    expect(live()).toBe(before);
  });
});

describe('memory_stats', () => {
  it('counts tensors, and the bytes of distinct storages', () => {
    torch.scope(() => {
      const bytes = torch.memory_stats().live_bytes;
      const x = torch.zeros([1000]);
      const after = torch.memory_stats();
      expect([after.live_tensors, after.live_bytes]).toEqual([before + 1, bytes + 4000]);
      x.view([10, 100]);
      const shared = torch.memory_stats();
      expect([shared.live_tensors, shared.live_bytes]).toEqual([before + 2, bytes + 4000]);
    });
    expect(live()).toBe(before);
  });

  it('counts what waits for the collector', () => {
    const anchored = torch.memory_stats().anchored_tensors;
    const x = torch.ones([1]);
    torch.scope(() => {
      torch.ones([1]);
    });
    expect(torch.memory_stats().anchored_tensors).toBe(anchored + 1);
    x.dispose();
    expect(torch.memory_stats().anchored_tensors).toBe(anchored);
  });
});

describe('a scope that holds much', () => {
  const bytes = () => torch.memory_stats().live_bytes;
  const large = () => torch.ones(1 << 20);

  it('frees what is left at its end, keeps what is returned and kept, and refuses the rest', () => {
    const before = bytes();
    let lost: torch.Tensor | undefined;
    let kept: torch.Tensor | undefined;
    const [first, inner] = torch.scope(() => {
      const result = large();
      lost = large();
      kept = large();
      const nested = torch.scope(() => {
        const all = Array.from({ length: 40 }, large);
        all[1]?.dispose();
        expect([all[0]?.is_disposed, all[1]?.is_disposed]).toEqual([false, true]);
        return all[3] as torch.Tensor;
      });
      torch.keep(kept);
      return [result, nested] as const;
    });
    expect([first, inner, kept as torch.Tensor].map((tensor) => tensor.sum().item())).toEqual([
      2 ** 20,
      2 ** 20,
      2 ** 20,
    ]);
    expect(lost?.is_disposed).toBe(true);
    expect(() => lost?.add(1)).toThrow('disposed');
    for (const tensor of [first, inner, kept as torch.Tensor]) tensor.dispose();
    expect(bytes() - before).toBeLessThan(1 << 20);
  });
});
