import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';

const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });

describe('register_hook', () => {
  it('sees the gradient, of leaves and of results', () => {
    const seen: unknown[] = [];
    const x = leaf(1, 2);
    const y = x.mul(3);
    x.register_hook((grad) => {
      seen.push(['x', grad.tolist()]);
    });
    y.register_hook((grad) => {
      seen.push(['y', grad.tolist()]);
    });
    y.mul(y).sum().backward();
    expect(seen).toEqual([
      ['y', [6, 12]],
      ['x', [18, 36]],
    ]);
  });

  it('replaces the gradient by what it returns; hooks chain in order', () => {
    const x = leaf(1, 2);
    x.register_hook((grad) => grad.mul(10));
    x.register_hook((grad) => grad.add(1));
    x.sum().backward();
    expect(x.grad?.tolist()).toEqual([11, 11]);
  });

  it('can be removed, twice too, and by `using`', () => {
    const x = leaf(1);
    let calls = 0;
    const count = () => {
      calls++;
    };
    const handle = x.register_hook(count);
    x.sum().backward();
    handle.remove();
    handle.remove();
    x.sum().backward();
    {
      using _second = x.register_hook(count);
      x.sum().backward();
    }
    x.sum().backward();
    expect(calls).toBe(2);
  });

  it('can be removed after its tensor was disposed, while the graph lives', () => {
    const x = leaf(1);
    const y = x.mul(2);
    const z = y.sum();
    const handle = y.register_hook((grad) => grad.mul(100));
    y.dispose();
    handle.remove();
    z.backward();
    expect(x.grad?.item()).toBe(2);
  });

  it('passes on the very error that it throws, and autograd works afterwards', () => {
    const x = leaf(1);
    const problem = new RangeError('from the hook');
    const handle = x.register_hook(() => {
      throw problem;
    });
    expect(errorOf(() => x.mul(x).sum().backward())).toBe(problem);
    handle.remove();
    x.mul(x).sum().backward();
    expect(x.grad?.item()).toBe(2);
  });

  it('may throw anything', () => {
    const x = leaf(1);
    x.register_hook(() => {
      throw null;
    });
    let caught: unknown = 'nothing';
    try {
      x.sum().backward();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeNull();
  });

  it('may dispose of its argument, of its tensor and of the output', () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    const z = y.sum();
    y.register_hook((grad) => {
      const result = grad.mul(2);
      grad.dispose();
      y.dispose();
      z.dispose();
      return result;
    });
    z.backward();
    expect(x.grad?.tolist()).toEqual([6, 6]);
  });

  it('may run a backward of its own', () => {
    const [x, w] = [leaf(2), leaf(3)];
    x.register_hook((grad) => {
      torch.enable_grad(() => w.mul(w).sum().backward());
      return grad.mul(w.grad as torch.Tensor);
    });
    x.mul(5).sum().backward();
    expect([x.grad?.item(), w.grad?.item()]).toEqual([30, 6]);
  });

  it('frees its gradient with the scope around backward', () => {
    const x = leaf(1, 2);
    let seen: torch.Tensor | undefined;
    x.register_hook((grad) => {
      seen = grad;
    });
    torch.scope(() => x.sum().backward());
    expect(seen?.is_disposed).toBe(true);
  });

  it('takes part in the recorded backward of create_graph', () => {
    const x = leaf(3);
    x.register_hook((grad) => grad.mul(grad));
    const [dx] = torch.autograd.grad(x.mul(x).sum(), x, { create_graph: true });
    // (2x)² = 36 and its derivative 8x = 24, which the hook squares too.
    expect(dx?.item()).toBe(36);
    expect(torch.autograd.grad(dx as torch.Tensor, x)[0]?.item()).toBe(576);
  });
});

