/** Document 1's training: a conditional GAN whose discriminator says whether an image is real, and of which class it is. */
import { arange, Generator, no_grad, randint, randn, type Tensor } from 'isotorch';
import type { Adam } from 'isotorch/optim';
import { CombinedLoss } from '../../gan';
import {
  ConditionalDCGANDiscriminator,
  ConditionalDCGANGenerator,
  ConditionalDiscriminator,
  ConditionalGenerator,
  normal_init,
} from '../../gan/networks';
import { defineRecipe, frozen, type Phase, type Place, type SampleOptions, type Stateful } from '../../train';
import { checkRoom, feedOf, openForRecipe } from '../data';
import { drawn } from '../drawing';
import { labelled_digit_figures } from '../digit_figures';
import { labelled } from '../labelled';
import { checkPowerOfTwo } from '../power_of_two';
import { about } from './options';

/** Images of each class in a picture. */
const ROWS = 8;
const SAMPLE_SEED = 4;

type ConditionalG = ConditionalDCGANGenerator | ConditionalGenerator;
type ConditionalD = ConditionalDCGANDiscriminator | ConditionalDiscriminator;

/** What is trained, and how. */
interface Parts {
  readonly generator: ConditionalG;
  readonly discriminator: ConditionalD;
  readonly optimizer_G: Adam;
  readonly optimizer_D: Adam;
  readonly loss_fn: CombinedLoss;
  readonly latent_dim: number;
  readonly place: Place;
}

/** The document's step, line for line. */
function phasesOf({ generator, discriminator, optimizer_G, optimizer_D, loss_fn, latent_dim, place }: Parts) {
  let [fake_images, labels]: Tensor[] = [];
  const phases: Phase<readonly Tensor[]>[] = [
    {
      name: 'D',
      about: 'tells images from fakes, and their classes',
      run(it) {
        const [real_images, given] = it.batch;
        labels = given!;
        const noise = randn([real_images!.size(0), latent_dim], { device: place.device });
        fake_images = generator(noise, labels);

        optimizer_D.zero_grad();
        const [real_logits, real_cat_logits] = discriminator(real_images!);
        const [fake_logits, fake_cat_logits] = discriminator(fake_images.detach());
        const loss_D_real = loss_fn(real_logits, real_cat_logits, labels, true);
        const loss_D_fake = loss_fn(fake_logits, fake_cat_logits, labels, false);
        const loss_D = loss_D_real.add(loss_D_fake).div(2);
        loss_D.backward();
        it.update(optimizer_D);
        return { loss_D };
      },
    },
    {
      name: 'G',
      about: 'fools D, in the class that it was asked for',
      run(it) {
        optimizer_G.zero_grad();
        const [fake_logits, fake_cat_logits] = frozen(discriminator, () => discriminator(fake_images!));
        const loss_G = loss_fn(fake_logits, fake_cat_logits, labels!, true);
        loss_G.backward();
        it.update(optimizer_G);
        return { loss_G };
      },
    },
  ];
  return phases;
}

/** The loss's targets with their gradient, which grows from step to step. */
class Targets implements Stateful {
  constructor(private readonly weight: Tensor) {}

  state_dict(): { weight: Tensor; grad: Tensor | null } {
    return { weight: this.weight.detach(), grad: this.weight.grad };
  }

  load_state_dict({ weight, grad }: { weight: Tensor; grad: Tensor | null }): void {
    no_grad(() => this.weight.copy_(weight));
    this.weight.grad = grad === null ? null : grad.clone();
  }
}

export const combined = defineRecipe({
  ...about,

  async open(options) {
    const { network, category_num } = options;
    const data = await openForRecipe(options, { kind: 'labelled', channels: options.channels });
    const { size, classes } = data.description;
    if (network === 'dcgan') checkPowerOfTwo('image_size', size, { least: 8, because: 'network=dcgan' });
    checkRoom('category_num', category_num, classes.length, 'classes');
    return data;
  },

  build({ options, data, place, session }) {
    const { channels: nc, latent_dim, width, lr, lambda_category, lambda_binary, frozen } = options;
    const { size, classes } = data.description;
    const category_num = options.category_num || classes.length;
    const [generator, discriminator] = networks();
    const betas = [0.5, 0.999] as const;
    const optimizer_G = place.adam(generator.parameters(), { lr, betas });
    const optimizer_D = place.adam(discriminator.parameters(), { lr, betas });
    const loss_fn = new CombinedLoss(category_num, lambda_category, lambda_binary, { frozen }).to(place.device);
    const feed = feedOf(data, options.batch_size, session);

    function networks(): [ConditionalG, ConditionalD] {
      if (options.network === 'mlp') {
        const shape = { image_shape: [nc, size, size], category_num } as const;
        const pair = [new ConditionalGenerator({ ...shape, latent_dim }), new ConditionalDiscriminator(shape)] as const;
        return [place.network(pair[0]), place.network(pair[1])];
      }
      const shape = { nc, image_size: size, category_num };
      const pair = [
        new ConditionalDCGANGenerator({ ...shape, nz: latent_dim, ngf: width }),
        new ConditionalDCGANDiscriminator({ ...shape, ndf: width }),
      ] as const;
      return [normal_init(place.network(pair[0])), normal_init(place.network(pair[1]))];
    }

    // A latent has its class behind it: it is the same in whatever batch it is drawn, and on the way to another latent.
    const { length: kinds } = classes;
    const noise = (count: number, generator: Generator): Tensor => randn([count, latent_dim], { generator });
    const latents = (count: number, generator: Generator): Tensor => {
      const z = noise(count, generator);
      return labelled(z, randint(0, kinds, [count], { generator }), kinds);
    };
    /** Latents of one class after the other. */
    const inTurn = (count: number, generator: Generator): Tensor =>
      labelled(noise(count, generator), arange(count).remainder(kinds), kinds);
    const paint = (given: Tensor): Tensor => {
      const of = place.tensor(given);
      return generator(of.narrow(1, 0, latent_dim), of.narrow(1, latent_dim, kinds).argmax(1));
    };
    const images = (of: Tensor, { batchnorm }: SampleOptions = {}): Tensor => {
      const source = new Generator().manual_seed(SAMPLE_SEED);
      return drawn(generator, () => paint(of), { batchnorm, run: () => paint(inTurn(options.batch_size, source)) });
    };

    return {
      objects: { generator, discriminator, optimizer_G, optimizer_D, targets: new Targets(loss_fn.emb.weight) },
      feed,
      steps: options.epochs * feed.length,
      uniform: place,
      phases: phasesOf({ generator, discriminator, optimizer_G, optimizer_D, loss_fn, latent_dim, place }),
      samples: {
        range: [-1, 1],
        columns: classes.length,
        grid: () => images(inTurn(ROWS * kinds, new Generator().manual_seed(SAMPLE_SEED))),
        latents,
        condition: { name: 'class', size: kinds },
        images,
      },
      // The judge knows MNIST's digits, in the size that they get with their border.
      ...(data.description.source === 'mnist' &&
        size === 32 &&
        nc === 1 && { evaluate: () => labelled_digit_figures({ latents: inTurn, images }) }),
    };
  },
});
