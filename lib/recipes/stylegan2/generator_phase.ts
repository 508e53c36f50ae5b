import { no_grad, type Tensor, zeros } from 'isotorch';
import {
  dual_contrastive_generator_loss,
  flipped_hinge_generator_loss,
  path_length_penalty,
  path_lengths,
  top_k,
  top_k_size,
} from '../../gan';
import { frozen, type Phase } from '../../train';
import { augmented } from './augment';
import { penalisesPathLengths } from './cadence';
import { numpyMean } from './numpy_mean';
import { generated, type StyleGAN2Training } from './state';

/** Phases of G: its update, with a penalty on path lengths every 32nd step; and their running mean. */
export function generatorPhases(training: StyleGAN2Training): readonly Phase<readonly Tensor[]>[] {
  const { GAN, optimizer_G, augmenting, options, place, path_length } = training;
  const rounds = options.gradient_accumulate_every;
  let meanLength = Number.NaN;
  /** Images of a batch that count. */
  const kept = (step: number): number => {
    const passes = (step * options.batch_size * rounds) / training.count;
    const { generator_top_k_gamma: gamma, generator_top_k_frac: frac } = options;
    return top_k_size(options.batch_size, passes, { gamma, frac });
  };
  return [
    {
      name: 'G',
      about: 'fools D; every 32nd step with a penalty on path lengths',
      async run(it) {
        const total = zeros([], { device: place.device });
        const values: Record<string, Tensor> = { loss_G: total };
        optimizer_G.zero_grad();
        for (let round = 0; round < rounds; round++) {
          const { styles, images } = generated(training);
          let [fake] = frozen(GAN.D, () => GAN.D(augmented(images, augmenting)));
          let real: Tensor | null = null;
          if (options.dual_contrast_loss) {
            const [batch] = await it.next();
            [real] = no_grad(() => GAN.D(augmented(place.tensor(batch!), augmenting)));
          }
          if (options.top_k_training) fake = top_k(fake, kept(it.step), { largest: false });
          const loss =
            real === null
              ? flipped_hinge_generator_loss(null, fake)
              : dual_contrastive_generator_loss(real, fake, { form: options.generator_roles });
          let gen_loss = loss;
          if (penalisesPathLengths(it.step, options)) {
            const lengths = path_lengths(images, styles);
            meanLength = numpyMean(lengths);
            if (path_length.value !== null) {
              const penalty = path_length_penalty(lengths, path_length.value);
              if (!penalty.isnan().item()) {
                values.loss_PL = penalty;
                gen_loss = gen_loss.add(penalty);
              }
            }
          }
          gen_loss.div(rounds).backward();
          total.add_(loss.detach().div(rounds));
        }
        it.update(optimizer_G);
        return values;
      },
    },
    {
      name: 'pl_mean',
      about: 'moves the mean path length',
      every: (step) => penalisesPathLengths(step, options),
      run() {
        if (!Number.isNaN(meanLength)) path_length.update(meanLength);
        return undefined;
      },
    },
  ];
}
