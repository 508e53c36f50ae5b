/** What is seen of BicycleGAN: pictures, codes and figures of held pairs. Nothing here moves what training depends on. */
import { cat, Generator, randn, type Tensor, zeros } from 'isotorch';
import { discriminator_accuracy, evaluating } from '../../metrics';
import type { Place, Samples } from '../../train';
import { drawn } from '../drawing';
import { figures, inParts, type PairedData } from '../paired';
import type { BicycleGANNetworks } from './networks';
import type { BicycleGANOptions } from './options';

/** Pairs in the picture of a tick, and random codes of each. */
const ROWS = 4;
const CODES = 4;

/** Looks at the networks on held pairs. */
export class BicycleGANView {
  private readonly A: Tensor;
  private readonly B: Tensor;

  constructor(
    private readonly networks: BicycleGANNetworks,
    private readonly options: BicycleGANOptions,
    place: Place,
    { held }: PairedData,
  ) {
    this.A = place.tensor(held.A);
    this.B = place.tensor(held.B);
  }

  /** The same codes at each call, from a stream of their own. */
  private codes(count: number, seed: number): Tensor {
    return randn(count, this.options.nz, { generator: new Generator().manual_seed(seed) }).to(this.A.device);
  }

  private translated(A: Tensor, z: Tensor): Tensor {
    return inParts((given, code) => this.networks.G(given!, code!), A, z);
  }

  private means(B: Tensor): Tensor {
    return inParts((part) => this.networks.E(part!)[0], B);
  }

  private reading<T>(run: () => T): T {
    const { G, E } = this.networks;
    return evaluating([G, E], run);
  }

  samples(): Samples {
    const rows = Math.min(ROWS, this.A.size(0));
    const [A, B] = [this.A.narrow(0, 0, rows), this.B.narrow(0, 0, rows)];
    return {
      range: [-1, 1],
      columns: 3 + CODES,
      grid: () =>
        this.reading(() => {
          const random = Array.from({ length: CODES }, (_, i) => this.translated(A, this.codes(1, i).expand(rows, -1)));
          const columns = [A, B, this.translated(A, this.means(B)), ...random];
          return cat(
            columns.map((column) => column.unsqueeze(1)),
            1,
          ).flatten(0, 1);
        }),
      latents: (count, generator) => randn(count, this.options.nz, { generator }).to(A.device),
      images: (latents, { batchnorm }) => {
        const repeats = Math.ceil(latents.size(0) / this.A.size(0));
        const given = this.A.repeat(repeats, 1, 1, 1).narrow(0, 0, latents.size(0));
        const draw = () => this.translated(given, latents);
        const warm = (batch: number) => this.translated(this.A, this.codes(this.A.size(0), 100 + batch));
        return drawn(this.networks.G, draw, { batchnorm, run: warm });
      },
      codes: () => this.reading(() => ({ codes: this.means(this.B), labels: zeros([this.B.size(0)]) })),
    };
  }

  /** Figures of the held pairs, and what D thinks of them. */
  evaluate(): Record<string, number> {
    const { A, B } = this;
    const { values, fake } = this.reading(() => {
      const [first, second] = [
        this.translated(A, this.codes(A.size(0), 1)),
        this.translated(A, this.codes(A.size(0), 2)),
      ];
      const reconstructed = this.translated(A, this.means(B));
      return { values: figures({ real: B, reconstructed, first, second }), fake: reconstructed };
    });
    const { D } = this.networks;
    if (D === undefined) return values;
    const seen = (image: Tensor) => (this.options.conditional_D ? cat([A, image], 1) : image);
    // Least squares aim at 1 and 0 as probabilities do; the others say logits.
    const output = this.options.gan_mode === 'lsgan' ? 'probabilities' : 'logits';
    const accuracy = discriminator_accuracy({
      discriminator: D.net,
      real: [seen(B)],
      fake: [seen(fake)],
      output,
      mode: 'pure',
    });
    return { ...values, val_D_real_acc: accuracy.D_real_acc.item(), val_D_fake_acc: accuracy.D_fake_acc.item() };
  }
}
