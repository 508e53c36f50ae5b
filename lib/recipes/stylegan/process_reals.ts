/** Real images as the networks are shown them. */
import { avg_pool2d, interpolate } from 'isotorch/nn/functional';
import { rand, type Tensor } from 'isotorch';

/** The images of a level of detail: means of 2^⌊lod⌋×2^⌊lod⌋ pixels. */
export function at_lod(images: Tensor, lod: number): Tensor {
  const factor = 2 ** Math.floor(lod);
  return factor === 1 ? images : avg_pool2d(images, factor);
}

/** Options of `process_reals`. */
export interface ProcessOptions {
  mirror_augment: boolean;
}

/**
 * Images N×C×h×h of a level of detail as N×C×h·2^⌊lod⌋: half of them mirrored where that is asked for, blended with the
 * next coarser level by lod − ⌊lod⌋, then enlarged.
 */
export function process_reals(images: Tensor, lod: number, { mirror_augment }: ProcessOptions): Tensor {
  let x = images;
  if (mirror_augment) {
    const keeps = rand(x.size(0), 1, 1, 1, { device: x.device }).lt(0.5);
    x = x.where(keeps, x.flip([3]));
  }
  const whole = Math.floor(lod);
  if (lod > whole) {
    const coarse = interpolate(avg_pool2d(x, 2), { scale_factor: 2, mode: 'nearest' });
    x = x.add(coarse.sub(x).mul(lod - whole));
  }
  return whole === 0 ? x : interpolate(x, { scale_factor: 2 ** whole, mode: 'nearest' });
}
