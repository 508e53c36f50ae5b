/** Means as NumPy computes them: the original's mean path length is the host's. */
import type { Tensor } from 'isotorch';

/** NumPy's pairwise sum of float32: in order below 8 numbers, in eight columns up to 128, and in halves beyond. */
function pairwiseSum(values: Float32Array): number {
  const { length } = values;
  if (length > 128) {
    const half = Math.floor(length / 2) - (Math.floor(length / 2) % 8);
    return Math.fround(pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half)));
  }
  const plus = (a: number, b: number): number => Math.fround(a + b);
  if (length < 8) return values.reduce(plus, 0);
  const whole = length - (length % 8);
  const r = values.slice(0, 8);
  for (let i = 8; i < whole; i++) r[i % 8]! += values[i]!;
  const [a, b, c, d, e, f, g, h] = r as unknown as [number, number, number, number, number, number, number, number];
  const sum = plus(plus(plus(a, b), plus(c, d)), plus(plus(e, f), plus(g, h)));
  return values.subarray(whole).reduce(plus, sum);
}

/** NumPy's `mean` of a tensor's float32 numbers, rounded to float32. */
export function numpyMean(values: Tensor): number {
  const numbers = values.detach().cpu().float().contiguous().toTypedArray() as Float32Array;
  return Math.fround(pairwiseSum(numbers) / numbers.length);
}
