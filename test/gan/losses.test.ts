import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from 'isotorch';
import * as torch from 'isotorch';
import * as gan from 'isotorch/gan';
import { describe, expect, it } from 'vitest';

const R = [1.5, 0.25, -0.75, 2];
const F = [-0.5, 0.1, 0.8, -1.25];
const tensor = (values: number[]) => torch.tensor(values, { dtype: torch.float64, requires_grad: true });

/** What every loss of logits is: its order does not vary, whatever the network it trains. */
type Loss = (real: Tensor, fake: Tensor, options?: gan.LossOptions) => Tensor;

/** Every loss of logits with its mean over R and F, from Python in float64; `generator` losses of fake alone do not see R. */
const losses = {
  wgan_discriminator_loss: [gan.wgan_discriminator_loss, -0.9625],
  wgan_generator_loss: [gan.wgan_generator_loss, 0.2125, 'fake alone'],
  hinge_discriminator_loss: [gan.hinge_discriminator_loss, 1.475],
  hinge_generator_loss: [gan.hinge_generator_loss, 0.2125, 'fake alone'],
  flipped_hinge_discriminator_loss: [gan.flipped_hinge_discriminator_loss, 2.9625],
  flipped_hinge_generator_loss: [gan.flipped_hinge_generator_loss, -0.2125, 'fake alone'],
  logistic_discriminator_loss: [gan.logistic_discriminator_loss, 1.1706637766415744],
  logistic_generator_loss: [gan.logistic_generator_loss, 0.8728758478867071, 'fake alone'],
  saturating_logistic_generator_loss: [gan.saturating_logistic_generator_loss, -0.660375847886707, 'fake alone'],
  bce_discriminator_loss: [gan.bce_discriminator_loss, 1.1706637766415744 / 2],
  bce_generator_loss: [gan.bce_generator_loss, 0.8728758478867071, 'fake alone'],
  vanilla_discriminator_loss: [gan.vanilla_discriminator_loss, 1.1706637766415744],
  lsgan_discriminator_loss: [gan.lsgan_discriminator_loss, 1.834375],
  lsgan_generator_loss: [gan.lsgan_generator_loss, 2.040625, 'fake alone'],
  relativistic_discriminator_loss: [gan.relativistic_discriminator_loss, 0.6321007240267166],
  relativistic_generator_loss: [gan.relativistic_generator_loss, 1.5946007240267166],
  relativistic_average_discriminator_loss: [gan.relativistic_average_discriminator_loss, 0.8182663303247708],
  relativistic_average_generator_loss: [gan.relativistic_average_generator_loss, 2.743266330324771],
  dual_contrastive_discriminator_loss: [gan.dual_contrastive_discriminator_loss, 2.5630358628103878],
  dual_contrastive_generator_loss: [gan.dual_contrastive_generator_loss, 5.631195747580209],
} satisfies Record<string, [Loss, number, 'fake alone'?]>;

const rows = Object.entries(losses) as [string, [Loss, number, 'fake alone'?]][];

