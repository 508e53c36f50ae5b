import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { itRefuses } from '../support/errors';

const { grad } = torch.autograd;
const leaf = (...values: number[]) => torch.tensor(values, { requires_grad: true });

describe('autograd.grad', () => {
  it('returns gradients and leaves grad alone', () => {
    const [x, y] = [leaf(2), leaf(5)];
    const [dx, dy] = grad(x.mul(y), [x, y]);
    expect([dx?.item(), dy?.item(), x.grad, y.grad]).toEqual([5, 2, null, null]);
  });

  it('under the names of the inputs', () => {
    const [x, y] = [leaf(2), leaf(5)];
    const { a, b } = grad(x.mul(y), { a: x, b: y });
    expect([a.item(), b.item()]).toEqual([5, 2]);
  });

  it("takes all of Python's arguments by position and by keyword", () => {
    const [x, y] = [leaf(2), leaf(5)];
    const cube = () => x.pow(3).mul(y);
    const by_position = grad(cube(), [x, y], null, true, true, true, false, false, false);
    const by_keyword = grad({ outputs: cube(), inputs: [x, y], grad_outputs: torch.tensor([1]), create_graph: true });
    for (const [dx, dy] of [by_position, by_keyword]) {
      expect([dx?.item(), dy?.item(), dx?.requires_grad]).toEqual([60, 8, true]);
    }
    const named: { x: torch.Tensor; y: torch.Tensor } = grad({ outputs: cube(), inputs: { x, y } });
    expect([named.x.item(), named.y.item()]).toEqual([60, 8]);
    const [none]: (torch.Tensor | null)[] = grad(cube(), leaf(1), null, null, false, true, true);
    expect(none).toBe(null);
    expect(grad(cube(), { inputs: x, retain_graph: true })[0]?.item()).toBe(60);
  });

  it('weights outputs by grad_outputs', () => {
    const x = leaf(1, 2);
    const [dx] = grad([x.mul(2), x.mul(3)], x, {
      grad_outputs: [torch.tensor([1, 1]), torch.tensor([0, 10])],
    });
    expect(dx?.tolist()).toEqual([2, 32]);
  });

  it('of higher order: derivatives of x⁴ at 2 are 32, 48, 48, 24, 0', () => {
    const x = leaf(2);
    let y = x.pow(4).sum();
    const values = [];
    for (let order = 1; order <= 4; order++) {
      [y] = grad(y, x, { create_graph: true }) as [torch.Tensor];
      values.push(y.item());
      y = y.sum();
    }
    expect(values).toEqual([32, 48, 48, 24]);
  });

  it('a gradient penalty: d/dw of |d(wx)/dx|² is 2w', () => {
    const [w, x] = [leaf(3, -4), leaf(1, 1)];
    const [dx] = grad(w.mul(x).sum(), x, { create_graph: true });
    dx?.square().sum().backward();
    expect(w.grad?.tolist()).toEqual([6, -8]);
    expect(x.grad).toBeNull();
  });

  it('of unused inputs: null, zeros, or an error', () => {
    const [x, unused] = [leaf(2), leaf(5, 6)];
    expect(grad(x.sum(), [x, unused], { allow_unused: true })[1]).toBeNull();
    const zeros = grad(x.sum(), [unused], { materialize_grads: true })[0];
    expect([zeros?.tolist(), zeros?.requires_grad]).toEqual([[0, 0], false]);
    const recorded = grad(x.sum(), [unused], { materialize_grads: true, create_graph: true })[0];
    expect(recorded?.requires_grad).toBe(true);
  });

  it('makes no tensors but its results', () => {
    torch.scope(() => {
      const x = leaf(2, 3);
      const y = x.mul(x).sum();
      const before = torch.memory_stats().live_tensors;
      grad(y, x);
      expect(torch.memory_stats().live_tensors).toBe(before + 1);
    });
  });
});

describe('misuse', () => {
  const [x, unused] = [leaf(2), leaf(5)];

  itRefuses([
    [
      'an unused input',
      () => grad(x.sum(), unused),
      torch.TorchError,
      'The differentiated Tensor at index 0 appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.',
    ],
    [
      'an input without requires_grad',
      () => grad(x.sum(), torch.ones([1])),
      torch.TorchError,
      'One of the differentiated Tensors does not require grad',
    ],
    ['no inputs', () => grad(x.sum(), []), torch.TorchError, '`inputs` argument to `grad()` cannot be empty.'],
    [
      'materialize_grads without allow_unused',
      () => grad(x.sum(), x, { materialize_grads: true, allow_unused: false }),
      torch.ValueError,
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    ],
    [
      'a batch of gradients that is none',
      () => grad(x.sum(), x, { is_grads_batched: true }),
      torch.ValueError,
      'vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a Tensor of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0.',
    ],
    [
      'outputs that are no tensors',
      () => grad(3 as never, x),
      TypeError,
      "grad(): argument 'outputs' must be a tensor or tensors",
    ],
    [
      'an unknown option',
      () => grad(x.sum(), x, { unused: true } as never),
      TypeError,
      "grad() got an unexpected keyword argument 'unused'",
    ],
    [
      'an output that was not recorded',
      () => grad(torch.ones([1]), x),
      torch.TorchError,
      'element 0 of tensors does not require grad and does not have a grad_fn',
    ],
  ]);
});
