/** The synthesis network. */
import { randn, type Tensor, ValueError } from 'isotorch';
import { Module, Parameter } from 'isotorch/nn';
import type { NoiseMode } from '../stylegan';
import { binomial_filter, upsample2d } from './resample';
import { channels_at, resolutions, type StyleGAN2ADASizes } from './sizes';
import { type LayerCall, SynthesisLayer, ToRGB } from './synthesis_layers';

/** Options of `StyleGAN2ADASynthesis`. */
export interface StyleGAN2ADASynthesisOptions extends StyleGAN2ADASizes {
  /** Numbers of a style w. Default 512. */
  w_dim?: number;
  /** Whether layers add noise. Default true. */
  use_noise?: boolean;
}

/** Options of a call. */
export interface StyleGAN2ADASynthesisCall {
  /** Default `random`. */
  noise_mode?: NoiseMode;
  /** Whether samples get convolutions of their own (`modulated_conv2d`). Default: in evaluation mode, as the original. */
  fused_modconv?: boolean;
}

/** Sizes of a block; `in_channels` is 0 for the first. */
interface BlockOptions {
  in_channels: number;
  out_channels: number;
  w_dim: number;
  resolution: number;
  img_channels: number;
  use_noise: boolean;
  clamp: number | null;
}

/** Layers of one resolution, and what they add to the image. */
class SynthesisBlock extends Module {
  /** Styles that the block's own convolutions take; `torgb` shares the next block's first. */
  readonly num_conv: number;
  declare readonly resample_filter: Tensor;
  const: Parameter | null = null;
  conv0: SynthesisLayer | null = null;
  conv1: SynthesisLayer;
  torgb: ToRGB;

  constructor(options: BlockOptions) {
    super();
    const { in_channels, out_channels, resolution, img_channels } = options;
    this.num_conv = in_channels === 0 ? 1 : 2;
    this.register_buffer('resample_filter', binomial_filter());
    if (in_channels === 0) this.const = new Parameter(randn(out_channels, resolution, resolution));
    else this.conv0 = new SynthesisLayer({ ...options, up: 2 });
    this.conv1 = new SynthesisLayer({ ...options, in_channels: out_channels, up: 1 });
    this.torgb = new ToRGB({ ...options, in_channels: out_channels, out_channels: img_channels });
  }

  override forward(x: Tensor | null, img: Tensor | null, ws: Tensor, call: LayerCall): [x: Tensor, img: Tensor] {
    const styles = ws.unbind(1);
    const first = this.conv0 === null ? this.first(ws.size(0)) : this.conv0(x!, styles[0]!, call);
    const y = this.conv1(first, styles[this.num_conv - 1]!, call);
    const own = this.torgb(y, styles[this.num_conv]!, this.resample_filter, call.fused_modconv);
    return [y, img === null ? own : upsample2d(img, this.resample_filter).add(own)];
  }

  private first(n: number): Tensor {
    return this.const!.unsqueeze(0).repeat(n, 1, 1, 1);
  }
}

/**
 * Styles N×num_ws×w_dim to images N×C×resolution×resolution: each resolution's layers add to an image that is enlarged from one to
 * the next (`skip` architecture).
 */
export class StyleGAN2ADASynthesis extends Module {
  readonly w_dim: number;
  readonly img_resolution: number;
  /** Styles that an image takes: one for each convolution, and one for the last `torgb`. */
  readonly num_ws: number;
  private readonly block_resolutions: readonly number[];

  constructor(options: StyleGAN2ADASynthesisOptions) {
    super();
    const { w_dim = 512, img_channels = 3, use_noise = true, conv_clamp: clamp = null } = options;
    this.w_dim = w_dim;
    this.img_resolution = options.img_resolution;
    this.block_resolutions = resolutions('StyleGAN2ADASynthesis', options, 4);
    for (const resolution of this.block_resolutions) {
      const in_channels = resolution === 4 ? 0 : channels_at(resolution / 2, options);
      const out_channels = channels_at(resolution, options);
      const sizes = { in_channels, out_channels, w_dim, resolution, img_channels, use_noise, clamp };
      this.add_module(`b${resolution}`, new SynthesisBlock(sizes));
    }
    this.num_ws = 2 * this.block_resolutions.length;
  }

  override forward(ws: Tensor, call: StyleGAN2ADASynthesisCall = {}): Tensor {
    const { noise_mode = 'random', fused_modconv = !this.training } = call;
    if (ws.ndim !== 3 || ws.size(1) !== this.num_ws || ws.size(2) !== this.w_dim) {
      const shape = ws.shape.join('×');
      throw new ValueError(`StyleGAN2ADASynthesis wants styles N×${this.num_ws}×${this.w_dim}, but got ${shape}`);
    }
    let [x, img]: [Tensor | null, Tensor | null] = [null, null];
    let first = 0;
    for (const resolution of this.block_resolutions) {
      const block = this.get_submodule(`b${resolution}`) as SynthesisBlock;
      const own = ws.narrow(1, first, block.num_conv + 1);
      [x, img] = block(x, img, own, { noise_mode, fused_modconv });
      first += block.num_conv;
    }
    return img!;
  }
}
