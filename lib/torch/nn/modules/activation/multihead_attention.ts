import { is_grad_enabled } from '../../../autograd';
import { backends } from '../../../backends';
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { _native_multi_head_attention, empty } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { AssertionError, native, ValueError } from '../../../native';
import { multi_head_attention_forward } from '../../functional/attention';
import { canonicalMask } from '../../functional/attention_checks';
import { constant_ } from '../../init/basic';
import { xavier_normal_, xavier_uniform_ } from '../../init/fans';
import { FACTORY, type Factory, factoryOptions } from '../../module/factory';
import { Module } from '../../module/module';
import { Parameter } from '../../parameter';
import { NonDynamicallyQuantizableLinear } from '../linear';

const FORWARD = [
  'query',
  'key',
  'value',
  'key_padding_mask',
  'need_weights',
  'attn_mask',
  'average_attn_weights',
  'is_causal',
] as const;

type Given = [
  query: Tensor,
  key: Tensor,
  value: Tensor,
  key_padding_mask?: Tensor | null,
  need_weights?: boolean,
  attn_mask?: Tensor | null,
  average_attn_weights?: boolean,
  is_causal?: boolean,
];

/** Devices that have the fused kernels of evaluation. */
const FUSED_DEVICES: readonly string[] = ['cpu', 'cuda', 'privateuseone'];

class MultiheadAttentionModule extends Module {
  static {
    pythonMethods(this.prototype, 'MultiheadAttention', {
      forward: FORWARD,
      merge_masks: ['attn_mask', 'key_padding_mask', 'query'],
    });
  }

  /** Number of features of the keys. Default embed_dim. */
  readonly kdim: number;
  /** Number of features of the values. Default embed_dim. */
  readonly vdim: number;
  /** Number of features of each head. */
  readonly head_dim: number;
  readonly _qkv_same_embed_dim: boolean;
  /** Projections of query, key and value, one below the other; null where keys or values have other features. */
  declare in_proj_weight: Parameter | null;
  declare q_proj_weight: Parameter | null;
  declare k_proj_weight: Parameter | null;
  declare v_proj_weight: Parameter | null;
  declare in_proj_bias: Parameter | null;
  out_proj: NonDynamicallyQuantizableLinear;
  bias_k: Parameter | null = null;
  bias_v: Parameter | null = null;

