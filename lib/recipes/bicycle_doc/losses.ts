/** The losses that document 2 names without saying what they are. */
import { ones_like, type Tensor, zeros_like } from 'isotorch';
import { binary_cross_entropy, binary_cross_entropy_with_logits, l1_loss, mse_loss } from 'isotorch/nn/functional';
import { latent_recovery } from '../../gan';
import type { BicycleDocOptions } from './options';

type Choices = Pick<BicycleDocOptions, 'adversarial_loss' | 'generator_loss' | 'cycle_loss' | 'latent_loss'>;

const adversarial = {
  bce: binary_cross_entropy,
  bce_logits: binary_cross_entropy_with_logits,
  lsgan: mse_loss,
} as const;

/** The document's three losses as the options have them. */
export class DocumentLosses {
  constructor(private readonly choices: Choices) {}

  /** Mean loss of D's outputs, all to be taken for real, or all for fake. */
  adversarial(said: Tensor, is_real: boolean): Tensor {
    const target = is_real ? ones_like(said) : zeros_like(said);
    return adversarial[this.choices.adversarial_loss](said, target);
  }

  /** G's adversarial loss of D's outputs on fakes: −log D, or, saturating, log(1 − D). */
  fooling(said: Tensor): Tensor {
    const saturates = this.choices.generator_loss === 'saturating';
    return saturates ? this.adversarial(said, false).neg() : this.adversarial(said, true);
  }

  /** How far images are from those that they should come back to. */
  cycle(recovered: Tensor, original: Tensor): Tensor {
    return (this.choices.cycle_loss === 'l1' ? l1_loss : mse_loss)(recovered, original);
  }

  /** How far codes B×nz are from those that they should be found as. */
  latent(predicted: Tensor, z: Tensor): Tensor {
    const { latent_loss } = this.choices;
    return latent_recovery(z, predicted, { distance: latent_loss === 'norm' ? 'l2' : latent_loss });
  }
}
