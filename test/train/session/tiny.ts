/** A recipe small enough for tests of the session: a GAN of two Linear layers on 24 points. */
import { Generator, randn, randperm, type Tensor, zeros } from 'isotorch';
import { Linear } from 'isotorch/nn';
import { DataLoader, TensorDataset } from 'isotorch/utils/data';
import { bce_discriminator_loss, bce_generator_loss } from 'isotorch/gan';
import { aboutRecipe, choice, defineRecipe, Feed, number, OptionError, type Training, whole } from 'isotorch/train';

const about = aboutRecipe({
  name: 'tiny',
  summary: 'two Linear layers',
  source: 'this test',
  options: {
    lr: number(0.05, { above: 0, about: 'learning rate' }),
    batch_size: whole(4, { least: 1, about: 'points of a batch' }),
    points: whole(24, { least: 1, about: 'points in all' }),
    poison: whole(0, { about: 'step whose loss is made NaN, once; 0 is none' }),
    poison_where: choice(['loss', 'gradient'], 'loss', { about: 'what is made NaN', only: { poisoned: ['yes'] } }),
    poisoned: choice(['no', 'yes'], 'no', { about: 'whether anything is' }),
    recoveries: whole(0, { about: 'recoveries' }),
  },
});

let poisons = 0;

/** Lets the next run be poisoned again. */
export function freshPoison(): void {
  poisons = 1;
}

export const tiny = defineRecipe({
  ...about,
  check({ batch_size, points }) {
    if (batch_size > points)
      throw new OptionError(`option batch_size: ${batch_size} is more than the ${points} points`);
  },
  open({ points }): Tensor {
    return randn([points, 2], { generator: new Generator().manual_seed(1) });
  },
  build({ options, data, place, session }): Training<readonly Tensor[]> {
    const [G, D] = [place.network(new Linear(3, 2)), place.network(new Linear(2, 1))];
    const [optimizer_G, optimizer_D] = [G, D].map((net) => place.adam(net.parameters(), { lr: options.lr }));
    const feed = new Feed<readonly Tensor[]>(
      (batch_size) =>
        new DataLoader(new TensorDataset(data), {
          batch_size,
          shuffle: true,
          drop_last: true,
          num_workers: session.workers,
        }),
      options.batch_size,
    );
    let fake: Tensor;
    const poison = (step: number, where: string): boolean =>
      options.poison === step + 1 && options.poison_where === where && poisons-- > 0;
    return {
      objects: { G, D, optimizer_G: optimizer_G!, optimizer_D: optimizer_D! },
      feed,
      steps: 20,
      recoveries: options.recoveries,
      phases: [
        {
          name: 'D',
          about: 'tells points from fakes',
          async run(it) {
            const [real] = await it.next();
            fake = G(randn(real!.size(0), 3));
            optimizer_D!.zero_grad();
            let loss_D = bce_discriminator_loss(D(real!), D(fake.detach()));
            loss_D.backward();
            if (poison(it.step, 'gradient')) D.weight.grad!.fill_(Number.NaN);
            it.update(optimizer_D!);
            if (poison(it.step, 'loss')) loss_D = loss_D.mul(Number.NaN);
            return { loss_D };
          },
        },
        {
          name: 'G',
          about: 'fools D',
          every: 2,
          run(it) {
            optimizer_G!.zero_grad();
            const loss_G = bce_generator_loss(null, D(fake));
            loss_G.backward();
            it.update(optimizer_G!);
            return { loss_G };
          },
        },
      ],
      samples: { range: [-1, 1], columns: 2, grid: () => zeros([4, 1, 2, 2]) },
      passEnd: (epoch) => ({ drawn: randperm(5).size(0), passes: epoch }),
    };
  },
});
