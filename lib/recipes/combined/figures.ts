/** Figures of digits that were asked for by their class. */
import { cat, Generator, no_grad, scope, type Tensor } from 'isotorch';
import { theJudge } from '../stylegan/figures';

/** Samples that are judged, and how many are drawn at a time. */
const COUNT = 2000;
const CHUNK = 100;
const SEED = 2;

/**
 * What a classifier of digits, trained for it, makes of images N×1×32×32 in [−1, 1]: the share that it takes for the digit asked for,
 * and the figures of `DigitJudge`.
 *
 * @param draw images of latents, of the classes 0 to 9 in turn
 */
export async function labelled_digit_figures(
  latents: (count: number, generator: Generator) => Tensor,
  draw: (latents: Tensor) => Tensor,
): Promise<Record<string, number>> {
  const judge = await theJudge();
  return no_grad(() =>
    scope(() => {
      const generator = new Generator().manual_seed(SEED);
      // The border of two pixels is what was added to the digits of 28×28.
      const chunks = Array.from({ length: COUNT / CHUNK }, () =>
        draw(latents(CHUNK, generator)).narrow(2, 2, 28).narrow(3, 2, 28),
      );
      const images = cat(chunks, 0);
      const seen = judge.classes(images).tolist() as number[];
      const right = seen.filter((digit, i) => Number(digit) === i % 10).length;
      return { label_accuracy: right / COUNT, ...judge.judge(images) };
    }),
  );
}
