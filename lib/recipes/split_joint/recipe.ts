/** Document 4's experiment as a recipe. */
import { float64, Generator, randn, type Tensor } from 'isotorch';
import { BCEWithLogitsLoss } from 'isotorch/nn';
import { defineRecipe, OptionError, type SampleOptions, type Training } from '../../train';
import { feedOf, openForRecipe } from '../data';
import { drawn } from '../drawing';
import { digit_figures } from '../digit_figures';
import { DigitDiscriminator, DigitGenerator } from './networks';
import { about, imageSize } from './options';
import { discriminator_step, generator_step } from './step';

/** Images of a picture. */
const SHOWN = 64;
const SAMPLE_SEED = 4;

/** Fraction of a condition's elements that are true. */
const fraction = (truth: Tensor): Tensor => truth.to(float64).mean();

export const splitJoint = defineRecipe({
  ...about,

  async open(options) {
    const data = await openForRecipe(options, { kind: 'images', channels: 1 });
    const { size } = data.description;
    if (size !== imageSize) {
      throw new OptionError(`option image_size: the networks are made for ${imageSize}, not ${size}.`);
    }
    return data;
  },

  build({ options, data, place, session }): Training<readonly Tensor[]> {
    const { mode, lr_generator, lr_discriminator } = options;
    const generator = place.network(new DigitGenerator());
    const discriminator = place.network(new DigitDiscriminator());
    const betas = [0.5, 0.999] as const;
    const optimizer_generator = place.adam(generator.parameters(), { lr: lr_generator, betas });
    const optimizer_discriminator = place.adam(discriminator.parameters(), { lr: lr_discriminator, betas });
    const networks = { generator, discriminator, optimizer_generator, optimizer_discriminator };
    const gan = { ...networks, criterion: new BCEWithLogitsLoss(), mode };
    const feed = feedOf(data, options.batch_size, session);
    let noise: Tensor;

    const latents = (count: number, source: Generator): Tensor =>
      randn([count, 1, imageSize, imageSize], { generator: source });
    const images = (of: Tensor, { batchnorm }: SampleOptions = {}): Tensor => {
      const source = new Generator().manual_seed(SAMPLE_SEED);
      const paint = (some: Tensor): Tensor => generator(place.tensor(some));
      return drawn(generator, () => paint(of), { batchnorm, run: () => paint(latents(options.batch_size, source)) });
    };

    return {
      objects: networks,
      feed,
      steps: options.epochs * feed.length,
      uniform: place,
      phases: [
        {
          name: 'D',
          about: `tells images from fakes, in ${mode === 'split' ? 'batches of their own' : 'one batch'}`,
          run(it) {
            const [real] = it.batch;
            const d = discriminator_step(gan, real!, it.update);
            noise = d.noise;
            return {
              loss_discriminator: d.loss,
              accuracy_real: fraction(d.on_real.gt(0)),
              accuracy_fake: fraction(d.on_fake.le(0)),
            };
          },
        },
        {
          name: 'G',
          about: 'fools D by the same noise, which sees a batch of fakes alone',
          run(it) {
            const g = generator_step(gan, noise, it.update);
            return { loss_generator: g.loss, fooled: fraction(g.on_fake.gt(0)) };
          },
        },
      ],
      samples: {
        range: [-1, 1],
        columns: 8,
        grid: () => images(latents(SHOWN, new Generator().manual_seed(SAMPLE_SEED))),
        latents,
        images,
      },
      ...(data.description.source === 'mnist' && { evaluate: () => digit_figures({ latents, images }) }),
    };
  },
});
