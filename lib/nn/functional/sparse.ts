import { no_grad } from '../../autograd';
import { ValueError } from '../../errors';
import * as torch from '../../generated/functions';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';

/** Optional arguments of `embedding`. */
export interface EmbeddingArguments {
  padding_idx?: number | null;
  max_norm?: number | null;
  norm_type?: number;
  scale_grad_by_freq?: boolean;
  sparse?: boolean;
}

const defaults: Required<EmbeddingArguments> = {
  padding_idx: null,
  max_norm: null,
  norm_type: 2,
  scale_grad_by_freq: false,
  sparse: false,
};

/** The padding row counted from the start, or null. Throws ValueError when there is no such row. */
export function resolvePaddingIndex(padding_idx: number | null, rows: number): number | null {
  if (padding_idx === null) return null;
  // Row 0 of an empty table passes, as in Python.
  if (padding_idx >= Math.max(rows, 1) || padding_idx < -rows) {
    throw new ValueError('Padding_idx must be within num_embeddings');
  }
  return padding_idx < 0 ? rows + padding_idx : padding_idx;
}

/**
 * Rows of `weight` chosen by integers: (*) → (*, columns).
 * See https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 */
export function embedding(
  input: Tensor,
  weight: Tensor,
  ...rest: Arguments<EmbeddingArguments, ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']>
): Tensor {
  const { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = readArguments('embedding', defaults, rest);
  const padding = resolvePaddingIndex(padding_idx, weight.shape[0] ?? 0) ?? -1;
  let indices = input;
  if (max_norm !== null) {
    indices = input.contiguous();
    no_grad(() => torch.embedding_renorm_(weight.detach(), indices, max_norm, norm_type));
  }
  return torch.embedding(weight, indices, padding, scale_grad_by_freq, sparse);
}
