/** What translations of held pairs look like in numbers. */
import { cat, type Tensor } from 'isotorch';
import { adaptive_avg_pool2d } from 'isotorch/nn/functional';
import { feature_statistics, frechet_distance, ssim } from '../../metrics';

/** Images looked at together. */
const CHUNK = 16;

/** A function of images and other rows, a few of them at a time. */
export function inParts(run: (...parts: Tensor[]) => Tensor, ...inputs: readonly Tensor[]): Tensor {
  const parts = inputs.map((input) => input.split(CHUNK));
  return cat(parts[0]!.map((_, i) => run(...parts.map((part) => part[i]!))));
}

/** 64 numbers an image: the grey of 8×8 squares. */
const squares = (images: Tensor): Tensor => adaptive_avg_pool2d(images.mean(1, true), [8, 8]).flatten(1);

/** Translations of the same images: by the code of the right answer, and by two other codes. */
export interface Translations {
  real: Tensor;
  reconstructed: Tensor;
  first: Tensor;
  second: Tensor;
}

/**
 * Figures of translations, all images in [−1, 1]: `val_L1` mean |reconstructed − real|; `val_ssim` of these, from 11×11 pixels on;
 * `val_diversity` mean |first − second|, 0 where codes change nothing; `val_frechet` the Fréchet distance of 8×8 grey squares of
 * `first` to those of `real`, which is no published FID.
 */
export function figures({ real, reconstructed, first, second }: Translations): Record<string, number> {
  const mean = (value: Tensor): number => value.mean().item();
  const large = Math.min(real.size(2), real.size(3)) >= 11;
  return {
    val_L1: mean(reconstructed.sub(real).abs()),
    ...(large && { val_ssim: mean(ssim(reconstructed, real, { data_range: 2 })) }),
    val_diversity: mean(first.sub(second).abs()),
    val_frechet: frechet_distance(feature_statistics(squares(first)), feature_statistics(squares(real))),
  };
}
