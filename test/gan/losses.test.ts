import * as torch from 'isotorch';
import { bce_discriminator_loss, bce_generator_loss } from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

describe('losses, always (real, fake)', () => {
  const real = [1.5, 0.25, -0.75, 2];
  const fake = [-0.5, 0.1, 0.8, -1.25];
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const tensor = (values: number[]) => torch.tensor(values, { dtype: torch.float64, requires_grad: true });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('discriminator: mean of softplus(−real) and softplus(fake)', () => {
    const [r, f] = [tensor(real), tensor(fake)];
    const loss = bce_discriminator_loss(r, f);
    expect(loss.item()).toBeCloseTo(mean([...real.map((x) => softplus(-x)), ...fake.map(softplus)]), 12);
    loss.backward();
    const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
    const gradients = [...(r.grad!.tolist() as number[]), ...(f.grad!.tolist() as number[])];
    const expected = [...real.map((x) => (sigmoid(x) - 1) / 8), ...fake.map((x) => sigmoid(x) / 8)];
    for (const [i, g] of gradients.entries()) expect(g).toBeCloseTo(expected[i]!, 12);
  });

  it('discriminator: halves of different sizes weigh by their size', () => {
    const loss = bce_discriminator_loss(tensor(real), tensor(fake.slice(0, 1)));
    expect(loss.item()).toBeCloseTo(mean([...real.map((x) => softplus(-x)), softplus(-0.5)]), 12);
  });

  it('generator: mean softplus(−fake)', () => {
    expect(bce_generator_loss(null, tensor(fake)).item()).toBeCloseTo(mean(fake.map((x) => softplus(-x))), 12);
  });
});
