// Passes that a hook of a running node starts. Python waits for ever where the pass would come to the node itself.
import * as torch from 'isotorch';
import { expect, it } from 'vitest';
import { errorOf } from '../support/errors';

const leaf = () => torch.ones([3], { requires_grad: true });
const sumOf = (x: torch.Tensor) => torch.enable_grad(() => x.mul(2).sum());

const waits = (node: string) =>
  `the pass would come to ${node}, which waits for the hook that started the pass: neither could ever end. ` +
  'Differentiate after the outer pass, or through another graph';

it('refuses a pass from a post-accumulate hook that would accumulate into the same leaf', () => {
  const w = leaf();
  w.register_post_accumulate_grad_hook(() => sumOf(w).backward());
  const error = errorOf(() => w.sin().sum().backward());
  expect(error.message).toBe(waits('torch::autograd::AccumulateGrad'));
});

it('runs a pass from such a hook that comes to other leaves, or only asks for the gradient', () => {
  const [w, v] = [leaf(), leaf()];
  const seen: unknown[] = [];
  w.register_post_accumulate_grad_hook(() => {
    sumOf(v).backward();
    seen.push(torch.autograd.grad(sumOf(w), w)[0]!.tolist());
    sumOf(torch.enable_grad(() => v.mul(w))).backward({ inputs: [v] });
  });
  w.mul(5).sum().backward();
  expect([w.grad!.tolist(), v.grad!.tolist(), seen]).toEqual([[5, 5, 5], [4, 4, 4], [[2, 2, 2]]]);
});

it('refuses a pass from an unpack hook through the node that unpacks', () => {
  const w = leaf();
  let loss: torch.Tensor | undefined;
  torch.autograd.graph.saved_tensors_hooks(
    (x: torch.Tensor) => x,
    (x: torch.Tensor) => {
      loss!.backward({ retain_graph: true });
      return x;
    },
    () => {
      loss = w.pow(3).sum();
    },
  );
  expect(errorOf(() => loss!.backward()).message).toBe(waits('PowBackward0'));
});

it('refuses a pass from a pack hook of a pass that makes a graph', () => {
  const w = leaf();
  const loss = w.abs().sum();
  const other = w.mul(1).abs().sum();
  let depth = 0;
  torch.autograd.graph.saved_tensors_hooks(
    (x: torch.Tensor) => {
      if (depth++ === 0) other.backward({ retain_graph: true });
      return x;
    },
    (x: torch.Tensor) => x,
    () => loss.backward({ create_graph: true }),
  );
  expect([w.grad!.tolist(), depth > 0]).toEqual([[2, 2, 2], true]);

  depth = 0;
  const refused = () =>
    torch.autograd.graph.saved_tensors_hooks(
      (x: torch.Tensor) => {
        if (depth++ === 0) loss.backward({ retain_graph: true });
        return x;
      },
      (x: torch.Tensor) => x,
      () => loss.backward({ create_graph: true }),
    );
  expect(errorOf(refused).message).toBe(waits('AbsBackward0'));
});

it('lets a custom function come to itself, but not through an operation in place on a view', () => {
  let depth = 0;
  let loss: torch.Tensor | undefined;
  class Again extends torch.autograd.Function {
    static override forward(ctx: torch.autograd.FunctionCtx, x: torch.Tensor): torch.Tensor {
      ctx.mark_dirty(x);
      return x.mul_(2);
    }
    static override backward(_: torch.autograd.FunctionCtx, grad: torch.Tensor): torch.Tensor {
      if (depth++ === 0) loss!.backward({ retain_graph: true });
      return grad.mul(2);
    }
  }
  const w = leaf();
  loss = Again.apply(w.mul(1)).sum();
  loss.backward();
  expect([w.grad!.tolist(), depth]).toEqual([[4, 4, 4], 2]);

  depth = 0;
  const base = w.mul(1);
  Again.apply(base.narrow(0, 0, 2));
  loss = base.sum();
  expect(errorOf(() => loss!.backward()).message).toBe(waits('torch::autograd::CopySlices'));
});
