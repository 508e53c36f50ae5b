/** Random crops and flips, drawn in the trainer: nothing is drawn in a worker, so that a run resumes exactly. */
import { random, stack, type Tensor } from 'isotorch';

/**
 * The same part of size × size of both sides of each pair, flipped or not. For each pair Python's `random` gives x, then
 * y, then whether it is flipped (`random() > 0.5`), as in BicycleGAN's data set; also where `flip` says that it is not done.
 */
export function crop_and_flip(parts: readonly Tensor[], size: number, flip: boolean): Tensor[] {
  const [first] = parts as [Tensor];
  const [height, width] = [first.size(2), first.size(3)];
  const draws = Array.from({ length: first.size(0) }, () => {
    const x = random.python.randint(0, Math.max(0, width - size));
    const y = random.python.randint(0, Math.max(0, height - size));
    return { x, y, flipped: random.python.random() > 0.5 };
  });
  return parts.map((part) =>
    stack(
      draws.map(({ x, y, flipped }, i) => {
        const crop = part.select(0, i).narrow(1, y, size).narrow(2, x, size);
        return flip && flipped ? crop.flip(2) : crop;
      }),
    ),
  );
}
