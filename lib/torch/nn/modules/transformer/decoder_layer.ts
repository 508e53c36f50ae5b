import { type Arguments, pythonClass, pythonMethods } from '../../../call';
import type { Tensor } from '../../../memory';
import { relu } from '../../functional/activation';
import { FACTORY, type Factory } from '../../module/factory';
import { Module } from '../../module/module';
import { MultiheadAttention } from '../activation';
import { Dropout } from '../dropout';
import { Linear } from '../linear';
import { LayerNorm } from '../normalization';
import { type Activation, activationOf, feedForward, keywords, LAYER } from './pieces';

/** Names of the parameters of a decoder's `forward`. */
export const FORWARD = [
  'tgt',
  'memory',
  'tgt_mask',
  'memory_mask',
  'tgt_key_padding_mask',
  'memory_key_padding_mask',
  'tgt_is_causal',
  'memory_is_causal',
] as const;

/** Their types; what a decoder may be left to find out, its layers are told. */
export type Given<IsCausal = boolean> = [
  tgt: Tensor,
  memory: Tensor,
  tgt_mask?: Tensor | null,
  memory_mask?: Tensor | null,
  tgt_key_padding_mask?: Tensor | null,
  memory_key_padding_mask?: Tensor | null,
  tgt_is_causal?: IsCausal,
  memory_is_causal?: boolean,
];

class TransformerDecoderLayerModule extends Module {
  static {
    pythonMethods(this.prototype, 'TransformerDecoderLayer', { forward: FORWARD });
  }

  self_attn: MultiheadAttention;
  multihead_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  norm3: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  dropout3: Dropout;
  activation: Activation;

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
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout, batch_first, bias, ...made });
    this.multihead_attn = new MultiheadAttention(d_model, nhead, { dropout, batch_first, bias, ...made });
    this.linear1 = new Linear(d_model, dim_feedforward, { bias, ...made });
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dim_feedforward, d_model, { bias, ...made });
    this.norm1 = new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.norm2 = new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.norm3 = new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(activation);
  }

  override forward(...args: Arguments<typeof FORWARD, Given>): Tensor;
  override forward(
    tgt: Tensor,
    memory: Tensor,
    tgt_mask: Tensor | null = null,
    memory_mask: Tensor | null = null,
    tgt_key_padding_mask: Tensor | null = null,
    memory_key_padding_mask: Tensor | null = null,
    tgt_is_causal: boolean = false,
    memory_is_causal: boolean = false,
  ): Tensor {
    const attendSelf = (x: Tensor): Tensor =>
      this.dropout1(this.self_attn(x, x, x, tgt_key_padding_mask, false, tgt_mask, true, tgt_is_causal)[0]);
    const attendMemory = (x: Tensor): Tensor =>
      this.dropout2(
        this.multihead_attn(x, memory, memory, memory_key_padding_mask, false, memory_mask, true, memory_is_causal)[0],
      );
    const feed = (x: Tensor): Tensor => this.dropout3(feedForward(this, x));
    let x = tgt;
    if (this.norm_first) {
      x = x.add(attendSelf(this.norm1(x)));
      x = x.add(attendMemory(this.norm2(x)));
      return x.add(feed(this.norm3(x)));
    }
    x = this.norm1(x.add(attendSelf(x)));
    x = this.norm2(x.add(attendMemory(x)));
    return this.norm3(x.add(feed(x)));
  }
}

/**
 * Self-attention, attention to the encoder's output, and two linear layers, each with a residual connection and a
 * normalisation, with dropout in between.
 *
 * tgt (T, N, d_model), memory (S, N, d_model), with `batch_first` N first, or both without N → as tgt.
 *
 * @throws TorchError for an activation that has no such name
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
 */
export class TransformerDecoderLayer extends pythonClass(
  'TransformerDecoderLayer',
  [...LAYER, ...FACTORY],
  TransformerDecoderLayerModule,
) {}
