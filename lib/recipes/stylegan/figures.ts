/** Figures of generated digits: what a classifier of digits makes of them. */
import { cat, default_generator, Generator, no_grad, randn, scope, type Tensor } from 'isotorch';
import { loadMnist } from '../../data';
import { DigitJudge, trainedClassifier } from '../../metrics';

/** Samples that are judged. */
const COUNT = 2000;
/** Samples drawn at a time. */
const CHUNK = 100;
const SEED = 2;

let judge: Promise<DigitJudge> | undefined;

/** The judge of this process; training it leaves the random stream where it was. */
export function theJudge(): Promise<DigitJudge> {
  judge ??= (async () => {
    const before = default_generator.get_state();
    try {
      const classifier = await trainedClassifier(null, loadMnist(), { requested: false });
      return new DigitJudge(classifier!, loadMnist({ train: false }));
    } finally {
      default_generator.set_state(before);
    }
  })();
  return judge;
}

/**
 * Figures of images that `draw` makes of latents, in [−1, 1] and N×1×32×32: score, confidence, digits seen, and the Fréchet
 * distance of the classifier's features to those of the test digits, which the Fréchet Inception Distance is in small.
 */
export async function digit_figures(
  latent_size: number,
  draw: (latents: Tensor) => Tensor,
): Promise<Record<string, number>> {
  const judging = await theJudge();
  return no_grad(() =>
    scope(() => {
      const generator = new Generator().manual_seed(SEED);
      // The border of two pixels is what was added to the digits of 28×28.
      const images = randn([COUNT, latent_size], { generator })
        .split(CHUNK, 0)
        .map((latents) => draw(latents).narrow(2, 2, 28).narrow(3, 2, 28).cpu());
      return { ...judging.judge(cat(images, 0)) };
    }),
  );
}