  constructor(
    /** Number of features of the model; the heads divide them among them. */
    readonly embed_dim: number,
    /** Number of heads. */
    readonly num_heads: number,
    /** Probability of a weight being zeroed, in training. Default 0. */
    public dropout: number = 0,
    /** Whether the projections have biases. Default true. */
    bias: boolean = true,
    /** Whether learned biases are added to the sequences of keys and values. Default false. */
    add_bias_kv: boolean = false,
    /** Whether zeros are added to the sequences of keys and values. Default false. */
    readonly add_zero_attn: boolean = false,
    kdim: number | null = null,
    vdim: number | null = null,
    /** Whether batches are (N, L, …) instead of (L, N, …). Default false. */
    readonly batch_first: boolean = false,
    ...factory: Factory
  ) {
    super();
    if (embed_dim <= 0 || num_heads <= 0) {
      throw new ValueError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embed_dim} and num_heads=${num_heads} instead`,
      );
    }
    this.kdim = kdim ?? embed_dim;
    this.vdim = vdim ?? embed_dim;
    this._qkv_same_embed_dim = this.kdim === embed_dim && this.vdim === embed_dim;
    this.head_dim = Math.floor(embed_dim / num_heads);
    if (this.head_dim * num_heads !== embed_dim) throw new AssertionError('embed_dim must be divisible by num_heads');

    const options = factoryOptions(...factory);
    const made = (...shape: number[]) => new Parameter(empty(shape, options));
    if (this._qkv_same_embed_dim) {
      this.register_parameter('in_proj_weight', made(3 * embed_dim, embed_dim));
      for (const name of ['q_proj_weight', 'k_proj_weight', 'v_proj_weight']) this.register_parameter(name, null);
    } else {
      this.register_parameter('q_proj_weight', made(embed_dim, embed_dim));
      this.register_parameter('k_proj_weight', made(embed_dim, this.kdim));
      this.register_parameter('v_proj_weight', made(embed_dim, this.vdim));
      this.register_parameter('in_proj_weight', null);
    }
    this.register_parameter('in_proj_bias', bias ? made(3 * embed_dim) : null);
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, ...factory);
    if (add_bias_kv) {
      this.bias_k = made(1, 1, embed_dim);
      this.bias_v = made(1, 1, embed_dim);
    }
    this._reset_parameters();
  }

  /** Draws new initial values: Xavier's for the projections, zeros for their biases. */
  _reset_parameters(): void {
    const projections = [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight];
    for (const weight of projections) if (weight !== null) xavier_uniform_(weight);
    if (this.in_proj_bias !== null) {
      constant_(this.in_proj_bias, 0);
      constant_(this.out_proj.bias!, 0);
    }
    for (const bias of [this.bias_k, this.bias_v]) if (bias !== null) xavier_normal_(bias);
  }

  override forward(...args: Arguments<typeof FORWARD, Given>): [output: Tensor, weights: Tensor | null];
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    key_padding_mask: Tensor | null = null,
    need_weights: boolean = true,
    attn_mask: Tensor | null = null,
    average_attn_weights: boolean = true,
    is_causal: boolean = false,
  ): [Tensor, Tensor | null] {
    const floatMasks = [key_padding_mask, attn_mask].some((mask) => mask?.is_floating_point() === true);
    const { dtype } = query;
    const padding = canonicalMask(key_padding_mask, 'key_padding_mask', dtype, { attn_mask });
    const mask = canonicalMask(attn_mask, 'attn_mask', dtype);

    const self = query === key && key === value;
    const reason = floatMasks
      ? 'floating-point masks are not supported for fast path.'
      : this.whyNotFused(query, self, padding !== null || mask !== null);
    if (reason === '' && this.in_proj_bias !== null) {
      const [merged, kind] = this.merge_masks(mask, padding, query);
      const { weight, bias } = this.out_proj;
      return _native_multi_head_attention(
        query,
        key,
        value,
        this.embed_dim,
        this.num_heads,
        this.in_proj_weight!,
        this.in_proj_bias,
        weight,
        bias!,
        merged,
        need_weights,
        average_attn_weights,
        kind,
      );
    }
    if (query.is_nested || key.is_nested || value.is_nested) {
      throw new AssertionError(
        `MultiheadAttention does not support NestedTensor outside of its fast path. The fast path was not hit because ${reason}`,
      );
    }

    const swap = this.batch_first && query.ndim === 3;
    const q = swap ? query.transpose(1, 0) : query;
    // What is one tensor stays one: it is projected in one product.
    const k = !swap ? key : key === value && query === key ? q : key.transpose(1, 0);
    const v = !swap ? value : key === value ? k : value.transpose(1, 0);
    const [output, weights] = multi_head_attention_forward(
      q,
      k,
      v,
      this.embed_dim,
      this.num_heads,
      this.in_proj_weight,
      this.in_proj_bias,
      this.bias_k,
      this.bias_v,
      this.add_zero_attn,
      this.dropout,
      this.out_proj.weight,
      this.out_proj.bias,
      this.training,
      padding,
      need_weights,
      mask,
      !this._qkv_same_embed_dim,
      this.q_proj_weight,
      this.k_proj_weight,
      this.v_proj_weight,
      null,
      null,
      average_attn_weights,
      is_causal,
    );
    return [swap ? output.transpose(1, 0) : output, weights];
  }

  /** The two masks as one, (N, num_heads, L, L) or (N, L), and its kind: 1 is that of the padding alone, 2 has both. */
  merge_masks(
    attn_mask: Tensor | null,
    key_padding_mask: Tensor | null,
    query: Tensor,
  ): [mask: Tensor | null, mask_type: number | null] {
    if (attn_mask === null) return [key_padding_mask, key_padding_mask === null ? null : 1];
    const [batch = 0, length = 0] = query.shape;
    const mask =
      attn_mask.ndim === 3
        ? attn_mask.view([batch, -1, length, length])
        : attn_mask.view([1, 1, length, length]).expand([batch, this.num_heads, -1, -1]);
    if (key_padding_mask === null) return [mask, 2];
    const padding = key_padding_mask.view([batch, 1, 1, length]).expand([-1, this.num_heads, -1, -1]);
    return [mask.add(padding), 2];
  }

  /** Reason why the fused kernel of evaluation cannot be used; empty where it can. */
  private whyNotFused(query: Tensor, self: boolean, masked: boolean): string {
    const { in_proj_bias, in_proj_weight, out_proj } = this;
    if (!backends.mha.get_fastpath_enabled()) return 'torch.backends.mha.get_fastpath_enabled() was not True';
    if (query.ndim !== 3) return `input not batched; expected query.dim() of 3 but got ${query.ndim}`;
    if (!self) return 'non-self attention was used (query, key, and value are not the same Tensor)';
    if (in_proj_bias !== null && query.dtype !== in_proj_bias.dtype) {
      return `dtypes of query (${query.dtype}) and self.in_proj_bias (${in_proj_bias.dtype}) don't match`;
    }
    if (in_proj_weight === null) return 'in_proj_weight was None';
    if (query.dtype !== in_proj_weight.dtype) {
      return `dtypes of query (${query.dtype}) and self.in_proj_weight (${in_proj_weight.dtype}) don't match`;
    }
    if (this.training) return 'training is enabled';
    if (this.num_heads % 2 !== 0) return 'self.num_heads is not even';
    if (!this.batch_first) return 'batch_first was not True';
    if (this.bias_k !== null) return 'self.bias_k was not None';
    if (this.bias_v !== null) return 'self.bias_v was not None';
    if (this.add_zero_attn) return 'add_zero_attn was enabled';
    if (!this._qkv_same_embed_dim) return '_qkv_same_embed_dim was not True';
    if (query.is_nested && masked) {
      return 'supplying both src_key_padding_mask and src_mask at the same time                                  is not supported with NestedTensor input';
    }
    if (native.is_autocast_enabled('cuda')) return 'autocast is enabled';
    const tensors = [query, in_proj_weight, in_proj_bias, out_proj.weight, out_proj.bias];
    if (!tensors.every((each) => each === null || FUSED_DEVICES.includes(each.device.type))) {
      return "some Tensor argument's device is neither one of cpu, cuda or privateuseone";
    }
    if (is_grad_enabled() && tensors.some((each) => each?.requires_grad === true)) {
      return 'grad is enabled and at least one of query or the input/output projection weights or biases requires_grad';
    }
    return '';
  }
}

/**
 * Attention of several heads: softmax(Q·Kᵀ/√head_dim)·V for each head, of projected queries, keys and values, whose results
 * are projected together.
 *
 * query (L, N, embed_dim), key (S, N, kdim), value (S, N, vdim), with `batch_first` N first, or all without N → the output,
 * shaped as the query, and the weights, (N, L, S) averaged over the heads, (N, num_heads, L, S), or null without
 * `need_weights`. Masks are added to the scores; where bool ones are true nothing is attended.
 *
 * @throws ValueError or AssertionError for numbers that do not go together
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
 */
export class MultiheadAttention extends pythonClass(
  'MultiheadAttention',
  [
    ...['embed_dim', 'num_heads', 'dropout', 'bias', 'add_bias_kv', 'add_zero_attn', 'kdim', 'vdim', 'batch_first'],
    ...FACTORY,
  ] as const,
  MultiheadAttentionModule,
) {}
