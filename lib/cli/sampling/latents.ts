/** Latents of seeds, and on the way between them. */
import { cat, Generator, lerp, linspace, stack, type Tensor } from 'isotorch';
import type { Samples } from '../../train';

/** Below this sine of the angle between two latents, the arc between them is a line. */
const FLAT = 1e-4;

/** Latents of seeds, each drawn from a generator of its own: an image is the same in whatever company it is drawn. */
export function latentsOf(seeds: readonly number[], samples: Pick<Required<Samples>, 'latents'>): Tensor {
  return cat(seeds.map((seed) => samples.latents(1, new Generator().manual_seed(seed))));
}

/**
 * The point at `part` of the arc from `a` to `b`: a·sin((1 − t)θ)/sin θ + b·sin(tθ)/sin θ, where θ is the angle between them.
 * Between normal vectors it stays where normal vectors are: a line passes nearer to the origin.
 */
function onArc(a: Tensor, b: Tensor, part: Tensor): Tensor {
  const cosine = a.flatten().dot(b.flatten()).div(a.norm().mul(b.norm())).clamp(-1, 1);
  const angle = cosine.acos();
  const sine = angle.sin();
  if (sine.item() < FLAT) return lerp(a, b, part);
  const [from, to] = [part.neg().add(1).mul(angle).sin().div(sine), part.mul(angle).sin().div(sine)];
  return a.mul(from).add(b.mul(to));
}

/** The way of an interpolation. */
export interface Way {
  /** Latents from one to the next. */
  readonly frames: number;
  readonly path: 'spherical' | 'linear';
  /** Numbers at the end of each latent that stay those of the first one. Default 0. */
  readonly fixed?: number;
}

/** Latents from each latent to the next, and from the last one back to the first. */
export function latentsBetween(latents: Tensor, { frames, path, fixed = 0 }: Way): Tensor {
  const free = latents.size(1) - fixed;
  const keys = latents.narrow(1, 0, free).unbind(0);
  const parts = linspace(0, 1, frames + 1, { dtype: latents.dtype, device: latents.device })
    .unbind(0)
    .slice(0, -1);
  const between = path === 'linear' ? lerp : onArc;
  const all = stack(
    keys.flatMap((from, index) => {
      const to = keys[(index + 1) % keys.length]!;
      return parts.map((part) => between(from, to, part));
    }),
  );
  if (fixed === 0) return all;
  return cat([all, latents.narrow(0, 0, 1).narrow(1, free, fixed).expand(all.size(0), -1)], 1);
}
