import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** Runs `step` 300 times outside of any scope in a Node with an exposed collector; gives the live tensors it left. */
function leftBy(step: string): number {
  const script = `
    const torch = require('isotorch');
    const leaf = () => torch.tensor([1, 2], { requires_grad: true });
    class Keep extends torch.autograd.Function {
      static forward(ctx, x) {
        const y = x.mul(2);
        const constant = x.mul(0);
        ctx.save_for_backward(x, y);
        ctx.mark_non_differentiable(constant);
        return [y, constant];
      }
      static backward(ctx, grad) {
        return grad.mul(ctx.saved_tensors[1]);
      }
    }
    class InPlace extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.mark_dirty(x.add_(1));
        return x;
      }
      static backward(ctx, grad) {
        return grad;
      }
    }
    class Circle extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.y = x.mul(2);
        return ctx.y;
      }
      static backward(ctx, grad) {
        return grad.mul(ctx.y);
      }
    }
    class Circles extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.all = [x.mul(2), x.mul(3)];
        return ctx.all;
      }
      static backward(ctx, grad) {
        return grad;
      }
    }
    class Big extends torch.autograd.Function {
      static forward(ctx, x) {
        ctx.big = x.mul(2);
        return x.add(1);
      }
      static backward(ctx, grad) {
        return grad;
      }
    }
    const pass = (body) => torch.autograd.graph.saved_tensors_hooks((x) => x, (x) => x, body);
    const step = () => { ${step} };
    const collect = async () => {
      for (let i = 0; i < 5; i++) {
        gc();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return torch.memory_stats().live_tensors;
    };
    (async () => {
      step();
      const before = await collect();
      for (let i = 0; i < 300; i++) step();
      console.log((await collect()) - before);
    })();
  `;
  const output = execFileSync(process.execPath, ['--expose-gc', '-e', script], { encoding: 'utf8' });
  return Number(output);
}

// What the collector may still hold when it stops; a leak would be hundreds.
const SLACK = 5;

it.each([
  ['operations', 'leaf().mul(2).sum()'],
  ['backward', 'leaf().mul(2).sum().backward()'],
  ['a hook that never ran', 'leaf().register_hook((grad) => grad)'],
  ['a hook that ran', 'const x = leaf(); x.register_hook((grad) => grad.mul(2)); x.sum().backward()'],
  ['a hook with its handle', 'const h = leaf().mul(2).register_hook(() => {}); h.remove()'],
  ['a post-accumulate hook', 'const x = leaf(); x.register_post_accumulate_grad_hook(() => {}); x.sum().backward()'],
  ['a custom function that saves its input and output', 'Keep.apply(leaf())'],
  ['a custom function, run backward', 'Keep.apply(leaf())[0].sum().backward()'],
  ['a custom function in place', 'InPlace.apply(leaf().mul(1)).sum().backward()'],
])('%s: the collector frees everything', (_name, step) => {
  expect(leftBy(step)).toBeLessThan(SLACK);
});

// A circle through libtorch goes once nothing there has the tensor: the callbacks of some steps wait for the next ones.
it.each([
  ['ctx holds the result', 'Circle.apply(leaf())'],
  ['ctx holds a list of results', 'Circles.apply(leaf())'],
  ['a hook mentions its result', 'const y = leaf().mul(2); y.register_hook((grad) => grad.mul(y))'],
  ['a hook mentions its leaf', 'const x = leaf(); x.register_hook((grad) => grad.mul(x)); x.mul(2)'],
  ['a multi-grad hook', 'torch.autograd.graph.register_multi_grad_hook([leaf().mul(2)], () => {})'],
  ['saved-tensor hooks that pack what they get', 'pass(() => leaf().exp().sigmoid())'],
  ['save_on_cpu without backward', 'torch.autograd.graph.save_on_cpu(() => leaf().exp().sigmoid())'],
  ['custom functions run forward only', 'Big.apply(leaf())'],
])('%s: the collector frees nearly everything', (_name, step) => {
  expect(leftBy(step)).toBeLessThan(100);
});
