// Callbacks that throw, dispose, re-enter or answer nonsense; graphs used twice.
import * as torch from 'isotorch';
import { disposed, leaf, t, thrower } from './given.mjs';

const { nn } = torch;

/** @type {import('./index.mjs').Row[]} */
export const autograd = [
  [
    'backward twice',
    () => {
      const y = leaf().exp().sum();
      y.backward();
      y.backward();
    },
    'TorchError',
    /Trying to backward through the graph a second time/,
  ],
  [
    'a tensor hook that throws',
    () => {
      const y = leaf().exp();
      y.register_hook(thrower);
      y.sum().backward();
    },
    'Thrown',
    /^from the callback$/,
  ],
  [
    'backward works again after a hook threw',
    () => {
      const w = leaf();
      const y = w.exp();
      const handle = y.register_hook(thrower);
      try {
        y.sum().backward({ retain_graph: true });
      } catch {}
      handle.remove();
      leaf().mul(2).sum().backward();
      w.mul(3).sum().backward();
      if (!w.grad.tolist().every((g) => g === 3)) throw new Error(`wrong gradient ${w.grad}`);
    },
    null,
  ],
  [
    'a hook that throws a number',
    () => {
      const y = leaf().exp();
      y.register_hook(() => {
        throw 42;
      });
      try {
        y.sum().backward();
      } catch (error) {
        if (error === 42) return;
        throw error;
      }
      throw new Error('nothing was thrown');
    },
    null,
  ],
  [
    'a hook that returns nonsense',
    () => {
      const y = leaf().exp();
      y.register_hook(() => 'gradient');
      y.sum().backward();
    },
    'TypeError|TorchError',
    /./,
  ],
  [
    'a hook that returns another shape',
    () => {
      const y = leaf().exp();
      y.register_hook(() => torch.ones([7]));
      y.sum().backward();
    },
    'TorchError',
    /./,
  ],
  [
    'a hook that disposes its gradient',
    () => {
      const w = leaf();
      const y = w.exp();
      y.register_hook((g) => {
        g.dispose();
      });
      y.sum().backward();
      if (w.grad === null) throw new Error('no gradient');
    },
    null,
  ],
  [
    'a hook that returns a disposed tensor',
    () => {
      const y = leaf().exp();
      y.register_hook(() => disposed());
      y.sum().backward();
    },
    'TorchError|TypeError',
    /./,
  ],
  [
    'a hook that disposes the tensor it hangs on',
    () => {
      const w = leaf();
      const y = w.exp();
      y.register_hook(() => {
        y.dispose();
        w.dispose();
      });
      y.sum().backward();
    },
    null,
  ],
  [
    'a hook that runs backward itself',
    () => {
      const w = leaf();
      const y = w.exp();
      y.register_hook(() => {
        torch.enable_grad(() => leaf().mul(2).sum().backward());
      });
      y.sum().backward();
      if (w.grad === null) throw new Error('no gradient');
    },
    null,
  ],
  [
    'a hook that runs backward without enable_grad',
    () => {
      const y = leaf().exp();
      y.register_hook(() => {
        leaf().mul(2).sum().backward();
      });
      y.sum().backward();
    },
    'TorchError',
    /element 0 of tensors does not require grad/,
  ],
  [
    'a hook that runs backward to the same leaf',
    () => {
      const w = leaf();
      const y = w.exp();
      const z = y.sum();
      y.register_hook(() => {
        torch.enable_grad(() => w.mul(1).sum().backward());
      });
      z.backward();
      // The inner pass added 1 to each.
      const expected = Math.fround(Math.fround(Math.exp(1)) + 1);
      if (Math.abs(w.grad.tolist()[0] - expected) > 1e-6) throw new Error(`wrong gradient ${w.grad}`);
    },
    null,
  ],
  ['a hook that is no function', () => leaf().register_hook(5), 'TypeError', /./],
  [
    'a post-accumulate hook that throws',
    () => {
      const w = leaf();
      w.register_post_accumulate_grad_hook(thrower);
      w.sum().backward();
    },
    'Thrown',
    /^from the callback$/,
  ],
  [
    'a Function whose backward throws',
    () => {
      class F extends torch.autograd.Function {
        static forward(_ctx, x) {
          return x.clone();
        }
        static backward() {
          return thrower();
        }
      }
      F.apply(leaf()).sum().backward();
    },
    'Thrown',
    /^from the callback$/,
  ],
  [
    'a Function whose forward throws',
    () => {
      class F extends torch.autograd.Function {
        static forward() {
          return thrower();
        }
        static backward() {}
      }
      F.apply(leaf());
    },
    'Thrown',
    /^from the callback$/,
  ],
  [
    'a Function that gives too few gradients',
    () => {
      class F extends torch.autograd.Function {
        static forward(_ctx, x, y) {
          return x.add(y);
        }
        static backward(_ctx, g) {
          return [g];
        }
      }
      F.apply(leaf(), leaf()).sum().backward();
    },
    'TorchError',
    /returned an incorrect number of gradients \(expected 2, got 1\)/,
  ],
  [
    'a Function used after it was freed',
    () => {
      class F extends torch.autograd.Function {
        static forward(ctx, x) {
          ctx.save_for_backward(x);
          return x.mul(2);
        }
        static backward(ctx, g) {
          const [x] = ctx.saved_tensors;
          return g.mul(x);
        }
      }
      const y = F.apply(leaf()).sum();
      y.backward();
      y.backward();
    },
    'TorchError',
    /Trying to backward through the graph a second time/,
  ],
  ['no_grad of a promise-returning function', () => torch.no_grad(async () => 1), 'TypeError|TorchError', /./],
  [
    'no_grad restores the mode when its body throws',
    () => {
      try {
        torch.no_grad(thrower);
      } catch {}
      if (!torch.is_grad_enabled()) throw new Error('gradients stayed off');
    },
    null,
  ],
  [
    'inference_mode restores the mode when its body throws',
    () => {
      try {
        torch.inference_mode(thrower);
      } catch {}
      if (!torch.ones([1], { requires_grad: true }).mul(2).requires_grad) throw new Error('inference mode stayed on');
    },
    null,
  ],
  [
    'an inference tensor in autograd',
    () => {
      const x = torch.inference_mode(() => torch.ones([2]));
      leaf().sum().mul(x).sum().backward();
    },
    'TorchError',
    /Inference tensors cannot be saved for backward/,
  ],
  ['a scope whose body throws', () => torch.scope(thrower), 'Thrown', /^from the callback$/],
  [
    'a Module hook that throws',
    () => {
      const m = new nn.ReLU();
      m.register_forward_hook(thrower);
      m.call(t());
    },
    'Thrown',
    /^from the callback$/,
  ],
];