describe('losses, always (real, fake)', () => {
  it('are all in the table', () => {
    const isLoss = (name: string) => /_loss$/.test(name) && !/_gp_|simplegp/.test(name);
    expect(Object.keys(losses).sort()).toEqual(Object.keys(gan).filter(isLoss).sort());
  });

  it('name their parameters real and fake, in this order', () => {
    const folder = join(import.meta.dirname, '..', '..', 'lib', 'gan', 'losses');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const found = sources.flatMap((source) => [
      ...source.matchAll(/export function (\w+_loss)\(\s*(\w+): [^,]+,\s*(\w+):/g),
    ]);
    for (const [, name, first, second] of found) {
      expect([name, first!.replace(/^_/, ''), second]).toEqual([name, 'real', 'fake']);
    }
    expect(found.map(([, name]) => name)).toEqual(expect.arrayContaining(Object.keys(losses)));
  });

  it.each(rows)('%s has Python’s value', (_, [loss, expected]) => {
    expect(loss(tensor(R), tensor(F)).item()).toBeCloseTo(expected, 12);
  });

  it.each(rows)('%s gives another number for swapped arguments', (_, [loss, expected]) => {
    expect(loss(tensor(F), tensor(R)).item()).not.toBeCloseTo(expected, 3);
  });

  it.each(rows)('%s: none, sum and mean are of the same elements', (_, [loss]) => {
    const none = loss(tensor(R), tensor(F), { reduction: 'none' });
    expect(none.numel()).toBeGreaterThan(1);
    expect(loss(tensor(R), tensor(F), { reduction: 'sum' }).item()).toBeCloseTo(none.sum().item(), 12);
    expect(loss(tensor(R), tensor(F), { reduction: 'mean' }).item()).toBeCloseTo(none.mean().item(), 12);
  });

  it.each(rows.filter(([, row]) => row[2] === 'fake alone'))('%s takes null for real', (_, [loss, expected]) => {
    expect(loss(null as unknown as Tensor, tensor(F)).item()).toBeCloseTo(expected, 12);
  });

  it('an N×1 and an N are not broadcast to N×N', () => {
    const [r, f] = [tensor(R).unsqueeze(1), tensor(F)];
    expect(gan.hinge_discriminator_loss(r, f).item()).toBeCloseTo(1.475, 12);
    expect(() => gan.hinge_discriminator_loss(r, f, { reduction: 'none' })).toThrow(
      "reduction 'none' takes real and fake pair by pair: their shapes [4, 1] and [4] have to be equal",
    );
    expect(() => gan.relativistic_discriminator_loss(r, f)).toThrow('[4, 1] and [4]');
  });

  it('an unknown reduction is refused', () => {
    const options = { reduction: 'median' as gan.Reduction };
    for (const [, [loss]] of rows) expect(() => loss(tensor(R), tensor(F), options)).toThrow(/median/);
  });
});

describe('single losses', () => {
  it('WGAN with drift', () => {
    expect(gan.wgan_discriminator_loss(tensor(R), tensor(F), { drift: 0.001 }).item()).toBeCloseTo(-0.96078125, 12);
  });

  it('hinge: no gradient at the kink', () => {
    const r = tensor([1, 1]);
    gan.hinge_discriminator_loss(r, tensor([-1, -1])).backward();
    expect(r.grad!.abs().tolist()).toEqual([0, 0]);
  });

  it('halves of different sizes weigh by their size in bce, and equally elsewhere', () => {
    const few = tensor(F.slice(0, 1));
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const onReal = R.map((x) => softplus(-x)).reduce((sum, x) => sum + x, 0);
    expect(gan.bce_discriminator_loss(tensor(R), few).item()).toBeCloseTo((onReal + softplus(-0.5)) / 5, 12);
    expect(gan.logistic_discriminator_loss(tensor(R), few).item()).toBeCloseTo(onReal / 4 + softplus(-0.5), 12);
  });
});

describe('dual contrastive', () => {
  const gradients = (loss: Loss) => {
    const [r, f] = [tensor(R), tensor(F)];
    loss(r, f).backward();
    return [r.grad!.tolist() as number[], f.grad!.tolist() as number[]] as const;
  };

  it('gradients of the discriminator', () => {
    const [r, f] = gradients(gan.dual_contrastive_discriminator_loss);
    const expected = [
      [-0.16941807626, -0.35967923606, -0.68142046025, -0.12011603526],
      [0.25622798607, 0.36013954601, 0.55098914626, 0.16327712949],
    ];
    for (const [i, value] of [...r, ...f].entries()) expect(value).toBeCloseTo(expected.flat()[i]!, 10);
  });

  it('the adversarial generator raises the logits of fakes, the cooperative one lowers them', () => {
    for (const value of gradients(gan.dual_contrastive_generator_loss)[1]) expect(value).toBeLessThan(0);
    const cooperative: Loss = (r, f) => gan.dual_contrastive_generator_loss(r, f, { form: 'cooperative' });
    for (const value of gradients(cooperative)[1]) expect(value).toBeGreaterThan(0);
    expect(cooperative(tensor(R), tensor(F)).item()).toBeCloseTo(2.5630358628103878, 12);
  });

  it('is finite at large logits, and takes halves of any size', () => {
    const far = gan.dual_contrastive_discriminator_loss(tensor([-1000, 1000]), tensor([1000]));
    expect(far.item()).toBeGreaterThan(1000);
    expect(Number.isFinite(far.item())).toBe(true);
    expect(gan.dual_contrastive_discriminator_loss(tensor([0]), tensor([0])).item()).toBeCloseTo(2 * Math.LN2, 12);
  });

  it('refuses a form that it does not know', () => {
    const form = 'head' as 'adversarial';
    expect(() => gan.dual_contrastive_generator_loss(tensor(R), tensor(F), { form })).toThrow('adversarial');
  });
});
