import { type Arguments, pythonClass, pythonFunction, pythonMethods } from '../../../call';
import type { DeviceLike, Dtype } from '../../../core';
import type { Tensor } from '../../../memory';
import { TorchError } from '../../../native';
import { relu } from '../../functional/activation';
import { xavier_uniform_ } from '../../init/fans';
import { FACTORY, type Factory } from '../../module/factory';
import { Module } from '../../module/module';
import { LayerNorm } from '../normalization';
import { causalMask } from './causal';
import { TransformerDecoderLayer } from './decoder_layer';
import { TransformerEncoderLayer } from './encoder_layer';
import { type Activation, keywords } from './pieces';
import { TransformerDecoder, TransformerEncoder } from './stacks';

const FORWARD = [
  'src',
  'tgt',
  'src_mask',
  'tgt_mask',
  'memory_mask',
  'src_key_padding_mask',
  'tgt_key_padding_mask',
  'memory_key_padding_mask',
  'src_is_causal',
  'tgt_is_causal',
  'memory_is_causal',
] as const;

type Given = [
  src: Tensor,
  tgt: Tensor,
  src_mask?: Tensor | null,
  tgt_mask?: Tensor | null,
  memory_mask?: Tensor | null,
  src_key_padding_mask?: Tensor | null,
  tgt_key_padding_mask?: Tensor | null,
  memory_key_padding_mask?: Tensor | null,
  src_is_causal?: boolean | null,
  tgt_is_causal?: boolean | null,
  memory_is_causal?: boolean,
];

class TransformerModule extends Module {
  static {
    pythonMethods(this.prototype, 'Transformer', { forward: FORWARD });
  }

  encoder: TransformerEncoder;
  decoder: TransformerDecoder;
  readonly batch_first: boolean;

  constructor(
    /** Number of features. Default 512. */
    readonly d_model: number = 512,
    /** Number of heads. Default 8. */
    readonly nhead: number = 8,
    num_encoder_layers: number = 6,
    num_decoder_layers: number = 6,
    dim_feedforward: number = 2048,
    dropout: number = 0.1,
    activation: string | Activation = relu,
    custom_encoder: TransformerEncoder | null = null,
    custom_decoder: TransformerDecoder | null = null,
    layer_norm_eps: number = 1e-5,
    batch_first: boolean = false,
    norm_first: boolean = false,
    bias: boolean = true,
    ...factory: Factory
  ) {
    super();
    const made = keywords(...factory);
    const layer = { dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias, ...made };
    const norm = () => new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...made });
    this.encoder =
      custom_encoder ??
      new TransformerEncoder(new TransformerEncoderLayer(d_model, nhead, layer), num_encoder_layers, norm());
    this.decoder =
      custom_decoder ??
      new TransformerDecoder(new TransformerDecoderLayer(d_model, nhead, layer), num_decoder_layers, norm());
    this._reset_parameters();
    this.batch_first = batch_first;
  }

  /** Draws new initial values for all matrices: Xavier's uniform ones. */
  _reset_parameters(): void {
    for (const param of this.parameters()) if (param.ndim > 1) xavier_uniform_(param);
  }

  override forward(...args: Arguments<typeof FORWARD, Given>): Tensor;
  override forward(
    src: Tensor,
    tgt: Tensor,
    src_mask: Tensor | null = null,
    tgt_mask: Tensor | null = null,
    memory_mask: Tensor | null = null,
    src_key_padding_mask: Tensor | null = null,
    tgt_key_padding_mask: Tensor | null = null,
    memory_key_padding_mask: Tensor | null = null,
    src_is_causal: boolean | null = null,
    tgt_is_causal: boolean | null = null,
    memory_is_causal: boolean = false,
  ): Tensor {
    const batchDim = this.batch_first ? 0 : 1;
    if (src.ndim === 3 && src.size(batchDim) !== tgt.size(batchDim)) {
      throw new TorchError('the batch number of src and tgt must be equal');
    }
    if (src.size(-1) !== this.d_model || tgt.size(-1) !== this.d_model) {
      throw new TorchError('the feature number of src and tgt must be equal to d_model');
    }
    const memory = this.encoder(src, src_mask, src_key_padding_mask, src_is_causal);
    return this.decoder(
      tgt,
      memory,
      tgt_mask,
      memory_mask,
      tgt_key_padding_mask,
      memory_key_padding_mask,
      tgt_is_causal,
      memory_is_causal,
    );
  }
}

const generateMask = pythonFunction(
  'Transformer.generate_square_subsequent_mask',
  ['sz', 'device', 'dtype'],
  (sz: number, device: DeviceLike | null = null, dtype: Dtype | null = null): Tensor => causalMask(sz, device, dtype),
);

/**
 * An encoder that reads src, and a decoder that reads tgt and the encoder's output (Attention is all you need, 2017).
 *
 * src (S, N, d_model), tgt (T, N, d_model), with `batch_first` N first, or both without N → as tgt.
 *
 * @throws TorchError for src and tgt that do not go together
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html
 */
export class Transformer extends pythonClass(
  'Transformer',
  [
    ...['d_model', 'nhead', 'num_encoder_layers', 'num_decoder_layers', 'dim_feedforward', 'dropout', 'activation'],
    ...['custom_encoder', 'custom_decoder', 'layer_norm_eps', 'batch_first', 'norm_first', 'bias'],
    ...FACTORY,
  ] as const,
  TransformerModule,
) {
  /** Mask with which a position sees only those before it: −∞ above the diagonal, (sz, sz). */
  static generate_square_subsequent_mask(...args: Parameters<typeof generateMask>): Tensor {
    return generateMask(...args);
  }
}
