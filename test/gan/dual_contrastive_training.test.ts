// Document 0's finding: a generator that minimises the discriminator's own dual contrastive loss runs away from the data.
import * as torch from 'isotorch';
import {
  type DualContrastiveGeneratorOptions,
  dual_contrastive_discriminator_loss,
  dual_contrastive_generator_loss,
} from 'isotorch/gan';
import { expect, it } from 'vitest';

const { nn } = torch;
const TARGET = [2, -1];

/** A GAN of points around (2, −1): distance of the fakes' mean from there. */
function distance_after(steps: number, seed: number, options: DualContrastiveGeneratorOptions): number {
  torch.manual_seed(seed);
  const perceptron = (from: number, to: number) =>
    new nn.Sequential(new nn.Linear(from, 32), new nn.LeakyReLU(0.2), new nn.Linear(32, to));
  const [G, D] = [perceptron(4, 2), perceptron(2, 1)];
  const adam = (net: typeof G) => new torch.optim.Adam(net.parameters(), { lr: 2e-3, betas: [0.5, 0.9] });
  const [optimizer_G, optimizer_D] = [adam(G), adam(D)];
  const reals = () => torch.randn([64, 2]).mul(0.5).add(torch.tensor(TARGET));
  for (let step = 0; step < steps; step++) {
    torch.scope(() => {
      optimizer_D.zero_grad();
      const fake = G(torch.randn([64, 4]));
      dual_contrastive_discriminator_loss(D(reals()), D(fake.detach())).backward();
      optimizer_D.step();
      optimizer_G.zero_grad();
      dual_contrastive_generator_loss(D(reals()).detach(), D(G(torch.randn([64, 4]))), options).backward();
      optimizer_G.step();
    });
  }
  const [x, y] = torch.no_grad(() =>
    G(torch.randn([1024, 4]))
      .mean(0)
      .tolist(),
  ) as number[];
  return Math.hypot(x! - TARGET[0]!, y! - TARGET[1]!);
}

it.each([0, 1])('adversarial finds the data, cooperative flees from it, seed %i', { timeout: 60_000 }, (seed) => {
  torch.set_num_threads(1);
  const adversarial = distance_after(600, seed, { form: 'adversarial' });
  const cooperative = distance_after(600, seed, { form: 'cooperative' });
  expect(adversarial).toBeLessThan(0.5);
  expect(cooperative).toBeGreaterThan(3);
});
