/** Images of a trained model, as the original's `generate_truncated` makes them. */
import { Generator, rand, randn, type Tensor, zeros } from 'isotorch';
import { generate_truncated, mean_style, type StyleDefinition } from '../../gan/networks';
import { evaluating } from '../../metrics';
import type { SampleOptions, Samples } from '../../train';
import type { StyleGAN2Training } from './state';

/** Latents whose styles are averaged. */
const AVERAGED = 2000;
/** Styles in the map of the latent space. */
const MAPPED = 256;

/** What the model can draw; from generators of its own, so that training's streams stay where they are. */
export function samplesOf(
  { GAN, options, place }: StyleGAN2Training,
  seed: number,
): Required<Omit<Samples, 'condition'>> {
  const { batch_size, latent_dim, num_image_tiles, trunc_psi } = options;
  const [S, G] = options.sample_from === 'current' ? [GAN.S, GAN.G] : [GAN.SE, GAN.GE];
  const size = G.image_size;
  const layers = G.num_layers;
  const tiles = num_image_tiles * num_image_tiles;
  /** The same numbers at each call. */
  const own = (which: number): Generator => new Generator().manual_seed(seed + which);
  const latents = (count: number, generator: Generator): Tensor =>
    randn(count, latent_dim, { generator }).to(place.device);

  /** With `maps` maps of noise, one an image or one for all, which makes an image the same in whatever company, and films without flicker. */
  function images(parts: readonly StyleDefinition[], { truncation = trunc_psi }: SampleOptions, maps = 1): Tensor {
    const noise = rand(maps, size, size, 1, { generator: own(2) })
      .to(place.device)
      .expand(parts[0]![0].size(0), -1, -1, -1);
    const mean = truncation === 1 ? undefined : mean_style(S, latents(AVERAGED, own(1)), batch_size);
    return generate_truncated(S, G, parts, noise, { trunc_psi: truncation, mean, batch_size });
  }

  return {
    range: [0, 1],
    columns: num_image_tiles,
    truncation: trunc_psi,
    grid: () => images([[latents(tiles, own(3)), layers]], {}, tiles),
    latents,
    images: (z, how) => images([[z, layers]], how),
    codes: () => ({ codes: evaluating([S], () => S(latents(MAPPED, own(4)))), labels: zeros([MAPPED]) }),
    // The original's half of the layers, rounded down, is coarse.
    mix(rows, columns, how) {
      const coarse = Math.floor(layers / 2);
      const [r, c] = [rows.size(0), columns.size(0)];
      const parts: StyleDefinition[] = [
        [rows.repeat_interleave(c, 0), coarse],
        [columns.repeat(r, 1), layers - coarse],
      ];
      return images(parts, how);
    },
  };
}
