/** Multi-head attention as a function, with every option of Python's. */
import { TorchError } from '../../native';
import * as torch from '../../generated/functions';
import { linear, scaled_dot_product_attention } from '../../generated/nn_functional';
import { pythonFunction } from '../../call';
import { sameShape, sizeText } from '../../core';
import type { Tensor } from '../../memory';
import { assert, canonicalMask, checkPaddingMask, isBatched, threeDimensional } from './attention_checks';
import { projectPacked, projectSeparately, type Triple } from './attention_projection';
import { dropout } from './dropout';
import { pad } from './pad';
import { softmax } from './softmax';

const AFTER_LAST = [0, 1];

function padLast(mask: Tensor | null): Tensor | null {
  return mask === null ? null : pad(mask, AFTER_LAST);
}

/** A key or value as (N·heads, S, E/heads): the projected one, or the fixed one that the caller gave. */
function perHead(projected: Tensor, fixed: Tensor | null, name: string, heads: number, width: number): Tensor {
  if (fixed === null) return projected.view([projected.size(0), heads, width]).transpose(0, 1);
  assert(fixed.size(0) === heads, () => `expecting ${name}.size(0) of ${heads}, but got ${fixed.size(0)}`);
  assert(fixed.size(2) === width, () => `expecting ${name}.size(2) of ${width}, but got ${fixed.size(2)}`);
  return fixed;
}

/**
 * softmax(q·kᵀ/√width + mask)·v for `num_heads` slices of the projected query (L, N, E), key and value (S, N, …),
 * then the output projection; without N for unbatched input. Gives the result and the attention weights, averaged
 * over the heads if `average_attn_weights`, or null unless `need_weights`.
 *
 * Bool masks say what is left out, others are added to the scores. `is_causal` is a hint that `attn_mask` is causal.
 *
 * @throws AssertionError and TorchError for shapes that do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
 */
