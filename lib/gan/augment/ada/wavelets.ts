/** The wavelets of ADA's filters. */
import { tensor, type Tensor } from 'isotorch';

/** Low-pass filter of the symlet with six vanishing moments: resampling before and after a geometric transform. */
const SYM6 = [
  0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633, 0.4910559419267466,
  0.787641141030194, 0.3379294217276218, -0.07263752278646252, -0.021060292512300564, 0.04472490177066578,
  0.0017677118642428036, -0.007800708325034148,
];

/** Low-pass filter of the symlet with two vanishing moments: the band filters. */
const SYM2 = [-0.12940952255092145, 0.22414386804185735, 0.836516303737469, 0.48296291314469025];

/** Full convolution of two polynomials. */
function convolve(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = new Array(a.length + b.length - 1).fill(0);
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) out[i + j]! += x * y;
  return out;
}

/** Zeros between the coefficients: H(z²). */
const stretched = (a: readonly number[]): number[] => a.flatMap((x, i) => (i === 0 ? [x] : [0, x]));

/** The filter for resampling, whose coefficients sum to 1. */
export function resampling_filter(): Tensor {
  const filter = tensor(SYM6);
  return filter.div(filter.sum());
}

/**
 * Four band-pass filters of equal length, lowest band first, which sum to the identity: low · low(z²) · low(z⁴) and so on, each
 * low being H(z)·H(1/z)/2 and its counterpart H(−z)·H(−1/z)/2.
 */
export function band_filters(): Tensor {
  const high = SYM2.map((x, i) => (i % 2 === 0 ? x : -x));
  const low2 = convolve(SYM2, [...SYM2].reverse()).map((x) => x / 2);
  const high2 = convolve(high, [...high].reverse()).map((x) => x / 2);
  let bank: number[][] = [[1], [0], [0], [0]];
  for (let band = 1; band < bank.length; band++) {
    bank = bank.map((filter) => convolve(stretched(filter), low2));
    const start = Math.floor((bank[band]!.length - high2.length) / 2);
    for (const [i, x] of high2.entries()) bank[band]![start + i]! += x;
  }
  return tensor(bank);
}
