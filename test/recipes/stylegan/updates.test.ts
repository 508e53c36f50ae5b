import * as torch from 'isotorch';
import { describe, expect, it } from 'vitest';
import { Updates } from '../../../dist/recipes/stylegan/updates.js';

const { Parameter } = torch.nn;

describe('updates', () => {
  const trained = (adam_eps: 'torch' | 'tensorflow', gradient: number, steps = 3) => {
    const weight = new Parameter(torch.zeros(1, { dtype: torch.float64 }));
    const adam = new torch.optim.Adam([weight], { lr: 1, betas: [0.0, 0.99], eps: 1e-8 });
    const updates = new Updates(adam, { adam_eps, nonfinite: 'skip' });
    for (let step = 0; step < steps; step++) {
      weight.grad = torch.full([1], gradient, { dtype: torch.float64 });
      expect(updates.step(0.001, (optimizer) => optimizer.step())).toBe(true);
    }
    return { value: weight.item(), updates, weight, adam };
  };

  // Three steps at lr 0.001 by either formula.
  it.each([
    [1e-4, -0.0029977, -0.0029997],
    [1e-7, -0.00172, -0.00273],
  ])("gradient %f: TensorFlow's ε is larger while β₂ᵗ is near 1", (gradient, tensorflow, pytorch) => {
    const digits = gradient === 1e-4 ? 7 : 5;
    expect(trained('tensorflow', gradient).value).toBeCloseTo(tensorflow, digits);
    expect(trained('torch', gradient).value).toBeCloseTo(pytorch, digits);
  });

  it("is TensorFlow's formula, lr·√(1−β₂ᵗ)·g/(√v + ε)", () => {
    let [v, value] = [0, 0];
    for (let t = 1; t <= 3; t++) {
      v = 0.99 * v + 0.01 * 1e-14;
      value -= (0.001 * Math.sqrt(1 - 0.99 ** t) * 1e-7) / (Math.sqrt(v) + 1e-8);
    }
    expect(trained('tensorflow', 1e-7).value).toBeCloseTo(value, 14);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a gradient of %f skips the whole update', (bad) => {
    const { updates, weight, adam, value } = trained('torch', 0.5);
    const state = adam.state.get(weight)!;
    const [exp_avg_sq, step] = [state.exp_avg_sq!.item(), state.step!.item()];
    weight.grad = torch.full([1], bad, { dtype: torch.float64 });
    const called: unknown[] = [];
    expect(updates.step(0.001, (optimizer) => called.push(optimizer))).toBe(false);
    expect([called.length, weight.item(), state.exp_avg_sq!.item(), state.step!.item()]).toEqual([
      0,
      value,
      exp_avg_sq,
      step,
    ]);
  });

  it('takes large gradients whose squares overflow', () => {
    const weight = new Parameter(torch.zeros(2));
    const adam = new torch.optim.Adam([weight], { lr: 1, betas: [0.0, 0.99] });
    weight.grad = torch.full([2], 1e30);
    const updates = new Updates(adam, { adam_eps: 'torch', nonfinite: 'skip' });
    expect(updates.step(0.001, () => {})).toBe(true);
  });

  it('a reset forgets averages and counts', () => {
    const { updates, adam } = trained('tensorflow', 1e-7);
    updates.reset();
    expect(adam.state.size).toBe(0);
    expect(updates.state_dict()).toEqual({ count: 0 });
  });
});
