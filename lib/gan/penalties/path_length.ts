/** Path length regularisation (Karras et al. 2020, https://arxiv.org/abs/1912.04958), in both forms that are in use. */
import { autograd, keep, randn_like, type Tensor, tensor } from 'isotorch';
import { math } from 'isotorch/python';
import { type Reduction, reduce } from '../losses/reduction';

/**
 * ℓ of each sample: how far its image moves along a random direction when its styles do. With J = ∇_styles Σ (images · y), y normal
 * noise / √(H·W), it is √(mean over layers of Σ over the latent of J²).
 * @param images N×C×H×W, computed from `styles`
 * @param styles N×layers×latent, requiring a gradient
 */
export function path_lengths(images: Tensor, styles: Tensor): Tensor {
  const noise = randn_like(images).div(math.sqrt(images.size(2) * images.size(3)) as number);
  const [jacobian] = autograd.grad(images.mul(noise).sum(), styles, { create_graph: true });
  return jacobian!.square().sum(2).mean(1).sqrt();
}

/** Options of `path_length_penalty`. */
export interface PathLengthOptions {
  /** 1 in lucidrains' stylegan2-pytorch, 2 in StyleGAN2. */
  weight?: number;
  reduction?: Reduction;
}

/** weight · (ℓ − pl_mean)²; pl_mean is a number, or a tensor that may have a gradient (`PathLengthMean`). */
export function path_length_penalty(
  lengths: Tensor,
  pl_mean: Tensor | number,
  { weight = 1, reduction }: PathLengthOptions = {},
): Tensor {
  return reduce(lengths.sub(pl_mean).square().mul(weight), reduction);
}

/** StyleGAN2's running mean of path lengths, a tensor that is moved before each penalty; part of a training's state. */
export class PathLengthMean {
  value: Tensor;

  /** @param decay how far each step moves the mean */
  constructor(readonly decay: number = 0.01) {
    this.value = keep(tensor(0));
  }

  /** Moves the mean by pl_mean.lerp(ℓ.mean(), decay), and gives it with its gradient: the penalty's own is through it, too. */
  update(lengths: Tensor): Tensor {
    const moved = this.value.to(lengths.device).lerp(lengths.mean(), this.decay);
    this.value = keep(moved.detach().clone());
    return moved;
  }

  state_dict(): { value: Tensor } {
    return { value: this.value };
  }

  load_state_dict(state: { value: Tensor }): void {
    this.value = keep(state.value.detach().clone());
  }
}

/**
 * lucidrains' running mean of path lengths, a plain number that is moved after the generator's step; there is none, and no penalty,
 * before the first. Part of a training's state.
 */
export class HostPathLengthMean {
  value: number | null = null;

  /**
   * @param beta how much of the old mean each step keeps
   * @param dtype float64, or float32 as NumPy 2 computes, whose scalars keep their type beside Python's floats
   */
  constructor(
    readonly beta: number = 0.99,
    readonly dtype: 'float32' | 'float64' = 'float64',
  ) {}

  /** The first mean is taken as it is, then mean · β + (1 − β) · new. */
  update(mean: number): void {
    const rounded = this.dtype === 'float32' ? Math.fround : (x: number): number => x;
    this.value =
      this.value === null
        ? mean
        : rounded(rounded(this.value * rounded(this.beta)) + rounded(rounded(1 - this.beta) * mean));
  }

  state_dict(): { value: number | null } {
    return { value: this.value };
  }

  load_state_dict(state: { value: number | null }): void {
    this.value = state.value;
  }
}
