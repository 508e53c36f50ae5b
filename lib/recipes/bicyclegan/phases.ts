/** BicycleGAN's step: G and E first, then the discriminators. */
import { cat, randn, type Tensor } from 'isotorch';
import { l1_loss } from 'isotorch/nn/functional';
import { kl_divergence } from '../../gan';
import { frozen, type Iteration, type Phase, type Place, type Values } from '../../train';
import { crop_and_flip } from '../paired';
import { GanLoss } from './gan_loss';
import type { BicycleGANNetworks, Judge } from './networks';
import type { BicycleGANOptions } from './options';

type Batch = readonly Tensor[];

/** What a discriminator is shown. */
interface Shown {
  real: Tensor;
  fake: Tensor;
}

/** The losses that have a weight. */
const present = (losses: Record<string, Tensor | undefined>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(losses).filter((entry): entry is [string, Tensor] => entry[1] !== undefined));

/** The phases of a step, and what they hand to each other. */
export class BicycleGANStep {
  private readonly criterion: GanLoss;
  private encoded!: Shown;
  private random!: Shown;

  constructor(
    private readonly networks: BicycleGANNetworks,
    private readonly options: BicycleGANOptions,
    private readonly place: Place,
    private readonly size: number,
  ) {
    this.criterion = new GanLoss(options.gan_mode, options.one_scale, place.device);
  }

  phases(): Phase<Batch>[] {
    const { D, D2 } = this.networks;
    const { use_same_D } = this.options;
    return [
      {
        name: 'G and E',
        about: 'adversarial losses, L1 and KL for both, and the code of a random fake for G alone',
        run: (it) => this.generate(it),
      },
      ...(D
        ? [
            {
              name: 'D',
              about: use_same_D ? 'tells real images from both fakes' : 'tells the first half from encoded fakes',
              run: (it: Iteration<Batch>) => this.judge(it, D, use_same_D ? ['D', 'D2'] : ['D']),
            },
          ]
        : []),
      ...(D2
        ? [
            {
              name: 'D2',
              about: 'tells the second half from random fakes',
              run: (it: Iteration<Batch>) => this.judge(it, D2, ['D2']),
            },
          ]
        : []),
    ];
  }

  private noise(count: number): Tensor {
    return this.place.tensor(randn(count, this.options.nz));
  }

  private async generate(it: Iteration<Batch>): Promise<Values> {
    const { G, E, D, D2, optimizer_G, optimizer_E } = this.networks;
    const { batch_size, lambda_GAN, lambda_GAN2, lambda_L1, lambda_z, lambda_kl, use_same_D, flip } = this.options;
    const [A, B] = crop_and_flip(await it.next(), this.size, flip).map((side) => this.place.tensor(side)) as [
      Tensor,
      Tensor,
    ];
    const half = batch_size / 2;
    const [A_encoded, B_encoded] = [A.narrow(0, 0, half), B.narrow(0, 0, half)];
    const [A_random, B_random] = [A.narrow(0, half, half), B.narrow(0, half, half)];
    const [mu, logvar] = E(B_encoded);
    const std = logvar.mul(0.5).exp_();
    const z_encoded = this.noise(half).mul(std).add_(mu);
    const z_random = this.noise(half);
    const fake_encoded = G(A_encoded, z_encoded);
    const fake_random = G(A_encoded, z_random);
    const shown = (given: Tensor, image: Tensor) => (this.options.conditional_D ? cat([given, image], 1) : image);
    this.encoded = { fake: shown(A_encoded, fake_encoded), real: shown(A_encoded, B_encoded) };
    this.random = { fake: shown(A_encoded, fake_random), real: shown(A_random, B_random) };
    const mu2 = lambda_z > 0 ? E(fake_random)[0] : undefined;

    optimizer_E.zero_grad();
    optimizer_G.zero_grad();
    const fooled = (judge: Judge | undefined, fake: Tensor, weight: number) => {
      if (weight <= 0) return undefined;
      const { net } = judge!;
      const judgement = frozen(net, () => net(fake));
      return this.criterion.loss(judgement, true).mul(weight);
    };
    const loss_G_GAN = fooled(D, this.encoded.fake, lambda_GAN);
    const loss_G_GAN2 = fooled(use_same_D ? D : D2, this.random.fake, lambda_GAN2);
    const loss_kl = lambda_kl > 0 ? kl_divergence(mu, logvar, { weight: lambda_kl }) : undefined;
    const loss_G_L1 = lambda_L1 > 0 ? l1_loss(fake_encoded, B_encoded).mul(lambda_L1) : undefined;
    const values = present({ loss_G_GAN, loss_G_GAN2, loss_G_L1, loss_kl });
    Object.values(values)
      .reduce((sum, loss) => sum.add(loss))
      .backward({ retain_graph: true });
    if (mu2 !== undefined) {
      // The graph was made while E could be trained; what counts is whether it can be when gradients arrive.
      E.requires_grad_(false);
      values.loss_z_L1 = l1_loss(mu2, z_random).mul(lambda_z);
      values.loss_z_L1.backward();
      E.requires_grad_(true);
    }
    it.update(optimizer_E);
    it.update(optimizer_G);
    return values;
  }

  private judge(it: Iteration<Batch>, { net, optimizer }: Judge, names: readonly ('D' | 'D2')[]): Values {
    optimizer.zero_grad();
    const values: Record<string, Tensor> = {};
    for (const name of names) {
      const { real, fake } = name === 'D' ? this.encoded : this.random;
      const on_fake = net(fake.detach());
      const on_real = net(real);
      const loss = this.criterion.loss(on_fake, false).add(this.criterion.loss(on_real, true));
      loss.backward();
      values[`loss_${name}`] = loss;
    }
    it.update(optimizer);
    return values;
  }
}
