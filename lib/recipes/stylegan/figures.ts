/** Figures of generated digits: what a classifier of digits makes of them. */
import { cat, default_generator, Generator, no_grad, scope } from 'isotorch';
import { loadMnist } from '../../data';
import { DigitJudge, trainedClassifier } from '../../metrics';
import type { Samples } from '../../train';

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
 * Figures of drawn images in [−1, 1], N×1×32×32: score, confidence, digits seen, and the Fréchet distance of the classifier's features
 * to those of the test digits, which is in small what the Fréchet Inception Distance is.
 */
export async function digit_figures({
  latents,
  images,
}: Pick<Required<Samples>, 'latents' | 'images'>): Promise<Record<string, number>> {
  const judging = await theJudge();
  return no_grad(() =>
    scope(() => {
      const drawn = latents(COUNT, new Generator().manual_seed(SEED))
        .split(CHUNK, 0)
        // The border of two pixels is what was added to the digits of 28×28.
        .map((some) => images(some, {}).narrow(2, 2, 28).narrow(3, 2, 28).cpu());
      return { ...judging.judge(cat(drawn, 0)) };
    }),
  );
}
