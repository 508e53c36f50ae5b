/** The generator: mapping and synthesis. */
import { empty, full_like, int64, rand, randn_like, type Tensor, where } from 'isotorch';
import { Module } from 'isotorch/nn';
import { StyleGAN2ADAMapping, type StyleGAN2ADAMappingCall, type StyleGAN2ADAMappingOptions } from './mapping';
import { StyleGAN2ADASynthesis, type StyleGAN2ADASynthesisCall, type StyleGAN2ADASynthesisOptions } from './synthesis';

/** Options of `StyleGAN2ADAGenerator`. */
export interface StyleGAN2ADAGeneratorOptions
  extends Omit<StyleGAN2ADAMappingOptions, 'num_ws'>,
    StyleGAN2ADASynthesisOptions {}

/** Options of a call. */
export interface StyleGAN2ADACall extends StyleGAN2ADAMappingCall, StyleGAN2ADASynthesisCall {}

/**
 * Latents z (N×z_dim) and labels c (N×c_dim) to images N×C×resolution×resolution: StyleGAN2's configuration F, as its authors'
 * PyTorch edition has it, in float32. Parameters with the defaults: 30,370,060 at 1024²; 24,767,458 at 256² with `channel_base` 16384.
 *
 * @see https://arxiv.org/abs/1912.04958, https://arxiv.org/abs/2006.06676
 */
export class StyleGAN2ADAGenerator extends Module {
  /** Styles that an image takes. */
  readonly num_ws: number;
  synthesis: StyleGAN2ADASynthesis;
  mapping: StyleGAN2ADAMapping;

  constructor(options: StyleGAN2ADAGeneratorOptions) {
    super();
    this.synthesis = new StyleGAN2ADASynthesis(options);
    this.num_ws = this.synthesis.num_ws;
    this.mapping = new StyleGAN2ADAMapping({ ...options, num_ws: this.num_ws });
  }

  override forward(z: Tensor | null, c: Tensor | null = null, call: StyleGAN2ADACall = {}): Tensor {
    return this.synthesis(this.mapping(z, c, call), call);
  }

  /**
   * Styles for training: with probability `style_mixing_prob` the layers from a random one on get those of other latents; one cut for
   * the whole batch.
   */
  mixed_ws(z: Tensor, c: Tensor | null = null, style_mixing_prob = 0.9): Tensor {
    const ws = this.mapping(z, c);
    if (style_mixing_prob <= 0) return ws;
    const { device } = ws;
    const drawn = empty([], { dtype: int64, device }).random_(1, this.num_ws);
    const cut = where(rand([], { device }).lt(style_mixing_prob), drawn, full_like(drawn, this.num_ws)).item();
    const others = this.mapping(randn_like(z), c, { skip_w_avg_update: true });
    const rest = this.num_ws - Number(cut);
    ws.narrow(1, Number(cut), rest).copy_(others.narrow(1, Number(cut), rest));
    return ws;
  }
}
