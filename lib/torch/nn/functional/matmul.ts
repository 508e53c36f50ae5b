/** Products of groups of matrices, and of matrices that are stored scaled. */
import { _grouped_mm, _scaled_grouped_mm_v2, _scaled_mm_v2 } from '../../generated/functions';
import { type OneOrMany, pythonFunction } from '../../call';
import { bfloat16, type Dtype } from '../../core';
import type { Tensor } from '../../memory';

/** Blocks of elements that share a scale. */
export enum ScalingType {
  TensorWise = 0,
  RowWise = 1,
  BlockWise1x16 = 2,
  BlockWise1x32 = 3,
  BlockWise1x128 = 4,
  BlockWise128x128 = 5,
}

/** Order of scales in memory. */
export enum SwizzleType {
  NO_SWIZZLE = 0,
  SWIZZLE_32_4_4 = 1,
}

function list<T>(value: OneOrMany<T> | null): readonly T[] {
  if (value === null) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** The operands, and how the numbers in them are scaled. */
const operandNames = [
  'mat_a',
  'mat_b',
  'scale_a',
  'scale_recipe_a',
  'scale_b',
  'scale_recipe_b',
  'swizzle_a',
  'swizzle_b',
] as const;

/**
 * The product of each group of matrices: 3-D operands hold the groups, 2-D ones are cut where `offs` says.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grouped_mm.html
 */
export const grouped_mm = pythonFunction(
  'grouped_mm',
  ['mat_a', 'mat_b', '*', 'offs', 'bias', 'out_dtype'],
  (
    mat_a: Tensor,
    mat_b: Tensor,
    offs: Tensor | null = null,
    bias: Tensor | null = null,
    out_dtype: Dtype | null = null,
  ): Tensor => _grouped_mm(mat_a, mat_b, offs, bias, out_dtype),
);

/**
 * mat_a·mat_b of operands that stand for their elements times the scales that the recipes describe.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_mm.html
 */
export const scaled_mm = pythonFunction(
  'scaled_mm',
  [...operandNames, 'bias', 'output_dtype', 'contraction_dim', 'use_fast_accum'],
  (
    mat_a: Tensor,
    mat_b: Tensor,
    scale_a: OneOrMany<Tensor>,
    scale_recipe_a: OneOrMany<ScalingType>,
    scale_b: OneOrMany<Tensor>,
    scale_recipe_b: OneOrMany<ScalingType>,
    swizzle_a: OneOrMany<SwizzleType> | null = null,
    swizzle_b: OneOrMany<SwizzleType> | null = null,
    bias: Tensor | null = null,
    output_dtype: Dtype | null = bfloat16,
    contraction_dim: readonly number[] = [],
    use_fast_accum: boolean = false,
  ): Tensor =>
    _scaled_mm_v2(
      mat_a,
      mat_b,
      list(scale_a),
      list(scale_recipe_a),
      list(swizzle_a),
      list(scale_b),
      list(scale_recipe_b),
      list(swizzle_b),
      bias,
      output_dtype,
      contraction_dim,
      use_fast_accum,
    ),
);

/**
 * `grouped_mm` of operands that stand for their elements times the scales that the recipes describe.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_grouped_mm.html
 */
export const scaled_grouped_mm = pythonFunction(
  'scaled_grouped_mm',
  [...operandNames, 'bias', 'offs', 'output_dtype', 'contraction_dim', 'use_fast_accum'],
  (
    mat_a: Tensor,
    mat_b: Tensor,
    scale_a: OneOrMany<Tensor>,
    scale_recipe_a: OneOrMany<ScalingType>,
    scale_b: OneOrMany<Tensor>,
    scale_recipe_b: OneOrMany<ScalingType>,
    swizzle_a: OneOrMany<SwizzleType> | null = null,
    swizzle_b: OneOrMany<SwizzleType> | null = null,
    bias: Tensor | null = null,
    offs: Tensor | null = null,
    output_dtype: Dtype | null = bfloat16,
    contraction_dim: readonly number[] = [],
    use_fast_accum: boolean = false,
  ): Tensor =>
    _scaled_grouped_mm_v2(
      mat_a,
      mat_b,
      list(scale_a),
      list(scale_recipe_a),
      list(swizzle_a),
      list(scale_b),
      list(scale_recipe_b),
      list(swizzle_b),
      offs,
      bias,
      output_dtype,
      contraction_dim,
      use_fast_accum,
    ),
);