export const multi_head_attention_forward = pythonFunction(
  'multi_head_attention_forward',
  [
    'query',
    'key',
    'value',
    'embed_dim_to_check',
    'num_heads',
    'in_proj_weight',
    'in_proj_bias',
    'bias_k',
    'bias_v',
    'add_zero_attn',
    'dropout_p',
    'out_proj_weight',
    'out_proj_bias',
    'training',
    'key_padding_mask',
    'need_weights',
    'attn_mask',
    'use_separate_proj_weight',
    'q_proj_weight',
    'k_proj_weight',
    'v_proj_weight',
    'static_k',
    'static_v',
    'average_attn_weights',
    'is_causal',
  ],
  (
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: number,
    num_heads: number,
    in_proj_weight: Tensor | null,
    in_proj_bias: Tensor | null,
    bias_k: Tensor | null,
    bias_v: Tensor | null,
    add_zero_attn: boolean,
    dropout_p: number,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | null,
    training: boolean = true,
    key_padding_mask: Tensor | null = null,
    need_weights: boolean = true,
    attn_mask: Tensor | null = null,
    use_separate_proj_weight: boolean = false,
    q_proj_weight: Tensor | null = null,
    k_proj_weight: Tensor | null = null,
    v_proj_weight: Tensor | null = null,
    static_k: Tensor | null = null,
    static_v: Tensor | null = null,
    average_attn_weights: boolean = true,
    is_causal: boolean = false,
  ): [output: Tensor, weights: Tensor | null] => {
    const batched = isBatched({ query, key, value, key_padding_mask, attn_mask }, num_heads);
    let padding = key_padding_mask;
    let inputs: Triple = [query, key, value];
    if (!batched) {
      inputs = inputs.map((input) => input.unsqueeze(1)) as Triple;
      padding = padding === null ? null : padding.unsqueeze(0);
    }
    const [targets, batch, embed_dim] = inputs[0].shape as [number, number, number];
    let sources = inputs[1].shape[0]!;

    const { dtype } = query;
    padding = canonicalMask(padding, 'key_padding_mask', dtype, { attn_mask });
    if (is_causal && attn_mask === null) {
      throw new TorchError(
        'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method ' +
          '`generate_square_subsequent_mask` to create this mask.',
      );
    }
    let mask: Tensor | null = null;
    let causal = is_causal;
    if (!causal || padding !== null || need_weights) {
      mask = canonicalMask(attn_mask, 'attn_mask', dtype);
      // The two masks together are no longer causal.
      if (padding !== null) causal = false;
    }

    assert(
      embed_dim === embed_dim_to_check,
      () => `was expecting embedding dimension of ${embed_dim_to_check}, but got ${embed_dim}`,
    );
    const width = Math.floor(embed_dim / num_heads);
    assert(width * num_heads === embed_dim, () => `embed_dim ${embed_dim} not divisible by num_heads ${num_heads}`);
    const [keyShape, valueShape] = [inputs[1].shape, inputs[2].shape];
    let projected: Triple;
    if (use_separate_proj_weight) {
      const [keyDims, valueDims] = [keyShape.slice(0, 2), valueShape.slice(0, 2)];
      assert(
        sameShape(keyDims, valueDims),
        () => `key's sequence and batch dims ${sizeText(keyDims)} do not match value's ${sizeText(valueDims)}`,
      );
      const weights = { q_proj_weight, k_proj_weight, v_proj_weight };
      for (const [name, weight] of Object.entries(weights)) {
        assert(weight !== null, () => `use_separate_proj_weight is True but ${name} is None`);
      }
      projected = projectSeparately(inputs, Object.values(weights) as Triple, in_proj_bias);
    } else {
      assert(
        sameShape(keyShape, valueShape),
        () => `key shape ${sizeText(keyShape)} does not match value shape ${sizeText(valueShape)}`,
      );
      assert(in_proj_weight !== null, () => 'use_separate_proj_weight is False but in_proj_weight is None');
      projected = projectPacked(inputs, in_proj_weight, in_proj_bias);
    }

    const heads = batch * num_heads;
    if (mask !== null) mask = threeDimensional(mask, heads, targets, sources);
    let [q, k, v] = projected;
    if (bias_k !== null && bias_v !== null) {
      assert(static_k === null, () => 'bias cannot be added to static key.');
      assert(static_v === null, () => 'bias cannot be added to static value.');
      k = torch.cat([k, bias_k.repeat(1, batch, 1)]);
      v = torch.cat([v, bias_v.repeat(1, batch, 1)]);
      mask = padLast(mask);
      padding = padLast(padding);
    } else {
      assert(bias_k === null, () => 'bias_k is set but bias_v is None');
      assert(bias_v === null, () => 'bias_v is set but bias_k is None');
    }

    q = q.view([targets, heads, width]).transpose(0, 1);
    k = perHead(k, static_k, 'static_k', heads, width);
    v = perHead(v, static_v, 'static_v', heads, width);
    if (add_zero_attn) {
      const shape = [heads, 1, width];
      k = torch.cat([k, torch.zeros(shape, { dtype: k.dtype, device: k.device })], 1);
      v = torch.cat([v, torch.zeros(shape, { dtype: v.dtype, device: v.device })], 1);
      mask = padLast(mask);
      padding = padLast(padding);
    }
    sources = k.size(1);
    if (padding !== null) {
      checkPaddingMask(padding, sources, batch);
      padding = padding.view([batch, 1, 1, sources]).expand(-1, num_heads, -1, -1).reshape([heads, 1, sources]);
      mask = mask === null ? padding : mask.add(padding);
    }
    const p = training ? Number(dropout_p) : 0;

    if (!need_weights) {
      if (mask !== null) {
        mask = mask.size(0) === 1 && mask.ndim === 3 ? mask.unsqueeze(0) : mask.view([batch, num_heads, -1, sources]);
      }
      q = q.view([batch, num_heads, targets, width]);
      k = k.view([batch, num_heads, sources, width]);
      v = v.view([batch, num_heads, sources, width]);
      const attended = scaled_dot_product_attention(q, k, v, mask, p, causal);
      const rows = attended.permute(2, 0, 1, 3).reshape([batch * targets, embed_dim]);
      const flat = linear(rows, out_proj_weight, out_proj_bias);
      const output = flat.view([targets, batch, flat.size(1)]);
      return [batched ? output : output.squeeze(1), null];
    }

    const scaled = q.mul(Math.sqrt(1 / q.size(2)));
    assert(!causal || mask !== null, () => 'FIXME: is_causal not implemented for need_weights');
    const transposed = k.transpose(-2, -1);
    const products = mask === null ? torch.bmm(scaled, transposed) : torch.baddbmm(mask, scaled, transposed);
    let weights = softmax(products, -1);
    if (p > 0) weights = dropout(weights, p);
    const rows = torch
      .bmm(weights, v)
      .transpose(0, 1)
      .reshape([targets * batch, embed_dim]);
    const flat = linear(rows, out_proj_weight, out_proj_bias);
    const output = flat.view([targets, batch, flat.size(1)]);
    weights = weights.view([batch, num_heads, targets, sources]);
    if (average_attn_weights) weights = weights.mean(1);
    return batched ? [output, weights] : [output.squeeze(1), weights.squeeze(0)];
  },
);
