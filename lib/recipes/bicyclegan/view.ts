/** What is seen of BicycleGAN. */
import { cat, type Tensor } from 'isotorch';
import type { Place } from '../../train';
import { figures, inParts, type PairedData, PairedView } from '../paired';
import type { BicycleGANNetworks } from './networks';
import type { BicycleGANOptions } from './options';

/** Looks at the networks on held pairs. */
export class BicycleGANView extends PairedView {
  constructor(
    private readonly networks: BicycleGANNetworks,
    private readonly options: BicycleGANOptions,
    place: Place,
    data: PairedData,
  ) {
    super({ G: networks.G, read: [networks.G, networks.E], nz: options.nz, place, data });
  }

  /** Means of the codes. */
  protected encoded(B: Tensor): Tensor {
    return inParts((part) => this.networks.E(part!)[0], B);
  }

  protected columns(A: Tensor, B: Tensor, random: readonly Tensor[]): Tensor[] {
    return [A, B, this.translated(A, this.encoded(B)), ...random];
  }

  /** Figures of the held pairs, and what D thinks of them. */
  evaluate(): Record<string, number> {
    const { A, B } = this;
    const { values, fake } = this.reading(() => {
      const seen = this.translations();
      return { values: figures(seen), fake: seen.reconstructed };
    });
    const { D } = this.networks;
    if (D === undefined) return values;
    const seen = (image: Tensor) => (this.options.conditional_D ? cat([A, image], 1) : image);
    // Least squares aim at 1 and 0 as probabilities do; the others say logits.
    const output = this.options.gan_mode === 'lsgan' ? 'probabilities' : 'logits';
    return { ...values, ...this.judged({ discriminator: D.net, real: [seen(B)], fake: [seen(fake)], output }) };
  }
}
