import { is_grad_enabled } from '../../../autograd';
import { backends } from '../../../backends';
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { _transformer_encoder_layer_fwd } from '../../../generated/functions';
import { gelu } from '../../../generated/nn_functional';
import type { Tensor } from '../../../memory';
import { native } from '../../../native';
import { relu } from '../../functional/activation';
import { canonicalMask } from '../../functional/attention_checks';
import { FACTORY, type Factory } from '../../module/factory';
import { hasForwardHooks } from '../../module/members';
import { Module } from '../../module/module';
import { GELU, MultiheadAttention, ReLU } from '../activation';
import { Dropout } from '../dropout';
import { Linear } from '../linear';
import { LayerNorm } from '../normalization';
import { type Activation, activationOf, feedForward, keywords, LAYER } from './pieces';

const FORWARD = ['src', 'src_mask', 'src_key_padding_mask', 'is_causal'] as const;

type Given = [src: Tensor, src_mask?: Tensor | null, src_key_padding_mask?: Tensor | null, is_causal?: boolean];

/** Devices that have the fused kernel of evaluation. */
const FUSED_DEVICES: readonly string[] = ['cpu', 'cuda', 'xpu', 'privateuseone'];

class TransformerEncoderLayerModule extends Module {
  static {
    pythonMethods(this.prototype, 'TransformerEncoderLayer', { forward: FORWARD });
  }

  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  activation: Activation;
  /** Kind of the activation, for the fused kernel: 1 is ReLU, 2 is GELU, 0 another one. */
  readonly activation_relu_or_gelu: number;

  constructor(
    d_model: number,
    nhead: number,
    dim_feedforward: number = 2048,
    dropout: number = 0.1,
    activation: string | Activation = relu,
    layer_norm_eps: number = 1e-5,
    batch_first: boolean = false,
    /** Whether each block normalises what it reads instead of what it gives. Default false. */
    readonly norm_first: boolean = false,
    bias: boolean = true,
    ...factory: Factory
  ) {
    super();
    const made = keywords(...factory);
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, ...made });
    this.linear1 = new Linear(d_model, dim_feedforward, { bias, ...made });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, { bias, ...made });
    this.norm1 = new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.norm2 = new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(activation);
    const isRelu = this.activation === relu || this.activation instanceof ReLU;
    const isGelu = this.activation === gelu || this.activation instanceof GELU;
    this.activation_relu_or_gelu = isRelu ? 1 : isGelu ? 2 : 0;
  }

  override forward(...args: Arguments<typeof FORWARD, Given>): Tensor;
  override forward(
    src: Tensor,
    src_mask: Tensor | null = null,
    src_key_padding_mask: Tensor | null = null,
    is_causal: boolean = false,
  ): Tensor {
    const padding = canonicalMask(src_key_padding_mask, 'src_key_padding_mask', src.dtype, { src_mask });
    const mask = canonicalMask(src_mask, 'src_mask', src.dtype);
    if (this.canBeFused(src, padding !== null || mask !== null)) return this.fused(src, mask, padding);

    const attend = (x: Tensor): Tensor =>
      this.dropout1(this.self_attn(x, x, x, padding, false, mask, true, is_causal)[0]);
    const feed = (x: Tensor): Tensor => this.dropout2(feedForward(this, x));
    if (this.norm_first) {
      const x = src.add(attend(this.norm1(src)));
      return x.add(feed(this.norm2(x)));
    }
    const x = this.norm1(src.add(attend(src)));
    return this.norm2(x.add(feed(x)));
  }

  /** Whether one kernel may do it all: in evaluation, without gradients and hooks, where it has the layer's options. */
  private canBeFused(src: Tensor, masked: boolean): boolean {
    const { self_attn } = this;
    if (this.training || src.ndim !== 3 || !self_attn.batch_first || !backends.mha.get_fastpath_enabled()) return false;
    if (self_attn.in_proj_bias === null || !self_attn._qkv_same_embed_dim || self_attn.num_heads % 2 === 1)
      return false;
    if (this.activation_relu_or_gelu === 0 || this.norm1.eps !== this.norm2.eps) return false;
    if ((src.is_nested && masked) || native.is_autocast_enabled('cuda')) return false;
    if (this.modules().some(hasForwardHooks)) return false;
    const tensors = [src, ...this.fusedWeights()];
    if (!tensors.every(({ device }) => FUSED_DEVICES.includes(device.type))) return false;
    return !is_grad_enabled() || !tensors.some(({ requires_grad }) => requires_grad);
  }

  private fusedWeights(): Tensor[] {
    const { self_attn, norm1, norm2, linear1, linear2 } = this;
    const { in_proj_weight, in_proj_bias, out_proj } = self_attn;
    const pairs = [out_proj, norm1, norm2, linear1, linear2].flatMap(({ weight, bias }) => [weight, bias]);
    return [in_proj_weight, in_proj_bias, ...pairs] as Tensor[];
  }

  private fused(src: Tensor, src_mask: Tensor | null, padding: Tensor | null): Tensor {
    const { self_attn, norm1, norm2, linear1, linear2 } = this;
    const [mask, kind] = self_attn.merge_masks(src_mask, padding, src);
    return _transformer_encoder_layer_fwd(
      src,
      self_attn.embed_dim,
      self_attn.num_heads,
      self_attn.in_proj_weight!,
      self_attn.in_proj_bias!,
      self_attn.out_proj.weight,
      self_attn.out_proj.bias!,
      this.activation_relu_or_gelu === 2,
      this.norm_first,
      norm1.eps,
      norm1.weight!,
      norm1.bias!,
      norm2.weight!,
      norm2.bias!,
      linear1.weight,
      linear1.bias!,
      linear2.weight,
      linear2.bias!,
      mask,
      kind,
    );
  }
}

/**
 * Self-attention and two linear layers, each with a residual connection and a normalisation:
 * x ← norm1(x + attention(x)), x ← norm2(x + linear2(activation(linear1(x)))), with dropout in between.
 *
 * (L, N, d_model), (N, L, d_model) with `batch_first`, or (L, d_model) → the same. In evaluation without gradients one fused
 * kernel does it where it can, as in Python.
 *
 * @throws TorchError for an activation that has no such name
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
 */
export class TransformerEncoderLayer extends pythonClass(
  'TransformerEncoderLayer',
  [...LAYER, ...FACTORY],
  TransformerEncoderLayerModule,
) {}
