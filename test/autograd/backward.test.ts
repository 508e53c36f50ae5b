import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });
// TypeScript takes `x.grad = null` for the last word on `x.grad`; a call makes it look again.
const gradientOf = (x: torch.Tensor) => x.grad?.tolist();

describe('backward', () => {
  it('gives the derivative: d/dx sum(x³) = 3x²', () => {
    const x = leaf(1, 2, -3);
    x.pow(3).sum().backward();
    expect(x.grad?.tolist()).toEqual([3, 12, 27]);
  });

  it('accumulates, until grad is set to null', () => {
    const x = leaf(1, 2);
    for (let i = 0; i < 3; i++) x.mul(2).sum().backward();
    expect(x.grad?.tolist()).toEqual([6, 6]);
    x.grad = null;
    expect(gradientOf(x)).toBeUndefined();
    x.sum().backward();
    expect(gradientOf(x)).toEqual([1, 1]);
  });

  it('weights a tensor by the gradient it is given', () => {
    const x = leaf(1, 2);
    x.mul(x).backward(torch.tensor([10, 100]));
    expect(x.grad?.tolist()).toEqual([20, 400]);
    const y = leaf(1, 2);
    y.mul(y).backward({ gradient: torch.tensor([1, 0]) });
    expect(y.grad?.tolist()).toEqual([2, 0]);
  });

  it('keeps the graph with retain_graph', () => {
    const x = leaf(3);
    const y = x.mul(x);
    y.backward({ retain_graph: true });
    y.backward();
    expect(x.grad?.tolist()).toEqual([12]);
  });

  it('records itself with create_graph: d²/dx² x³ = 6x', () => {
    const x = leaf(2, 3);
    x.pow(3).sum().backward({ create_graph: true });
    const first = x.grad as torch.Tensor;
    expect(first.requires_grad).toBe(true);
    x.grad = null;
    first.sum().backward();
    expect(gradientOf(x)).toEqual([12, 18]);
  });

  it('accumulates into the given inputs only', () => {
    const [x, y] = [leaf(2), leaf(5)];
    x.mul(y).backward({ inputs: [x] });
    expect([x.grad?.item(), y.grad]).toEqual([5, null]);
    x.mul(y).backward(null, { inputs: { y } });
    expect([x.grad?.item(), y.grad?.item()]).toEqual([5, 2]);
  });

  it('of several tensors at once', () => {
    const x = leaf(1, 2);
    torch.autograd.backward([x.sum(), x.mul(3)], [null, torch.tensor([1, 10])]);
    expect(x.grad?.tolist()).toEqual([4, 31]);
    torch.autograd.backward([]);
  });

  it('retain_grad keeps the gradient of a tensor that is not a leaf', () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    expect([y.grad, y.retains_grad]).toEqual([null, false]);
    y.retain_grad();
    y.mul(y).sum().backward();
    expect([y.grad?.tolist(), y.retains_grad, x.retains_grad]).toEqual([[6, 12], true, false]);
  });

  it('matches a worked example: a linear model with squared error', () => {
    // loss = (w·x + b − t)², x = (1, 2), w = (0.5, −1), b = 0.25, t = 1: error e = −2.25.
    const [x, w, b] = [torch.tensor([1, 2]), leaf(0.5, -1), leaf(0.25)];
    const loss = w.mul(x).sum().add(b).sub(1).square().sum();
    loss.backward();
    expect(loss.item()).toBe(5.0625);
    expect(w.grad?.tolist()).toEqual([-4.5, -9]);
    expect(b.grad?.tolist()).toEqual([-4.5]);
  });
});

describe('graph bookkeeping', () => {
  it('leaves, nodes and flags', () => {
    const x = leaf(1);
    const y = x.mul(2);
    expect([x.is_leaf, x.grad_fn, y.is_leaf, y.requires_grad]).toEqual([true, null, false, true]);
    expect([y.grad_fn?.name(), String(y.grad_fn)]).toEqual(['MulBackward0', '<MulBackward0 object>']);
    expect([y.detach().requires_grad, y.detach().is_leaf]).toEqual([false, true]);
    expect(y.requires_grad_()).toBe(y);
  });

  it('requires_grad can be switched on leaves', () => {
    const x = torch.tensor([1, 2]);
    x.requires_grad = true;
    expect(x.requires_grad).toBe(true);
    expect(x.requires_grad_(false).requires_grad).toBe(false);
  });

  it('grad can be set, and is the very tensor', () => {
    const x = leaf(1, 2);
    const g = torch.tensor([5, 6]);
    x.grad = g;
    g.mul_(2);
    expect(x.grad?.tolist()).toEqual([10, 12]);
    x.grad?.zero_();
    expect(g.tolist()).toEqual([0, 0]);
  });
});

describe('arguments of backward', () => {
  const leaf = (value: number) => torch.tensor([value], { requires_grad: true });

  it('go by position and by keyword, in the method and in the function', () => {
    const [x, y] = [leaf(2), leaf(5)];
    const product = () => x.mul(y);
    product().backward(torch.tensor([3]), true, false, [x]);
    expect([x.grad?.item(), y.grad]).toEqual([15, null]);
    product().backward({ gradient: torch.tensor([1]), inputs: { y } });
    expect([x.grad?.item(), y.grad?.item()]).toEqual([15, 2]);
    product().backward(null, null, true);
    expect(x.grad?.requires_grad).toBe(true);
    for (const leaf of [x, y]) leaf.grad = null;
    torch.autograd.backward(product(), null, null, false, null, { x });
    torch.autograd.backward({ tensors: [product()], grad_tensors: [torch.tensor([2])], inputs: [y] });
    expect([x.grad?.item(), y.grad?.item()]).toEqual([5, 4]);
  });

  it('two sorts of weights are one too many', () => {
    expect(() =>
      torch.autograd.backward({ tensors: leaf(1), grad_tensors: null, grad_variables: leaf(1) }),
    ).not.toThrow();
    expect(() => torch.autograd.backward({ tensors: leaf(1), grad_tensors: leaf(1), grad_variables: leaf(1) })).toThrow(
      '`grad_tensors` and `grad_variables` (deprecated) arguments both passed to `backward()`.',
    );
  });
});

