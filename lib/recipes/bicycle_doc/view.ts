/** What is seen of document 2's networks: pictures, codes and figures of held pairs. */
import { cat, Generator, randn, type Tensor, zeros } from 'isotorch';
import { cycle_error, discriminator_accuracy, evaluating, latent_mse } from '../../metrics';
import type { Place, Samples } from '../../train';
import { drawn } from '../drawing';
import { figures, inParts, type PairedData } from '../paired';
import type { BicycleDocNetworks } from './networks';
import type { BicycleDocOptions } from './options';

/** Pairs in the picture of a tick, and codes of each. */
const ROWS = 4;
const CODES = 4;

/** Looks at the networks on held pairs, in evaluation mode. */
export class BicycleDocView {
  private readonly x: Tensor;
  private readonly y: Tensor;

  constructor(
    private readonly networks: BicycleDocNetworks,
    private readonly options: BicycleDocOptions,
    place: Place,
    { held }: PairedData,
  ) {
    this.x = place.tensor(held.A);
    this.y = place.tensor(held.B);
  }

  private codes(count: number, seed: number): Tensor {
    return randn(count, this.options.nz, { generator: new Generator().manual_seed(seed) }).to(this.x.device);
  }

  private reading<T>(run: () => T): T {
    const { G, F, E } = this.networks;
    return evaluating([G, F, E], run);
  }

  private translated(x: Tensor, z: Tensor): Tensor {
    return inParts((given, code) => this.networks.G(given!, code!), x, z);
  }

  samples(): Samples {
    const rows = Math.min(ROWS, this.x.size(0));
    const [x, y] = [this.x.narrow(0, 0, rows), this.y.narrow(0, 0, rows)];
    return {
      range: [-1, 1],
      columns: 3 + CODES,
      grid: () =>
        this.reading(() => {
          const fakes = Array.from({ length: CODES }, (_, i) => this.translated(x, this.codes(1, i).expand(rows, -1)));
          const columns = [x, y, ...fakes, this.networks.F(fakes[0]!)];
          return cat(
            columns.map((column) => column.unsqueeze(1)),
            1,
          ).flatten(0, 1);
        }),
      latents: (count, generator) => randn(count, this.options.nz, { generator }).to(x.device),
      images: (latents, { batchnorm }) => {
        const repeats = Math.ceil(latents.size(0) / this.x.size(0));
        const given = this.x.repeat(repeats, 1, 1, 1).narrow(0, 0, latents.size(0));
        const draw = () => this.translated(given, latents);
        const warm = (batch: number) => this.translated(this.x, this.codes(this.x.size(0), 100 + batch));
        return drawn(this.networks.G, draw, { batchnorm, run: warm });
      },
      codes: () =>
        this.reading(() => ({
          codes: inParts((part) => this.networks.E(part!), this.y),
          labels: zeros([this.y.size(0)]),
        })),
    };
  }

  /** Figures of the held pairs; the document's own, and those that any translation has. */
  evaluate(): Record<string, number> {
    const { x, y } = this;
    const { F, E, D } = this.networks;
    const { values, fake_y } = this.reading(() => {
      const z = this.codes(x.size(0), 1);
      const [first, second] = [this.translated(x, z), this.translated(x, this.codes(x.size(0), 2))];
      const reconstructed = this.translated(
        x,
        inParts((part) => E(part!), y),
      );
      const errors = {
        val_Cyc_error: cycle_error(
          inParts((part) => F(part!), first),
          x,
        ).item(),
        val_Latent_mse: latent_mse(
          inParts((part) => E(part!), first),
          z,
        ).item(),
      };
      return { values: { ...errors, ...figures({ real: y, reconstructed, first, second }) }, fake_y: first };
    });
    const output = this.options.adversarial_loss === 'bce_logits' ? 'logits' : 'probabilities';
    const accuracy = discriminator_accuracy({ discriminator: D, real: [y], fake: [fake_y], output, mode: 'pure' });
    return { ...values, val_D_real_acc: accuracy.D_real_acc.item(), val_D_fake_acc: accuracy.D_fake_acc.item() };
  }
}
