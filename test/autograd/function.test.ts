import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { errorOf, itRefuses } from '../support/errors';

type Tensor = torch.Tensor;
type Ctx<S extends (Tensor | null)[] = Tensor[]> = torch.autograd.FunctionCtx<S>;
const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });

class Cube extends torch.autograd.Function {
  static override forward(ctx: Ctx<[Tensor]>, x: Tensor): Tensor {
    ctx.save_for_backward(x);
    return x.pow(3);
  }
  static override backward(ctx: Ctx<[Tensor]>, grad: Tensor): Tensor {
    const [x] = ctx.saved_tensors;
    return grad.mul(x.square()).mul(3);
  }
}

class Scale extends torch.autograd.Function {
  static override forward(ctx: Ctx & { factor?: number }, x: Tensor, factor: number): Tensor {
    ctx.factor = factor;
    return x.mul(factor);
  }
  static override backward(ctx: Ctx & { factor?: number }, grad: Tensor): [Tensor, null] {
    return [grad.mul(ctx.factor as number), null];
  }
}

describe('autograd.Function', () => {
  it('uses its own derivative', () => {
    const x = leaf(1, 2);
    const y = Cube.apply(x);
    expect([y.tolist(), y.grad_fn?.name()]).toEqual([[1, 8], 'CubeBackward']);
    y.sum().backward();
    expect(x.grad?.tolist()).toEqual([3, 12]);
  });

  it('can be differentiated twice, and three times', () => {
    const x = leaf(2);
    let y: Tensor = Cube.apply(x);
    const values = [];
    for (let order = 1; order <= 3; order++) {
      [y] = torch.autograd.grad(y.sum(), x, { create_graph: true }) as [Tensor];
      values.push(y.item());
    }
    expect(values).toEqual([12, 12, 6]);
  });

  it('takes arguments that are no tensors, and keeps properties of ctx', () => {
    const x = leaf(1, 2);
    Scale.apply(x, 5).sum().backward();
    expect(x.grad?.tolist()).toEqual([5, 5]);
  });

  it('is not recorded in no_grad, nor without tensors that need it', () => {
    const x = leaf(2);
    expect(torch.no_grad(() => Cube.apply(x)).requires_grad).toBe(false);
    expect(Cube.apply(torch.tensor([2])).requires_grad).toBe(false);
  });

  it('runs forward unrecorded, and backward recorded for create_graph only', () => {
    const modes: boolean[] = [];
    class Probe extends torch.autograd.Function {
      static override forward(_ctx: Ctx, x: Tensor): Tensor {
        modes.push(torch.is_grad_enabled());
        return x.mul(1);
      }
      static override backward(_ctx: Ctx, grad: Tensor): Tensor {
        modes.push(torch.is_grad_enabled());
        return grad;
      }
    }
    const x = leaf(1);
    Probe.apply(x).backward();
    Probe.apply(x).backward({ create_graph: true });
    expect(modes).toEqual([false, false, false, true]);
  });

  it('says which arguments need a gradient', () => {
    let needed: readonly boolean[] = [];
    class Probe extends torch.autograd.Function {
      static override forward(ctx: Ctx, x: Tensor, _y: Tensor, _n: number): Tensor {
        needed = ctx.needs_input_grad;
        return x.mul(1);
      }
    }
    Probe.apply(leaf(1), torch.ones([1]), 3);
    expect(needed).toEqual([true, false, false]);
  });

  it('has several outputs; missing gradients are zeros, or null where it asks for that', () => {
    const seen: unknown[] = [];
    class Split extends torch.autograd.Function {
      static override forward(ctx: Ctx, x: Tensor, materialize: boolean): [Tensor, Tensor, string] {
        ctx.set_materialize_grads(materialize);
        return [x.mul(2), x.mul(3), 'text'];
      }
      static override backward(_ctx: Ctx, a: Tensor | null, b: Tensor | null, c: null) {
        seen.push([a?.tolist(), b?.tolist() ?? null, c]);
        return [a as Tensor, null];
      }
    }
    const x = leaf(1, 2);
    for (const materialize of [true, false]) {
      const [first, second, text] = Split.apply(x, materialize);
      expect([second.tolist(), text]).toEqual([[3, 6], 'text']);
      first.sum().backward();
    }
    expect(seen).toEqual([
      [[1, 1], [0, 0], null],
      [[1, 1], null, null],
    ]);
  });

  it('marks outputs that have no gradient', () => {
    class SortLike extends torch.autograd.Function {
      static override forward(ctx: Ctx, x: Tensor): [Tensor, Tensor] {
        const values = x.mul(1);
        const order = x.mul(0);
        ctx.mark_non_differentiable(order);
        return [values, order];
      }
      static override backward(_ctx: Ctx, grad: Tensor): Tensor {
        return grad;
      }
    }
    const [values, order] = SortLike.apply(leaf(1));
    expect([values.requires_grad, order.requires_grad]).toEqual([true, false]);
  });

  it('may change an input in place, when it says so', () => {
    class AddOne extends torch.autograd.Function {
      static override forward(ctx: Ctx, x: Tensor): Tensor {
        x.add_(1);
        ctx.mark_dirty(x);
        return x;
      }
      static override backward(_ctx: Ctx, grad: Tensor): Tensor {
        return grad.mul(7);
      }
    }
    const x = leaf(1);
    const y = x.mul(2);
    const z = AddOne.apply(y);
    expect([z === y, y.item(), y.grad_fn?.name()]).toEqual([true, 3, 'AddOneBackward']);
    z.backward();
    expect(x.grad?.item()).toBe(14);
  });

  it('may return an input: the result is another tensor', () => {
    class Identity extends torch.autograd.Function {
      static override forward(_ctx: Ctx, x: Tensor): Tensor {
        return x;
      }
      static override backward(_ctx: Ctx, grad: Tensor): Tensor {
        return grad.mul(3);
      }
    }
    const x = leaf(1);
    const y = Identity.apply(x);
    expect([y === x, x.is_leaf, y.data_ptr() === x.data_ptr()]).toEqual([false, true, true]);
    y.backward();
    expect(x.grad?.item()).toBe(3);
    const z = Identity.apply(torch.ones([1]));
    expect(z.requires_grad).toBe(false);
    const w = torch.ones([1]);
    expect(Identity.apply(w) === w).toBe(false);
  });

  it('may save an output', () => {
    class Exp extends torch.autograd.Function {
      static override forward(ctx: Ctx<[Tensor]>, x: Tensor): Tensor {
        const y = x.exp();
        ctx.save_for_backward(y);
        return y;
      }
      static override backward(ctx: Ctx<[Tensor]>, grad: Tensor): Tensor {
        return grad.mul(ctx.saved_tensors[0]);
      }
    }
    const x = leaf(0);
    let y: Tensor = Exp.apply(x);
    [y] = torch.autograd.grad(y, x, { create_graph: true }) as [Tensor];
    y.backward();
    expect([y.item(), x.grad?.item()]).toEqual([1, 1]);
  });

  it('may save nothing in a place', () => {
    class Maybe extends torch.autograd.Function {
      static override forward(ctx: Ctx<[Tensor | null, Tensor]>, x: Tensor): Tensor {
        ctx.save_for_backward(null, x);
        return x.mul(2);
      }
      static override backward(ctx: Ctx<[Tensor | null, Tensor]>, grad: Tensor): Tensor {
        const [none, x] = ctx.saved_tensors;
        expect([none, x.item()]).toEqual([null, 4]);
        return grad;
      }
    }
    Maybe.apply(leaf(4)).backward();
  });

  it('may be written with setup_context', () => {
    class Square extends torch.autograd.Function {
      static override forward(x: Tensor, _factor: number): Tensor {
        return x.mul(x);
      }
      static setup_context(ctx: Ctx<[Tensor]>, inputs: [Tensor, number], _output: Tensor): void {
        ctx.save_for_backward(inputs[0]);
      }
      static override backward(ctx: Ctx<[Tensor]>, grad: Tensor): [Tensor, null] {
        return [grad.mul(ctx.saved_tensors[0]).mul(2), null];
      }
    }
    const x = leaf(3);
    Square.apply(x, 1).backward();
    expect(x.grad?.item()).toBe(6);
  });

  it('saved tensors survive their scope: the graph holds them', () => {
    const x = leaf(3);
    const y = torch.scope(() => {
      const inner = x.mul(2);
      return Cube.apply(inner);
    });
    y.backward();
    // d/dx (2x)³ = 6 (2x)² = 216
    expect(x.grad?.item()).toBe(216);
  });

  it('notices saved tensors that were overwritten', () => {
    const x = leaf(1).mul(1);
    const y = Cube.apply(x);
    x.add_(1);
    expect(() => y.backward()).toThrow(
      /^one of the variables needed for gradient computation has been modified by an inplace operation/,
    );
  });

  it('passes on the very error that backward or forward throws', () => {
    const problem = new RangeError('from backward');
    class Failing extends torch.autograd.Function {
      static override forward(_ctx: Ctx, x: Tensor, early: boolean): Tensor {
        if (early) throw problem;
        return x.mul(1);
      }
      static override backward(): never {
        throw problem;
      }
    }
    const x = leaf(1);
    expect(errorOf(() => Failing.apply(x, true))).toBe(problem);
    expect(torch.is_grad_enabled()).toBe(true);
    expect(errorOf(() => Failing.apply(x, false).backward())).toBe(problem);
    Cube.apply(x).backward();
    expect(x.grad?.item()).toBe(3);
  });

  it('may run a backward of its own inside', () => {
    class Inner extends torch.autograd.Function {
      static override forward(ctx: Ctx<[Tensor]>, x: Tensor): Tensor {
        ctx.save_for_backward(x);
        return x.square();
      }
      static override backward(ctx: Ctx<[Tensor]>, grad: Tensor): Tensor {
        const x = ctx.saved_tensors[0].detach().requires_grad_();
        torch.enable_grad(() => Cube.apply(x)).backward();
        return (x.grad as Tensor).mul(grad);
      }
    }
    const x = leaf(2);
    Inner.apply(x).backward();
    expect(x.grad?.item()).toBe(12);
  });

  it('once_differentiable refuses a second derivative', () => {
    class Once extends torch.autograd.Function {
      static override forward(_ctx: Ctx, x: Tensor): Tensor {
        return x.mul(2);
      }
      static override backward = torch.autograd.once_differentiable((_ctx: Ctx, grad: Tensor) => grad.mul(2));
    }
    const x = leaf(1, 1);
    const [dx] = torch.autograd.grad(Once.apply(x).pow(2).sum(), x, { create_graph: true });
    expect(dx?.tolist()).toEqual([8, 8]);
    const message = errorOf(() => dx?.sum().backward()).message;
    expect(message).toBe('trying to differentiate twice a function that was marked with @once_differentiable');
  });
});

