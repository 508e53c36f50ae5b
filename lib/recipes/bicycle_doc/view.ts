/** What is seen of document 2's networks. */
import type { Tensor } from 'isotorch';
import { cycle_error, latent_mse } from '../../metrics';
import type { Place } from '../../train';
import { figures, inParts, type PairedData, PairedView } from '../paired';
import type { BicycleDocNetworks } from './networks';
import type { BicycleDocOptions } from './options';

/** Looks at the networks on held pairs, x in A and y in B. */
export class BicycleDocView extends PairedView {
  constructor(
    private readonly networks: BicycleDocNetworks,
    private readonly options: BicycleDocOptions,
    place: Place,
    data: PairedData,
  ) {
    const { G, F, E } = networks;
    super({ G, read: [G, F, E], nz: options.nz, place, data });
  }

  protected encoded(y: Tensor): Tensor {
    return inParts((part) => this.networks.E(part!), y);
  }

  /** The last is the first fake put back by F. */
  protected columns(x: Tensor, y: Tensor, random: readonly Tensor[]): Tensor[] {
    return [x, y, ...random, this.networks.F(random[0]!)];
  }

  /** Figures of the held pairs; the document's own, and those that any translation has. */
  evaluate(): Record<string, number> {
    const { F, D } = this.networks;
    const { values, fake_y } = this.reading(() => {
      const seen = this.translations();
      const recovered_x = inParts((part) => F(part!), seen.first);
      const errors = {
        val_Cyc_error: cycle_error(recovered_x, this.A).item(),
        val_Latent_mse: latent_mse(this.encoded(seen.first), seen.z).item(),
      };
      return { values: { ...errors, ...figures(seen) }, fake_y: seen.first };
    });
    const output = this.options.adversarial_loss === 'bce_logits' ? 'logits' : 'probabilities';
    return { ...values, ...this.judged({ discriminator: D, real: [this.B], fake: [fake_y], output }) };
  }
}
