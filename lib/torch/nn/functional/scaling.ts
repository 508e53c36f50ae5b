/** Tensors divided by a size of theirs. */
import { ValueError } from '../../native';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { type OneOrMany, pythonFunction } from '../../call';
import { asFloat, type Scalar } from '../../core';
import type { Tensor } from '../../memory';
import { pad } from './pad';
import { floorDivide } from './python_math';
import { dimOf, tensorWith } from './shapes';

/** Sums of squares over neighbouring channels, divided by `size`. */
function neighbours(input: Tensor, size: number): Tensor {
  const squares = input.mul(input);
  const [before, after] = [floorDivide(size, 2), floorDivide(size - 1, 2)];
  if (input.dim() === 3) {
    const padded = pad(squares.unsqueeze(1), [0, 0, before, after]);
    return raw.avg_pool2d(padded, [size, 1], { stride: 1 }).squeeze(1);
  }
  const { shape } = input;
  const planes = squares.view([shape[0]!, 1, shape[1]!, shape[2]!, -1]);
  const padded = pad(planes, [0, 0, 0, 0, before, after]);
  return raw
    .avg_pool3d(padded, [size, 1, 1], { stride: 1 })
    .squeeze(1)
    .view([...shape]);
}

/**
 * input/(k + alpha·m)^beta, where m is the mean of squares over `size` neighbouring channels: (N, C, *).
 *
 * @throws ValueError for fewer than three dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html
 */
export const local_response_norm = pythonFunction(
  'local_response_norm',
  ['input', 'size', 'alpha', 'beta', 'k'],
  (input: Tensor, size: number, alpha: Scalar = 1e-4, beta: Scalar = 0.75, k: Scalar = asFloat(1)): Tensor => {
    const dims = dimOf(input);
    if (dims < 3) {
      throw new ValueError(
        `Expected 3D or higher dimensionality                          input (got ${dims} dimensions)`,
      );
    }
    if (input.numel() === 0) return input;
    return input.div(neighbours(input, size).mul(alpha).add(k).pow(beta));
  },
);

/**
 * input/max(‖input‖ₚ, eps) along dimension `dim`.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 */
export const normalize = pythonFunction(
  'normalize',
  ['input', 'p', 'dim', 'eps', 'out'],
  (
    input: Tensor,
    p: Scalar = asFloat(2),
    dim: OneOrMany<number> = 1,
    eps: Scalar = 1e-12,
    out: Tensor | null = null,
  ): Tensor => {
    const norm = tensorWith('norm', input).norm(p, dim, { keepdim: true });
    if (out === null) return input.div(norm.clamp_min(eps).expand_as(input));
    return torch.div(input, norm.clamp_min_(eps).expand_as(input), { out });
  },
);