describe('register_post_accumulate_grad_hook', () => {
  it('gets the very tensor, with its grad', () => {
    const x = leaf(1, 2);
    const seen: unknown[] = [];
    x.register_post_accumulate_grad_hook((param) => {
      seen.push(param === x, param.grad?.tolist());
    });
    x.mul(4).sum().backward();
    expect(seen).toEqual([true, [4, 4]]);
  });

  it('may take a step and drop the gradient', () => {
    const x = leaf(1, 2);
    x.register_post_accumulate_grad_hook((param) => {
      torch.no_grad(() => param.sub_(param.grad as torch.Tensor));
      param.grad = null;
    });
    x.mul(x).sum().backward();
    expect([x.tolist(), x.grad]).toEqual([[-1, -2], null]);
  });

  it('leaves no tensor behind, and can be removed', () => {
    const x = leaf(1);
    let calls = 0;
    const handle = x.register_post_accumulate_grad_hook(() => {
      calls++;
    });
    const before = torch.memory_stats().live_tensors;
    torch.scope(() => x.sum().backward());
    handle.remove();
    torch.scope(() => x.sum().backward());
    expect([calls, torch.memory_stats().live_tensors]).toEqual([1, before]);
  });

  it('still runs when the object was disposed', () => {
    const x = leaf(3);
    const y = x.mul(2).sum();
    let value: unknown;
    x.register_post_accumulate_grad_hook((param) => {
      value = param.grad?.item();
    });
    x.dispose();
    y.backward();
    expect(value).toBe(2);
  });
});

describe('misuse', () => {
  const x = leaf(1, 2, 3);

  itRefuses([
    [
      'a hook on nothing recorded',
      () => torch.ones([1]).register_hook(() => null),
      torch.TorchError,
      "cannot register a hook on a tensor that doesn't require gradient",
    ],
    [
      'a hook that is no function',
      () => x.register_hook(3 as never),
      TypeError,
      "register_hook(): argument 'hook' must be a function, not number",
    ],
    [
      'a post-accumulate hook on a result',
      () => x.mul(2).register_post_accumulate_grad_hook(() => {}),
      torch.TorchError,
      'post accumulate grad hooks cannot be registered on non-leaf tensors',
    ],
    [
      'a hook that returns a number',
      () => {
        const y = leaf(1);
        y.register_hook((() => 3) as never);
        y.sum().backward();
      },
      TypeError,
      "expected Variable, but hook returned 'int'",
    ],
    [
      'a hook that returns a promise',
      () => {
        const y = leaf(1);
        y.register_hook((async () => {}) as never);
        y.sum().backward();
      },
      TypeError,
      "expected Variable, but hook returned 'Promise'",
    ],
    [
      'a hook that returns a disposed tensor',
      () => {
        const y = leaf(1);
        y.register_hook((grad) => {
          grad.dispose();
          return grad;
        });
        y.sum().backward();
      },
      torch.TorchError,
      'the gradient that was returned has been disposed',
    ],
    [
      'a hook that changes the shape',
      () => {
        const y = leaf(1, 2);
        y.register_hook((grad) => grad.sum());
        y.sum().backward();
      },
      torch.TorchError,
      /has changed the size of value$/,
    ],
    [
      'a hook that changes the dtype',
      () => {
        const y = leaf(1, 2);
        y.register_hook((grad) => grad.double());
        y.sum().backward();
      },
      torch.TorchError,
      /has changed the type of value/,
    ],
  ]);
});

it('a hook may register others on its tensor while it runs, and gets null where no gradient arrives', () => {
  const x = torch.ones(2, { requires_grad: true });
  const y = x.mul(3);
  const seen: unknown[] = [];
  y.register_hook((grad) => {
    for (let i = 0; i < 100; i++) y.register_hook(() => {});
    return grad.mul(2);
  });
  y.register_hook((grad) => {
    seen.push(grad.tolist());
  });
  y.sum().backward();
  expect([seen, x.grad?.tolist()]).toEqual([[[2, 2]], [6, 6]]);

  class Nothing extends torch.autograd.Function {
    static override forward(_ctx: torch.autograd.FunctionCtx, z: torch.Tensor): torch.Tensor {
      return z.mul(1);
    }
    static override backward(): null {
      return null;
    }
  }
  const z = x.mul(1);
  z.register_hook((grad) => {
    seen.push(grad);
  });
  Nothing.apply(z).sum().backward();
  expect(seen.at(-1)).toBe(null);
});
