/** What is drawn from Gs, the generator's average. */
import { arange, Generator, no_grad, randn, type Tensor } from 'isotorch';
import { one_hot } from 'isotorch/nn/functional';
import type { StyleGANGenerator } from '../../gan/networks';
import type { Place, Samples } from '../../train';

/** Rows of the picture of a tick, and its columns where there are no classes. */
const SIDE = 8;
const SEED = 1;

/** Draws from `Gs`; noise is that of its buffers, so that no random stream moves. */
export class GsSamples implements Samples {
  readonly range = [-1, 1] as const;
  readonly columns: number;

  constructor(
    private readonly Gs: StyleGANGenerator,
    private readonly latent_size: number,
    private readonly classes: number,
    private readonly place: Pick<Place, 'device'>,
  ) {
    this.columns = classes > 0 ? Math.min(classes, 2 * SIDE) : SIDE;
  }

  /** Eight rows of images without truncation; with classes those of a column have one class. */
  grid(): Tensor {
    return this.images(this.latents(SIDE * this.columns, new Generator().manual_seed(SEED)), {});
  }

  latents(count: number, generator: Generator): Tensor {
    return randn([count, this.latent_size], { generator });
  }

  /** Images of latents; `truncation` is ψ in the layers that are truncated. */
  images(latents: Tensor, { truncation = 1 }: { truncation?: number }): Tensor {
    return this.quietly(() => {
      const labels = this.labels(latents.size(0));
      return this.Gs(latents.to(this.place.device), { labels, truncation_psi: truncation, noise_mode: 'const' });
    });
  }

  /** Images with the styles of `rows` up to 8×8, and those of `columns` from there on. */
  mix(rows: Tensor, columns: Tensor, { truncation = 1 }: { truncation?: number }): Tensor {
    return this.quietly(() => {
      const styles = (latents: Tensor): Tensor => {
        const w = this.Gs.mapping(latents.to(this.place.device), this.labels(latents.size(0)));
        return this.Gs.truncate(this.Gs.broadcast(w), truncation);
      };
      const [coarse, fine] = [styles(rows), styles(columns)];
      const ws = coarse.repeat_interleave(columns.size(0), 0).clone();
      const layers = ws.size(1);
      const cut = Math.min(4, layers - 2);
      ws.narrow(1, cut, layers - cut).copy_(fine.repeat(rows.size(0), 1, 1).narrow(1, cut, layers - cut));
      return this.Gs.synthesis(ws, { noise_mode: 'const' });
    });
  }

  /** Classes in turn. */
  private labels(count: number): Tensor | null {
    if (this.classes === 0) return null;
    return one_hot(arange(count).remainder(this.columns), this.classes).float().to(this.place.device);
  }

  private quietly(draw: () => Tensor): Tensor {
    const { training } = this.Gs;
    this.Gs.eval();
    try {
      return no_grad(draw);
    } finally {
      this.Gs.train(training);
    }
  }
}
