/** The running mean of path lengths, which the original keeps on the host, in NumPy's arithmetic. */
import type { Tensor } from 'isotorch';

const BETA = 0.99;

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

/** What snapshots hold of the mean. */
export interface PathLengthState {
  pl_mean: number | null;
}

/** pl_mean: none at first, then the first mean, then 0.99 · pl_mean + 0.01 · mean. */
export class HostPathLength {
  pl_mean: number | null = null;

  /** @param dtype float32 as NumPy 2 computes, whose scalars keep their type beside Python's floats; float64 as NumPy 1 */
  constructor(readonly dtype: 'float32' | 'float64') {}

  update(mean: number): void {
    if (this.pl_mean === null) {
      this.pl_mean = mean;
      return;
    }
    const rounded = this.dtype === 'float32' ? Math.fround : (x: number) => x;
    const old = rounded(this.pl_mean * rounded(BETA));
    this.pl_mean = rounded(old + rounded(rounded(1 - BETA) * mean));
  }

  state_dict(): PathLengthState {
    return { pl_mean: this.pl_mean };
  }

  load_state_dict({ pl_mean }: PathLengthState): void {
    this.pl_mean = pl_mean;
  }
}
