/** Encoder and decoder: copies of a layer, one after the other. */
import { is_grad_enabled } from '../../../autograd';
import { backends } from '../../../backends';
import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import { warn } from '../../../core';
import { _nested_tensor_from_mask, _nested_tensor_from_mask_left_aligned } from '../../../generated/functions';
import type { Tensor } from '../../../memory';
import { native } from '../../../native';
import { deepcopy } from '../../copy';
import { canonicalMask } from '../../functional/attention_checks';
import { Module } from '../../module/module';
import { ModuleList } from '../container';
import { isCausal, sequenceLength } from './causal';
import { FORWARD as DECODER_FORWARD, type Given as DecoderGiven, type TransformerDecoderLayer } from './decoder_layer';
import { TransformerEncoderLayer } from './encoder_layer';

/** Module after the last layer. */
type Norm = Module & ((x: Tensor) => Tensor);

function copies<Layer extends Module>(layer: Layer, count: number): ModuleList<Layer> {
  return new ModuleList(Array.from({ length: count }, () => deepcopy(layer)));
}

const ENCODER_FORWARD = ['src', 'mask', 'src_key_padding_mask', 'is_causal'] as const;

type EncoderGiven = [
  src: Tensor,
  mask?: Tensor | null,
  src_key_padding_mask?: Tensor | null,
  is_causal?: boolean | null,
];

/** Devices on which padding may be left out. */
const NESTED_DEVICES: readonly string[] = ['cpu', 'cuda', 'xpu', 'privateuseone'];

/** Reason why layers like this one cannot read nested tensors; empty where they can. */
function whyNotNested(layer: Module): string {
  if (!(layer instanceof TransformerEncoderLayer)) return 'encoder_layer was not TransformerEncoderLayer';
  if (layer.norm_first) return 'encoder_layer.norm_first was True';
  const { self_attn } = layer;
  if (!self_attn.batch_first) {
    return 'encoder_layer.self_attn.batch_first was not True(use batch_first for better inference performance)';
  }
  if (!self_attn._qkv_same_embed_dim) return 'encoder_layer.self_attn._qkv_same_embed_dim was not True';
  if (self_attn.in_proj_bias === null) return 'encoder_layer.self_attn was passed bias=False';
  if (layer.activation_relu_or_gelu === 0) return 'encoder_layer.activation_relu_or_gelu was not True';
  if (layer.norm1.eps !== layer.norm2.eps) {
    return 'encoder_layer.norm1.eps was not equal to encoder_layer.norm2.eps';
  }
  return self_attn.num_heads % 2 === 1 ? 'encoder_layer.self_attn.num_heads is odd' : '';
}

class TransformerEncoderModule extends Module {
  static {
    pythonMethods(this.prototype, 'TransformerEncoder', { forward: ENCODER_FORWARD });
  }

  layers: ModuleList<TransformerEncoderLayer>;
  norm: Norm | null;
  /** Whether padding is left out where it can be. */
  use_nested_tensor: boolean;

  constructor(
    encoder_layer: TransformerEncoderLayer,
    readonly num_layers: number,
    norm: Norm | null = null,
    /** Whether evaluation leaves padding out, by nested tensors, where it can. Default true. */
    readonly enable_nested_tensor: boolean = true,
    /** Whether the padding is looked at first: only padding at the end can be left out. Default true. */
    readonly mask_check: boolean = true,
  ) {
    super();
    this.layers = copies(encoder_layer, num_layers);
    this.norm = norm;
    const reason = whyNotNested(encoder_layer);
    this.use_nested_tensor = enable_nested_tensor && reason === '';
    if (!enable_nested_tensor || reason === '') return;
    warn(`enable_nested_tensor is True, but self.use_nested_tensor is False because ${reason}`);
  }

  override forward(...args: Arguments<typeof ENCODER_FORWARD, EncoderGiven>): Tensor;
  override forward(
    src: Tensor,
    mask: Tensor | null = null,
    src_key_padding_mask: Tensor | null = null,
    is_causal: boolean | null = null,
  ): Tensor {
    const padding = canonicalMask(src_key_padding_mask, 'src_key_padding_mask', src.dtype, { mask });
    const added = canonicalMask(mask, 'mask', src.dtype);
    const first = this.layers.get(0)!;
    const nested = padding !== null && added === null && this.leavesPaddingOut(first, src, padding);
    let output = nested ? _nested_tensor_from_mask(src, padding.logical_not(), false) : src;
    const causal = isCausal(added, is_causal, sequenceLength(src, first.self_attn.batch_first));
    for (const layer of this.layers) output = layer(output, added, nested ? null : padding, causal);
    if (nested) output = output.to_padded_tensor(0, src.shape);
    return this.norm === null ? output : this.norm(output);
  }

  private leavesPaddingOut(first: TransformerEncoderLayer, src: Tensor, padding: Tensor): boolean {
    if (!backends.mha.get_fastpath_enabled() || !this.use_nested_tensor || first.training || src.ndim !== 3)
      return false;
    if (this.mask_check && !_nested_tensor_from_mask_left_aligned(src, padding.logical_not())) return false;
    if (src.is_nested || native.is_autocast_enabled('cuda') || !NESTED_DEVICES.includes(src.device.type)) return false;
    return !is_grad_enabled() || ![src, ...first.parameters()].some(({ requires_grad }) => requires_grad);
  }
}

/**
 * An encoder: `num_layers` copies of a layer, one after the other, and a last module.
 *
 * (L, N, d_model), or as the layers read it → the same. In evaluation without gradients padding is left out, as in Python.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
 */
export class TransformerEncoder extends pythonClass(
  'TransformerEncoder',
  ['encoder_layer', 'num_layers', 'norm', 'enable_nested_tensor', 'mask_check'],
  TransformerEncoderModule,
) {}

class TransformerDecoderModule extends Module {
  static {
    pythonMethods(this.prototype, 'TransformerDecoder', { forward: DECODER_FORWARD });
  }

  layers: ModuleList<TransformerDecoderLayer>;
  norm: Norm | null;

  constructor(
    decoder_layer: TransformerDecoderLayer,
    readonly num_layers: number,
    norm: Norm | null = null,
  ) {
    super();
    this.layers = copies(decoder_layer, num_layers);
    this.norm = norm;
  }

  override forward(...args: Arguments<typeof DECODER_FORWARD, DecoderGiven<boolean | null>>): Tensor;
  override forward(
    tgt: Tensor,
    memory: Tensor,
    tgt_mask: Tensor | null = null,
    memory_mask: Tensor | null = null,
    tgt_key_padding_mask: Tensor | null = null,
    memory_key_padding_mask: Tensor | null = null,
    tgt_is_causal: boolean | null = null,
    memory_is_causal: boolean = false,
  ): Tensor {
    const { batch_first } = this.layers.get(0)!.self_attn;
    const causal = isCausal(tgt_mask, tgt_is_causal, sequenceLength(tgt, batch_first));
    let output = tgt;
    for (const layer of this.layers) {
      output = layer(
        output,
        memory,
        tgt_mask,
        memory_mask,
        tgt_key_padding_mask,
        memory_key_padding_mask,
        causal,
        memory_is_causal,
      );
    }
    return this.norm === null ? output : this.norm(output);
  }
}

/**
 * A decoder: `num_layers` copies of a layer, one after the other, and a last module.
 *
 * tgt and memory as the layers read them → as tgt.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
 */
export class TransformerDecoder extends pythonClass(
  'TransformerDecoder',
  ['decoder_layer', 'num_layers', 'norm'],
  TransformerDecoderModule,
) {}
