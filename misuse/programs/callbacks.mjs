// What the callbacks of random programs do: hooks, custom functions, getters, functions on saved tensors.
import * as torch from 'isotorch';

/** Thrown by callbacks, and told from errors of the package. */
const fail = () => {
  throw new Error('a callback of the caller');
};

/**
 * Something that happens in the middle of another call.
 * @param run the program that runs
 */
export function disturb(run) {
  const { one, any, steps } = run;
  return one([
    () => undefined,
    fail,
    () => any().dispose(),
    () => void run.put(torch.ones([2, 3])),
    () => steps(1),
    () => steps(2),
    () => any().sum().backward(),
    () => any().add_(1),
    () => torch.scope(() => void torch.ones([100])),
    () => run.collect(),
  ]);
}

/** A hook on a gradient. */
export function gradientHook(run) {
  const before = disturb(run);
  const answer = run.one([
    () => undefined,
    (grad) => grad,
    (grad) => grad.mul(2),
    (grad) => grad.mul_(2),
    (grad) => grad.dispose(),
    (grad) => grad.to_sparse(),
    (grad) => grad.sum(),
    () => null,
    () => 'no gradient',
    () => run.any(),
    (grad) => void run.put(grad),
  ]);
  return (grad) => {
    before();
    return answer(grad);
  };
}

/** An array of indices that does something when it is read. */
export function trap(run, items) {
  const list = [...items];
  const act = disturb(run);
  const value = list[0];
  Object.defineProperty(list, 0, {
    enumerable: true,
    get: () => {
      act();
      return value;
    },
  });
  return list;
}

/** A custom function whose parts are drawn. */
export function customFunction(run) {
  const { one, any } = run;
  const [during, after] = [disturb(run), disturb(run)];
  const compute = one([
    (_, x) => x.mul(2),
    (_, x) => x,
    (_, x) => x.view([-1]),
    (ctx, x) => {
      ctx.mark_dirty(x);
      return x.mul_(2);
    },
    (ctx, x) => {
      const index = x.argmax();
      ctx.mark_non_differentiable(index);
      return [x.sin(), index];
    },
    (_, x) => [x.sin(), x.cos()],
    (_, x) => [x.sin(), torch.ones([3], { dtype: torch.int64 }), x],
    (_, x) => [x.sin(), 1],
    (_, x) => {
      x.dispose();
      return torch.ones([3]);
    },
    (_, x) => x.detach(),
    () => any(),
    () => null,
    fail,
    (ctx, x) => {
      const y = x.exp();
      ctx.save_for_backward(x, y);
      ctx.kept = y;
      return y;
    },
    (ctx, x) => {
      ctx.set_materialize_grads(false);
      return [x.sin(), x.cos()];
    },
  ]);
  const differentiate = one([
    (_, ...grads) => grads[0],
    (ctx) => ctx.saved_tensors[0],
    () => null,
    () => [null, null, null],
    () => torch.ones([7]),
    (_, ...grads) => grads[0]?.to_sparse(),
    (_, ...grads) => grads[0]?.dispose(),
    () => 'no gradient',
    () => any(),
    fail,
    (_, grad) => grad.mul_(2),
  ]);
  return class extends torch.autograd.Function {
    static forward(ctx, ...inputs) {
      during();
      return compute(ctx, ...inputs);
    }
    static backward(ctx, ...grads) {
      after();
      return differentiate(ctx, ...grads);
    }
  };
}

/** Functions for `saved_tensors_hooks`. */
export function savedTensorHooks(run) {
  const [packing, unpacking] = [disturb(run), disturb(run)];
  const pack = run.one([
    (x) => x,
    (x) => x.clone(),
    (x) => x.tolist(),
    (x) => x.dispose(),
    () => null,
    fail,
    (x) => ({ x }),
  ]);
  const unpack = run.one([
    (x) => x,
    (x) => x?.x ?? x,
    () => torch.ones([3]),
    () => run.any(),
    () => 'no tensor',
    fail,
    (x) => {
      x?.dispose?.();
      return x;
    },
  ]);
  return [
    (x) => {
      packing();
      return pack(x);
    },
    (x) => {
      unpacking();
      return unpack(x);
    },
  ];
}
