/** What document 2 watches while it trains: accuracies of the discriminator, errors of the cycle and of the codes. */
import { no_grad } from 'isotorch/autograd';
import { cat, scope, type Tensor } from 'isotorch';
import type { Module } from 'isotorch/nn';
import { l1_loss, mse_loss } from 'isotorch/nn/functional';

/** What a discriminator says: `probabilities` after a sigmoid, `logits` before it. */
export type DiscriminatorOutput = 'probabilities' | 'logits';

/**
 * Where real ends and fake begins: probability ½, which is the logit 0. The document's 0.5 is right for probabilities
 * only: a logit of 0.3 is a probability of 0.574.
 */
const threshold = (output: DiscriminatorOutput): number => (output === 'logits' ? 0 : 0.5);

/** All patches of all scales in one row. */
const flat = (said: Tensor | readonly Tensor[]): Tensor =>
  Array.isArray(said) ? cat((said as Tensor[]).map((map) => map.flatten())) : (said as Tensor).flatten();

/** Share of a discriminator's outputs on real images that say real: above the threshold, not on it. 0-dimensional. */
export function real_accuracy(said: Tensor | readonly Tensor[], output: DiscriminatorOutput): Tensor {
  return flat(said).gt(threshold(output)).float().mean();
}

/** Share of a discriminator's outputs on fakes that say fake: below the threshold, not on it. 0-dimensional. */
export function fake_accuracy(said: Tensor | readonly Tensor[], output: DiscriminatorOutput): Tensor {
  return flat(said).lt(threshold(output)).float().mean();
}

/** What `discriminator_accuracy` takes. */
export interface AccuracyOptions<Input extends readonly unknown[]> {
  discriminator: Module & ((...inputs: Input) => Tensor | readonly Tensor[]);
  /** What the discriminator is given for real, and for fake. */
  real: Input;
  fake: Input;
  output: DiscriminatorOutput;
  /**
   * `pure`: in evaluation mode and without gradients, so that nothing of the training moves: no running statistics, no
   * random stream, no graph. `literal`: as the document has it, in the mode that the discriminator is in; in training
   * mode each of the two passes moves BatchNorm's statistics by one batch, and dropout draws.
   */
  mode: 'pure' | 'literal';
}

/**
 * Runs a function without gradients, with all parts of the networks in evaluation mode, and puts each part's mode back. What the
 * function returns lives on, the rest is freed.
 */
export function evaluating<T>(networks: readonly Module[], run: () => T): T {
  const modes = networks.flatMap((network) => network.modules()).map((part) => [part, part.training] as const);
  for (const network of networks) network.eval();
  try {
    return no_grad(() => scope(run));
  } finally {
    for (const [part, training] of modes) part.training = training;
  }
}

/** Document 2's `D_real_acc` and `D_fake_acc`: two 0-dimensional tensors. */
export function discriminator_accuracy<Input extends readonly unknown[]>(
  options: AccuracyOptions<Input>,
): { D_real_acc: Tensor; D_fake_acc: Tensor } {
  const { discriminator, real, fake, output, mode } = options;
  const measure = () => ({
    D_real_acc: real_accuracy(discriminator(...real), output),
    D_fake_acc: fake_accuracy(discriminator(...fake), output),
  });
  if (mode === 'literal') return measure();
  return evaluating([discriminator], measure);
}

/** Document 2's `Cyc_error`: mean |recovered_x − x|. */
export function cycle_error(recovered_x: Tensor, x: Tensor): Tensor {
  return no_grad(() => l1_loss(recovered_x, x));
}

/** Document 2's `Latent_mse`: mean (pred_z − z)². */
export function latent_mse(pred_z: Tensor, z: Tensor): Tensor {
  return no_grad(() => mse_loss(pred_z, z));
}

/**
 * Loss of the generator over loss of the discriminator, which the document names without a formula. Far above what it
 * was, the discriminator wins; towards 0, the generator does. Infinite where the discriminator's is 0.
 */
export function loss_ratio(loss_G: Tensor, loss_D: Tensor): Tensor {
  return no_grad(() => loss_G.div(loss_D));
}
