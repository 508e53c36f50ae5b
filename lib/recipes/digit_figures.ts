/** Figures of generated digits: what a classifier of digits makes of them. */
import { cat, default_generator, Generator, no_grad, scope, type Tensor } from 'isotorch';
import { loadMnist } from '../data';
import { DigitJudge, trainedClassifier } from '../metrics';
import type { Samples } from '../train';

/** Samples that are judged. */
const COUNT = 2000;
/** Samples drawn at a time. */
const CHUNK = 100;
const SEED = 2;
/** Height and width of MNIST's digits. */
const SIZE = 28;

let judge: Promise<DigitJudge> | undefined;

/** The judge of this process; training it leaves the random stream where it was. */
function theJudge(): Promise<DigitJudge> {
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

/** What draws digits of 28×28, or of 32×32. */
type Draws = Pick<Required<Samples>, 'latents' | 'images'>;

/** Digits of the same latents each time, without truncation and without the border that was added to those of 28×28. */
function digitsOf({ latents, images }: Draws): Tensor {
  const drawn = latents(COUNT, new Generator().manual_seed(SEED))
    .split(CHUNK, 0)
    .map((some) => {
      const drawn = images(some, { truncation: 1 });
      const border = (drawn.size(2) - SIZE) / 2;
      return drawn.narrow(2, border, SIZE).narrow(3, border, SIZE).cpu();
    });
  return cat(drawn, 0);
}

/**
 * Figures of drawn images in [−1, 1], N×1×28×28 or with a border: score, confidence, digits seen, and the Fréchet distance of the classifier's features
 * to those of the test digits, which is in small what the Fréchet Inception Distance is.
 */
export async function digit_figures(draws: Draws): Promise<Record<string, number>> {
  const judging = await theJudge();
  return no_grad(() => scope(() => ({ ...judging.judge(digitsOf(draws)) })));
}

/** The same, and the share that the classifier takes for the digit asked for: latents ask for 0 to 9 in turn. */
export async function labelled_digit_figures(draws: Draws): Promise<Record<string, number>> {
  const judging = await theJudge();
  return no_grad(() =>
    scope(() => {
      const images = digitsOf(draws);
      const seen = judging.classes(images).tolist() as number[];
      const right = seen.filter((digit, i) => Number(digit) === i % 10).length;
      return { label_accuracy: right / COUNT, ...judging.judge(images) };
    }),
  );
}