describe('misuse', () => {
  const x = leaf(1, 2, 3);

  itRefuses([
    [
      'backward of several elements',
      () => x.mul(2).backward(),
      torch.TorchError,
      'grad can be implicitly created only for scalar outputs',
    ],
    [
      'backward of nothing recorded',
      () => torch.ones([1]).backward(),
      torch.TorchError,
      'element 0 of tensors does not require grad and does not have a grad_fn',
    ],
    [
      'backward twice',
      () => {
        const y = x.mul(x).sum();
        y.backward();
        y.backward();
      },
      torch.TorchError,
      'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.',
    ],
    [
      'a gradient of another shape',
      () => x.mul(2).backward(torch.ones([2])),
      torch.TorchError,
      'Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([3]).',
    ],
    [
      'a gradient that is no tensor',
      () => x.mul(2).backward(3 as never),
      TypeError,
      'gradients can be either Tensors or None, but got int',
    ],
    [
      'a real gradient for a complex output',
      () =>
        torch
          .ones([1], { dtype: torch.complex64, requires_grad: true })
          .mul(1)
          .backward(torch.ones([1])),
      torch.TorchError,
      'For complex Tensors, both grad_output and output are required to have the same dtype. Mismatch in dtype: grad_output[0] has a dtype of torch.float32 and output[0] has a dtype of torch.complex64.',
    ],
    [
      'no gradient for a complex output',
      () => torch.ones([1], { dtype: torch.complex64, requires_grad: true }).backward(),
      torch.TorchError,
      'grad can be implicitly created only for real scalar outputs but got torch.complex64',
    ],
    [
      'no inputs',
      () => x.sum().backward({ inputs: [] }),
      torch.TorchError,
      '`inputs` argument to `backward()` cannot be empty.',
    ],
    [
      'inputs that are no tensors',
      () => x.sum().backward({ inputs: [3] as never }),
      TypeError,
      "backward(): argument 'inputs' must be a tensor or tensors, but element 0 is not one",
    ],
    [
      'an unknown option',
      () => x.sum().backward({ retain: true } as never),
      TypeError,
      "Tensor.backward() got an unexpected keyword argument 'retain'",
    ],
    [
      'more tensors than gradients',
      () => torch.autograd.backward([x.sum(), x.sum()], [null]),
      torch.TorchError,
      'got 2 tensors and 1 gradients',
    ],
    [
      'a value overwritten before backward',
      () => {
        const y = x.mul(1);
        const z = y.mul(y);
        y.add_(1);
        z.sum().backward();
      },
      torch.TorchError,
      /^one of the variables needed for gradient computation has been modified by an inplace operation: .*is at version 1; expected version 0 instead/,
    ],
    [
      'a leaf changed in place',
      () => x.add_(1),
      torch.TorchError,
      'a leaf Variable that requires grad is being used in an in-place operation.',
    ],
    [
      'requires_grad of integers',
      () => {
        torch.tensor([1n]).requires_grad = true;
      },
      torch.TorchError,
      'only Tensors of floating point and complex dtype can require gradients',
    ],
    [
      'requires_grad switched off on a result',
      () => x.mul(2).requires_grad_(false),
      torch.TorchError,
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
    ],
    [
      'requires_grad assigned on a result',
      () => {
        x.mul(2).requires_grad = true;
      },
      torch.TorchError,
      'you can only change requires_grad flags of leaf variables.',
    ],
    [
      'retain_grad of nothing recorded',
      () => torch.ones([1]).retain_grad(),
      torch.TorchError,
      "can't retain_grad on Tensor that has requires_grad=False",
    ],
    [
      'grad that is no tensor',
      () => {
        x.grad = 3 as never;
      },
      TypeError,
      'assigned grad expected to be a Tensor or None but got grad of type int',
    ],
    [
      'grad that is the tensor itself',
      () => {
        x.grad = x;
      },
      torch.TorchError,
      "can't assign Variable as its own grad",
    ],
    [
      'grad of another shape',
      () => {
        x.grad = torch.ones([2]);
      },
      torch.TorchError,
      "attempting to assign a gradient of size '[2]' to a tensor of size '[3]'. Please ensure that the gradient and the tensor are the same size",
    ],
    [
      'grad of another dtype',
      () => {
        x.grad = torch.ones([3], { dtype: torch.float64 });
      },
      torch.TorchError,
      "attempting to assign a gradient with dtype 'double' to a tensor with grad_dtype 'Float'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they match.",
    ],
    [
      'grad on another device',
      () => {
        x.grad = torch.ones([3], { device: 'meta' });
      },
      torch.TorchError,
      "attempting to assign a gradient with device type 'meta' to a tensor with device type 'cpu'. Please ensure that the gradient and the tensor are on the same device",
    ],
    [
      'data of integers for a tensor that requires grad',
      () => {
        x.data = torch.tensor([1n]);
      },
      torch.TorchError,
      'data set to a tensor that requires gradients must be floating point or complex dtype',
    ],
  ]);
});
