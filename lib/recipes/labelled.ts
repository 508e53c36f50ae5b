/** Latents that carry their class, so that it is the same in whatever company they are drawn. */
import { cat, type Tensor } from 'isotorch';
import { one_hot } from 'isotorch/nn/functional';

/** Latents with their labels behind them, one-hot: (N, z) and (N) give (N, z + classes). */
export const labelled = (z: Tensor, labels: Tensor, classes: number): Tensor =>
  cat([z, one_hot(labels, classes).to(z.dtype)], 1);