describe('memory', () => {
  it('a function in a scope leaves nothing behind, with backward or without', () => {
    const x = leaf(1, 2);
    torch.scope(() => Cube.apply(x).sum().backward());
    const before = torch.memory_stats().live_tensors;
    for (let i = 0; i < 50; i++) {
      torch.scope(() => {
        Cube.apply(x);
        Cube.apply(Scale.apply(x, 3)).sum().backward();
      });
    }
    expect(torch.memory_stats().live_tensors).toBe(before);
  });
});

describe('misuse', () => {
  const x = leaf(1, 2, 3);

  /** A function of a tensor and a number whose backward returns what it is told. */
  const returning = (result: (grad: Tensor) => unknown) => () => {
    class F extends torch.autograd.Function {
      static override forward(_ctx: Ctx, input: Tensor, factor: number): Tensor {
        return input.mul(factor);
      }
      static override backward(_ctx: Ctx, grad: Tensor) {
        return result(grad) as Tensor;
      }
    }
    F.apply(x, 2).sum().backward();
  };
  /** A function of a tensor whose forward does what it is told. */
  const doing = (body: (ctx: Ctx, x: Tensor) => unknown) => () => {
    class F extends torch.autograd.Function {
      static override forward(ctx: Ctx, input: Tensor): Tensor {
        return body(ctx, input) as Tensor;
      }
      static override backward(_ctx: Ctx, grad: Tensor): Tensor {
        return grad;
      }
    }
    return F.apply(x);
  };

  itRefuses([
    [
      'too few gradients',
      returning((grad) => grad),
      torch.TorchError,
      'function FBackward returned an incorrect number of gradients (expected 2, got 1)',
    ],
    [
      'too many gradients',
      returning((grad) => [grad, null, grad]),
      torch.TorchError,
      'function FBackward returned an incorrect number of gradients (expected 2, got 3)',
    ],
    [
      'a gradient for a number',
      returning((grad) => [grad, grad]),
      torch.TorchError,
      'function FBackward returned a gradient different than None at position 2, but the corresponding forward input was not a Variable',
    ],
    [
      'a gradient that is no tensor',
      returning(() => [3, null]),
      torch.TorchError,
      'expected Variable or None (got int)',
    ],
    [
      'a promise',
      returning(async (grad) => [grad, null]),
      TypeError,
      'FBackward returned a promise: backward must be synchronous',
    ],
    [
      'a gradient of another shape',
      returning((grad) => [grad.get(0), null]),
      torch.TorchError,
      'Function FBackward returned an invalid gradient at index 0 - got [] but expected shape compatible with [3]',
    ],
    [
      'saving something that is no tensor',
      doing((ctx, input) => {
        ctx.save_for_backward(3 as never);
        return input.mul(1);
      }),
      TypeError,
      'save_for_backward can only save variables, but argument 0 is of type int',
    ],
    [
      'a dirty input that is not returned',
      doing((ctx, input) => {
        ctx.mark_dirty(input);
        return input.mul(1);
      }),
      torch.TorchError,
      'Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace must all be outputs of the Function.',
    ],
    [
      'a dirty leaf',
      doing((ctx, input) => {
        ctx.mark_dirty(input.add_(1));
        return input;
      }),
      torch.TorchError,
      'a leaf Variable that requires grad has been used in an in-place operation.',
    ],
    [
      'dirty things that are no tensors',
      doing((ctx) => ctx.mark_dirty(3 as never)),
      TypeError,
      'mark_dirty only accepts variable arguments, but argument 0 is of type int',
    ],
    [
      'saved tensors read in forward',
      doing((ctx) => ctx.saved_tensors),
      torch.TorchError,
      'saved_tensors can only be read while backward runs',
    ],
    ['an async forward', doing(async (_ctx, input) => input), TypeError, /promise/],
    [
      'no forward',
      () => {
        class Nothing extends torch.autograd.Function {}
        return Nothing.apply(...([x] as never[]));
      },
      torch.NotImplementedError,
      'You must implement the forward function for custom autograd.Function.',
    ],
    [
      'no backward',
      () => {
        class Half extends torch.autograd.Function {
          static override forward(_ctx: Ctx, input: Tensor): Tensor {
            return input.mul(0.5);
          }
        }
        Half.apply(x).sum().backward();
      },
      torch.NotImplementedError,
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    ],
    [
      'backward twice',
      () => {
        const y = Cube.apply(x).sum();
        y.backward();
        y.backward();
      },
      torch.TorchError,
      /^Trying to backward through the graph a second time/,
    ],
  ]);
});

