/** From noise to styles: what a step and sampling draw, in the original's order. */
import { acos, cat, type Device, empty, no_grad, norm, rand, randn, sin, type Tensor, zeros_like } from 'isotorch';
import type { Layer } from 'isotorch/nn';

/** One tensor of latents or styles (N, latent_dim), and how many of G's layers it is for, from the coarsest on. */
export type StyleDefinition = [latent: Tensor, num_layers: number];

/** z ~ N(0, 1) of shape (n, latent_dim). Drawn on the CPU, so that a seed gives the same on every device. */
export function latent_noise(n: number, latent_dim: number, device: Device | string = 'cpu'): Tensor {
  return randn(n, latent_dim).to(device);
}

/** One latent for all layers. */
export function noise_list(
  n: number,
  layers: number,
  latent_dim: number,
  device: Device | string = 'cpu',
): StyleDefinition[] {
  return [[latent_noise(n, latent_dim, device), layers]];
}

/**
 * Two latents: the first for the ⌊u·layers⌋ coarsest layers (0 to layers − 1 of them), u uniform in [0, 1), the second
 * for the others. Drawn u, first, second.
 */
export function mixed_list(
  n: number,
  layers: number,
  latent_dim: number,
  device: Device | string = 'cpu',
): StyleDefinition[] {
  const first = Math.trunc(rand([]).mul(layers).item() as number);
  return [...noise_list(n, first, latent_dim, device), ...noise_list(n, layers - first, latent_dim, device)];
}

/** The latents' styles: S of each. */
export function latent_to_w(style_vectorizer: Layer, latents: readonly StyleDefinition[]): StyleDefinition[] {
  return latents.map(([z, num_layers]) => [style_vectorizer(z), num_layers]);
}

/** Styles (N, latent_dim), each for a number of layers, as the one tensor (N, layers, latent_dim) that G takes. */
export function styles_def_to_tensor(styles: readonly StyleDefinition[]): Tensor {
  return cat(
    styles.map(([w, n]) => w.get(':', null, ':').expand(-1, n, -1)),
    1,
  );
}

/** G's noise: uniform in [0, 1), (n, image_size, image_size, 1). Drawn on the CPU. */
export function image_noise(n: number, image_size: number, device: Device | string = 'cpu'): Tensor {
  return empty(n, image_size, image_size, 1).uniform_(0, 1).to(device);
}

/**
 * Between `low` and `high` (N, D) along the great circle of their directions:
 * sin((1 − t)ω)/sin ω · low + sin(tω)/sin ω · high, ω the angle between them. `t` is a number or a tensor of one.
 */
export function slerp(t: number | Tensor, low: Tensor, high: Tensor): Tensor {
  const low_norm = low.div(norm(low, { dim: 1, keepdim: true }));
  const high_norm = high.div(norm(high, { dim: 1, keepdim: true }));
  const omega = acos(low_norm.mul(high_norm).sum(1));
  const so = sin(omega);
  const [from, to] =
    typeof t === 'number' ? [omega.mul(1 - t), omega.mul(t)] : [omega.mul(t.neg().add(1)), omega.mul(t)];
  return sin(from).div(so).unsqueeze(1).mul(low).add(sin(to).div(so).unsqueeze(1).mul(high));
}

/** The mean style of latents (n, latent_dim), (1, latent_dim): S in batches, summed row by row as NumPy's `mean(axis=0)` does. */
export function mean_style(style_vectorizer: Layer, latents: Tensor, batch_size: number): Tensor {
  return no_grad(() => {
    const rows = cat(latents.split(batch_size).map((part) => style_vectorizer(part))).unbind(0);
    const sum = zeros_like(rows[0]!);
    for (const row of rows) sum.add_(row);
    return sum.div(rows.length).unsqueeze(0);
  });
}

/** How `generate_truncated` draws. */
export interface TruncationOptions {
  /** ψ: styles become ψ·(w − mean) + mean. */
  trunc_psi: number;
  /** The mean, of `mean_style`; left out, styles stay. */
  mean?: Tensor | undefined;
  /** Images that G makes at once. */
  batch_size: number;
}

/** Images in [0, 1] of latents, each for a number of layers, and noise (n, image_size, image_size, 1). */
export function generate_truncated(
  style_vectorizer: Layer,
  generator: (styles: Tensor, noise: Tensor) => Tensor,
  latents: readonly StyleDefinition[],
  noise: Tensor,
  { trunc_psi, mean, batch_size }: TruncationOptions,
): Tensor {
  return no_grad(() => {
    const w = latent_to_w(style_vectorizer, latents);
    const truncated = w.map(([t, layers]): StyleDefinition => {
      return [mean === undefined ? t : t.sub(mean).mul(trunc_psi).add(mean), layers];
    });
    const noises = noise.split(batch_size);
    const images = styles_def_to_tensor(truncated)
      .split(batch_size)
      .map((part, i) => generator(part, noises[i]!));
    return cat(images).clamp_(0, 1);
  });
}
