/** What is drawn from Gs, the generator's average. */
import { arange, Generator, randint, randn, type Tensor, zeros } from 'isotorch';
import type { StyleGANGenerator } from '../../gan/networks';
import { evaluating } from '../../metrics';
import type { Place, SampleOptions, Samples } from '../../train';
import { labelled } from '../labelled';

/** Rows of the picture of a tick, and its columns where there are no classes. */
const SIDE = 8;
const SEED = 1;
/** Styles in the map of the latent space. */
const MAPPED = 256;
/** Layers up to 8×8. */
const COARSE = 4;

/** What is drawn with. */
export interface Drawing {
  readonly Gs: StyleGANGenerator;
  readonly latent_size: number;
  /** Classes of the labels; 0 for none. */
  readonly classes: number;
  /** ψ where none is said. */
  readonly truncation: number;
  readonly place: Pick<Place, 'device'>;
}

/**
 * Draws from `Gs`: rows of images without truncation, a class a column where there are classes; images of latents, with ψ;
 * and mixtures with the styles of `rows` up to 8×8 and those of `columns` from there on. Noise is that of the buffers.
 *
 * With classes a latent has its label behind it, one-hot, of a class drawn like the rest: so what is drawn in parts, or between two
 * latents, keeps its classes.
 */
export function drawn_from(drawing: Drawing): Required<Omit<Samples, 'condition'>> {
  const { Gs, latent_size, classes, place } = drawing;
  const columns = classes > 0 ? Math.min(classes, 2 * SIDE) : SIDE;

  /** z and its labels, which on the arc between two latents would be more than one class in all. */
  const parts = (latents: Tensor): { z: Tensor; labels: Tensor | null } => {
    const all = latents.to(place.device);
    const z = all.narrow(1, 0, latent_size);
    if (classes === 0) return { z, labels: null };
    const labels = all.narrow(1, latent_size, classes);
    return { z, labels: labels.div(labels.sum(1, true)) };
  };

  const latents = (count: number, generator: Generator): Tensor => {
    const z = randn([count, latent_size], { generator });
    return classes > 0 ? labelled(z, randint(0, classes, [count], { generator }), classes) : z;
  };

  const images = (given: Tensor, { truncation = drawing.truncation }: SampleOptions): Tensor =>
    evaluating([Gs], () => {
      const { z, labels } = parts(given);
      return Gs(z, { labels, truncation_psi: truncation, noise_mode: 'const' });
    });

  const styles = (given: Tensor, psi: number): Tensor => {
    const { z, labels } = parts(given);
    return Gs.truncate(Gs.broadcast(Gs.mapping(z, labels)), psi);
  };

  const mix = (rows: Tensor, columns: Tensor, { truncation = drawing.truncation }: SampleOptions): Tensor =>
    evaluating([Gs], () => {
      const ws = styles(rows, truncation).repeat_interleave(columns.size(0), 0).clone();
      const fine = styles(columns, truncation).repeat(rows.size(0), 1, 1);
      const cut = Math.min(COARSE, ws.size(1) - 2);
      const rest = ws.size(1) - cut;
      ws.narrow(1, cut, rest).copy_(fine.narrow(1, cut, rest));
      return Gs.synthesis(ws, { noise_mode: 'const' });
    });

  const grid = (): Tensor => {
    const z = randn([SIDE * columns, latent_size], { generator: new Generator().manual_seed(SEED) });
    return images(classes > 0 ? labelled(z, arange(z.size(0)).remainder(columns), classes) : z, { truncation: 1 });
  };

  /** Styles w of fixed latents, by class where there are classes. */
  const codes = () =>
    evaluating([Gs], () => {
      const { z, labels } = parts(latents(MAPPED, new Generator().manual_seed(SEED)));
      return { codes: Gs.mapping(z, labels), labels: labels?.argmax(1) ?? zeros([MAPPED]) };
    });

  return { range: [-1, 1], columns, truncation: drawing.truncation, grid, latents, images, mix, codes };
}
