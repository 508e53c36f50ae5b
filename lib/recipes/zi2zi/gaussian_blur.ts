/** Pillow's `ImageFilter.GaussianBlur`: three box blurs down and three across, in whole numbers. */
import { cat, float64, type Tensor, uint8 } from 'isotorch';
import { math } from 'isotorch/python';

const PASSES = 3;
const { fround } = Math;

/** Radius of the boxes that together come near a Gaussian, in Pillow's float32. */
function boxRadius(sigma: number): number {
  const variance = fround(fround(sigma * sigma) / PASSES);
  const length = fround(math.sqrt(12.0 * variance + 1.0));
  const whole = Math.floor((length - 1.0) / 2.0);
  const over = fround((2 * whole + 1) * fround(whole * (whole + 1) - fround(3 * variance)));
  return fround(whole + fround(over / fround(6 * fround(variance - (whole + 1) * (whole + 1)))));
}

/** One box blur along a dimension of whole numbers, which float64 holds exactly: the edge's pixels go on outside. */
function boxBlur(image: Tensor, dim: number, radius: number): Tensor {
  const whole = Math.trunc(radius);
  const inside = Math.trunc(fround(2 ** 24 / fround(fround(radius * 2) + 1)));
  const edge = Math.trunc((2 ** 24 - (whole * 2 + 1) * inside) / 2);
  const size = image.size(dim);
  const beyond = whole + 1;
  const ends = [0, size - 1].map((place) => image.narrow(dim, place, 1).repeat_interleave(beyond, dim));
  const longer = cat([ends[0]!, image, ends[1]!], dim);
  const at = (shift: number): Tensor => longer.narrow(dim, beyond + shift, size);
  let sum = image;
  for (let shift = 1; shift <= whole; shift++) sum = sum.add(at(-shift)).add(at(shift));
  const bulk = sum.mul(inside).add(at(-beyond).add(at(beyond)), { alpha: edge });
  return bulk
    .add(2 ** 23)
    .mul(2 ** -24)
    .floor();
}

/** A uint8 image C×H×W, blurred. */
export function gaussian_blur(image: Tensor, sigma: number): Tensor {
  const radius = boxRadius(sigma);
  let blurred = image.to(float64);
  for (const dim of [2, 1]) for (let pass = 0; pass < PASSES; pass++) blurred = boxBlur(blurred, dim, radius);
  return blurred.to(uint8);
}
