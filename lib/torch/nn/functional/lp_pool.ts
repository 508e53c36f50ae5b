/** Power means of windows. */
import { ValueError } from '../../native';
import * as torch from '../../generated/functions';
import * as raw from '../../generated/nn_functional';
import { type OneOrMany, type PythonFunction, pythonFunction } from '../../call';
import { asFloat, type Float, numelOf } from '../../core';
import type { Tensor } from '../../memory';
import { max_pool1d, max_pool2d, max_pool3d } from './max_pool';
import { divide } from './python_math';
import { tensorWith } from './shapes';
import { ntuple } from './sizes';

const names = ['input', 'norm_type', 'kernel_size', 'stride', 'ceil_mode'] as const;

type Values<Size> = [
  input: Tensor,
  norm_type: number | Float,
  kernel_size: Size,
  stride?: OneOrMany<number> | null,
  ceil_mode?: boolean,
];

type LpPool<Size> = PythonFunction<typeof names, Values<Size>, Tensor>;

type Mean = (
  input: Tensor,
  kernel_size: OneOrMany<number>,
  options: { stride?: OneOrMany<number>; padding: OneOrMany<number>; ceil_mode: boolean },
) => Tensor;

function lpPool<Size extends OneOrMany<number>>(
  name: string,
  max: typeof max_pool1d,
  mean: Mean,
  elements: (kernel_size: Size) => number,
): LpPool<Size> {
  const implementation: (...values: Values<Size>) => Tensor = (
    input,
    norm_type,
    kernel_size,
    stride = null,
    ceil_mode = false,
  ) => {
    const count = elements(kernel_size);
    const norm = Number(norm_type);
    if (norm === Number.POSITIVE_INFINITY)
      return max(tensorWith('abs', input).abs(), kernel_size, stride, 0, 1, ceil_mode);
    if (norm === Number.NEGATIVE_INFINITY) {
      return max(tensorWith('abs', input).abs().neg(), kernel_size, stride, 0, 1, ceil_mode).neg();
    }
    const out = mean(tensorWith('pow', input).pow(norm_type), kernel_size, {
      ...(stride === null ? {} : { stride }),
      padding: 0,
      ceil_mode,
    });
    return torch
      .sign(out)
      .mul(torch.relu(torch.abs(out)))
      .mul(count)
      .pow(asFloat(divide(1, norm)));
  };
  return pythonFunction(name, names, implementation);
}

/**
 * (Σxᵖ)^(1/p) over windows along the last dimension: (N, C, L) or (C, L); p = ∞ is the maximum of |x|.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html
 */
export const lp_pool1d: LpPool<number> = lpPool('lp_pool1d', max_pool1d, torch.avg_pool1d, (size) => size);

/**
 * (Σxᵖ)^(1/p) over windows of the last two dimensions: (N, C, H, W) or (C, H, W); p = ∞ is the maximum of |x|.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html
 */
export const lp_pool2d: LpPool<OneOrMany<number>> = lpPool('lp_pool2d', max_pool2d, raw.avg_pool2d, product(2));

/**
 * (Σxᵖ)^(1/p) over windows of the last three dimensions: (N, C, D, H, W) or (C, D, H, W); p = ∞ is the maximum of
 * |x|.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool3d.html
 */
export const lp_pool3d: LpPool<OneOrMany<number>> = lpPool('lp_pool3d', max_pool3d, raw.avg_pool3d, product(3));

function product(dims: number): (kernel_size: OneOrMany<number>) => number {
  return (kernel_size) => {
    const sizes = ntuple(kernel_size, dims);
    if (sizes.length < dims) {
      throw new ValueError(`not enough values to unpack (expected ${dims}, got ${sizes.length})`);
    }
    if (sizes.length > dims) throw new ValueError(`too many values to unpack (expected ${dims})`);
    return numelOf(sizes);
  };
}