describe('what forward leaves behind', () => {
  it('an input that forward disposes still gets its gradient, and no other tensor does', () => {
    let other: torch.Tensor | undefined;
    class F extends torch.autograd.Function {
      static override forward(_ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
        const y = x.mul(2);
        x.dispose();
        other = torch.ones([2, 3], { requires_grad: true });
        return y.add(1);
      }
      static override backward(_ctx: torch.autograd.FunctionCtx, grad: torch.Tensor): torch.Tensor {
        return grad.mul(2);
      }
    }
    const leaf = torch.ones([2, 3], { requires_grad: true });
    F.apply(leaf.mul(1)).sum().backward();
    expect([leaf.grad?.tolist(), other?.grad]).toEqual([torch.full([2, 3], 2).tolist(), null]);
  });

  it('outputs that cannot all be recorded leave the graph as it was', () => {
    let out: torch.Tensor | undefined;
    const leaves = [torch.ones(3, { requires_grad: true }), torch.ones(3, { requires_grad: true })] as const;
    class F extends torch.autograd.Function {
      static override forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor, y: torch.Tensor): torch.Tensor[] {
        ctx.mark_dirty(y);
        out = x.clone();
        return [out, y];
      }
      static override backward(_ctx: torch.autograd.FunctionCtx, grad: torch.Tensor): torch.Tensor {
        return grad;
      }
    }
    expect(() => F.apply(...leaves)).toThrow('a leaf Variable that requires grad');
    expect(out?.requires_grad).toBe(false);
  });
});
