/** Shapes and masks of multi-head attention: what is refused, and the one form of mask that is worked with. */
import { AssertionError, TorchError } from '../../native';
import * as torch from '../../generated/functions';
import { bool, type Dtype, sameShape, sizeText, valueText, warn } from '../../core';
import type { Tensor } from '../../memory';
import { dimOf } from './shapes';

/** The tensors whose shapes have to agree. */
export interface Attended {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  key_padding_mask: Tensor | null;
  attn_mask: Tensor | null;
}

/** Throws AssertionError with this message unless the condition holds. */
export function assert(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new AssertionError(message());
}

/**
 * Whether the input has a batch dimension: (L, N, E) rather than (L, E).
 *
 * @throws AssertionError for other shapes
 */
export function isBatched({ query, key, value, key_padding_mask, attn_mask }: Attended, num_heads: number): boolean {
  const dims = dimOf(query);
  assert(
    dims === 2 || dims === 3,
    () => `query should be unbatched 2D or batched 3D tensor but received ${dims}-D query tensor`,
  );
  const start = `For ${dims === 3 ? 'batched (3-D)' : 'unbatched (2-D)'} \`query\`, expected`;
  assert(
    dimOf(key) === dims && dimOf(value) === dims,
    () =>
      `${start} \`key\` and \`value\` to be ${dims}-D but found ${key.ndim}-D and ${value.ndim}-D tensors respectively`,
  );
  if (key_padding_mask !== null) {
    const found = dimOf(key_padding_mask);
    assert(
      found === dims - 1,
      () => `${start} \`key_padding_mask\` to be \`None\` or ${dims - 1}-D but found ${found}-D tensor instead`,
    );
  }
  if (attn_mask === null) return dims === 3;
  const found = dimOf(attn_mask);
  assert(
    found === 2 || found === 3,
    () => `${start} \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${found}-D tensor instead`,
  );
  if (dims === 2 && found === 3) {
    const expected = [num_heads, query.shape[0]!, key.shape[0]!];
    assert(
      sameShape(attn_mask.shape, expected),
      () =>
        `Expected \`attn_mask\` shape to be ${valueText(expected)} but got ${sizeText((attn_mask as Tensor).shape)}`,
    );
  }
  return dims === 3;
}

/**
 * A mask to be added to the scores: −∞ where a bool mask is true. Warns where the mask beside it, by name, has another dtype.
 *
 * @throws AssertionError for dtypes that are neither bool nor floating
 */
export function canonicalMask(
  mask: Tensor | null,
  name: string,
  dtype: Dtype,
  beside: Readonly<Record<string, Tensor | null>> = {},
): Tensor | null {
  if (mask === null) return null;
  const floating = torch.is_floating_point(mask);
  assert(floating || mask.dtype === bool, () => `only bool and floating types of ${name} are supported`);
  for (const [otherName, other] of Object.entries(beside)) {
    if (other === null || other.dtype === mask.dtype) continue;
    warn(`Support for mismatched ${name} and ${otherName} is deprecated. Use same type for both instead.`);
  }
  return floating ? mask : torch.zeros_like(mask, { dtype }).masked_fill_(mask, -Infinity);
}

/**
 * The attention mask as (1 or N·heads, L, S).
 *
 * @throws TorchError for another shape
 */
export function threeDimensional(mask: Tensor, heads: number, targets: number, sources: number): Tensor {
  const dims = mask.ndim;
  if (dims !== 2 && dims !== 3) throw new TorchError(`attn_mask's dimension ${dims} is not supported`);
  const expected = dims === 2 ? [targets, sources] : [heads, targets, sources];
  if (!sameShape(mask.shape, expected)) {
    throw new TorchError(
      `The shape of the ${dims}D attn_mask is ${sizeText(mask.shape)}, but should be ${valueText(expected)}.`,
    );
  }
  return dims === 2 ? mask.unsqueeze(0) : mask;
}

/** Throws AssertionError unless the padding mask is (N, S). */
export function checkPaddingMask(mask: Tensor, sources: number, batch: number): void {
  const [rows, columns] = mask.shape;
  assert(rows === batch, () => `Expected key_padded_mask.shape[0] to be ${batch}, but got ${rows}`);
  assert(columns === sources, () => `Expected key_padded_mask.shape[1] to be ${sources}, but got ${columns}`);
}
