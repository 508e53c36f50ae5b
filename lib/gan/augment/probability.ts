/** The strength of an augmentation, raised where a discriminator overfits and lowered where it does not. */
import type { Tensor } from 'isotorch';

/** How a probability adapts. */
export interface AdaptiveProbabilityOptions {
  /** Where it starts, or stays where `target` is null. */
  p?: number;
  /** Heuristic value that is aimed at; null keeps p. */
  target?: number | null;
  /** Steps between two adjustments. */
  interval?: number;
  /** Thousands of images in which p moves by 1. */
  kimg?: number;
}

/**
 * r_t = E[sign(D(real))] (Karras et al. 2020, https://arxiv.org/abs/2006.06676): the share of real images that the discriminator
 * knows as such, from −1 to 1.
 */
export const overfitting_by_sign = (real: Tensor): number => real.detach().sign().mean().item();

/** r_v = (E[D(train)] − E[D(validation)]) / (E[D(train)] − E[D(fake)]), of the same paper: 1 where validation images count as fakes. */
export function overfitting_by_validation(train: Tensor, validation: Tensor, fake: Tensor): number {
  const [onTrain, onValidation, onFake] = [train, validation, fake].map((logits) => logits.detach().mean().item());
  return (onTrain! - onValidation!) / (onTrain! - onFake!);
}

/**
 * p of ADA and of APA: after every `interval` steps it moves by sign(r − target) · batch · interval / (kimg · 1000), r being the mean
 * sign of the discriminator's logits on real images since the last time. It never falls below 0; ADA's is not held at 1. Part of
 * a training's state.
 */
export class AdaptiveProbability {
  p: number;
  readonly target: number | null;
  readonly interval: number;
  readonly kimg: number;
  private signs = 0;
  private count = 0;
  private steps = 0;

  constructor({ p = 0, target = 0.6, interval = 4, kimg = 500 }: AdaptiveProbabilityOptions = {}) {
    this.p = p;
    this.target = target;
    this.interval = interval;
    this.kimg = kimg;
  }

  /** Takes in the discriminator's logits on a step's real images. */
  observe(real: Tensor): void {
    this.signs += real.detach().sign().sum().item();
    this.count += real.numel();
  }

  /** Ends a step of `batch_size` images; gives p. */
  step(batch_size: number): number {
    this.steps++;
    const due = this.target !== null && this.steps % this.interval === 0;
    if (!due || this.count === 0) return this.p;
    const sign = Math.sign(this.signs / this.count - (this.target as number));
    [this.signs, this.count] = [0, 0];
    this.p = Math.max(this.p + (sign * (batch_size * this.interval)) / (this.kimg * 1000), 0);
    return this.p;
  }

  state_dict(): Record<'p' | 'signs' | 'count' | 'steps', number> {
    return { p: this.p, signs: this.signs, count: this.count, steps: this.steps };
  }

  load_state_dict({ p, signs, count, steps }: Record<'p' | 'signs' | 'count' | 'steps', number>): void {
    Object.assign(this, { p, signs, count, steps });
  }
}
