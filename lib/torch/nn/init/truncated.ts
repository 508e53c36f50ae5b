import { no_grad } from '../../autograd';
import { empty_like, where } from '../../generated/functions';
import { isBefore, native } from '../../native';
import { math } from '../../python';
import { type GeneratorLike, pythonFunction } from '../../call';
import { tensor as makeTensor } from '../../tensor';
import { warn } from '../../core';
import type { Tensor } from '../../memory';

/** P(X < x) of the standard normal distribution. */
function normalCdf(x: number): number {
  return (1 + math.erf(x / Math.sqrt(2))) / 2;
}

/** The value as the tensor's dtype holds it. */
function rounded(value: number, like: Tensor): number {
  return makeTensor(value, { dtype: like.dtype }).item();
}

function isAny(mask: Tensor): boolean {
  return mask.any().item() as boolean;
}

/** Redraws what falls outside: quick where most draws fall inside. */
function redrawOutside(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: GeneratorLike | null,
): void {
  const low = rounded(a, tensor);
  const high = rounded(b, tensor);
  let result = tensor.normal_(mean, std, { generator });
  for (;;) {
    const outside = result.lt(low).bitwise_or(result.gt(high));
    if (!isAny(outside)) break;
    result = where(outside, empty_like(result).normal_(mean, std, { generator }), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

/** Draws uniformly in [a, b] and accepts by the density's ratio to its peak: quick in the tails. */
function acceptByDensity(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: GeneratorLike | null,
): void {
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = -0.5 * native.pow((mode - mean) / std, 2);
  const candidates = empty_like(tensor);
  const draws = empty_like(tensor);
  const rejected = (): Tensor => {
    candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
    return draws.uniform_(0, 1, { generator }).log_().gt(candidates);
  };
  tensor.uniform_(a, b, { generator });
  candidates.copy_(tensor);
  let pending = rejected();
  if (!isAny(pending)) return;
  let result = tensor;
  do {
    candidates.uniform_(a, b, { generator });
    result = where(pending, candidates, result);
    pending = where(pending, rejected(), pending);
  } while (isAny(pending));
  tensor.copy_(result);
}

/** What PyTorch before 2.12 does: the distribution's inverse of uniform draws. */
export function invertDistribution(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: GeneratorLike | null,
): void {
  const [low, high] = [normalCdf((a - mean) / std), normalCdf((b - mean) / std)];
  tensor.uniform_(2 * low - 1, 2 * high - 1, { generator }).erfinv_();
  tensor
    .mul_(std * Math.sqrt(2))
    .add_(mean)
    .clamp_(a, b);
}

/**
 * Fills with numbers from N(mean, std²), those outside [a, b] drawn again until they are inside.
 * Returns the tensor.
 */
export const trunc_normal_ = pythonFunction(
  'trunc_normal_',
  ['tensor', 'mean', 'std', 'a', 'b', 'generator'],
  (
    tensor: Tensor,
    mean: number = 0,
    std: number = 1,
    a: number = -2,
    b: number = 2,
    generator: GeneratorLike | null = null,
  ): Tensor => {
    if (mean < a - 2 * std || mean > b + 2 * std) {
      warn(
        'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
      );
    }
    const inside = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
    const fill = isBefore(12) ? invertDistribution : inside > 0.3 ? redrawOutside : acceptByDensity;
    no_grad(() => fill(tensor, mean, std, a, b, generator));
    return tensor;
  },
);
