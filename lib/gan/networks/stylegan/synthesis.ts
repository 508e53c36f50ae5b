/** StyleGAN's synthesis network. */
import { Module } from 'isotorch/nn';
import { randn, type Tensor, zeros } from 'isotorch';
import { EqualizedConv2d } from './equalized';
import { fade, upscale2d } from './resample';
import { feature_maps, resolution_log2, type StyleGANSizes, split_lod } from './sizes';
import { ConstLayer, type NoiseMode, StyledConv2d } from './styled_layer';

/** Options of `StyleGANSynthesis`. */
export interface StyleGANSynthesisOptions extends StyleGANSizes {
  /** Numbers of a style vector w. */
  w_size?: number;
  /** Whether layers add noise. */
  use_noise?: boolean;
}

/** Options of a call. */
export interface SynthesisCall {
  /** Default `random`. */
  noise_mode?: NoiseMode;
}

/** Layers of one resolution. */
class Block extends Module {
  Const: ConstLayer | null = null;
  Conv: StyledConv2d | null = null;
  Conv0_up: StyledConv2d | null = null;
  Conv1: StyledConv2d | null = null;

  override forward(x: Tensor | null, ws: readonly [Tensor, Tensor], noise: readonly (Tensor | NoiseMode)[]): Tensor {
    const first = this.Const === null ? this.Conv0_up!(x!, ws[0], noise[0]!) : this.Const(ws[0], noise[0]!);
    return (this.Conv ?? this.Conv1)!(first, ws[1], noise[1]!);
  }
}

/**
 * Styles N×layers×w_size to images N×C×resolution×resolution (Karras et al. 2019, https://arxiv.org/abs/1812.04948).
 *
 * The buffer `lod` says how many doublings are still to come: at lod k + t the image is toRGB of resolution/2ᵏ, blended
 * with the coarser one's by t, and enlarged. State keys are the original's variables with points for slashes:
 * `8x8.Conv0_up.StyleMod.weight`.
 */
export class StyleGANSynthesis extends Module {
  readonly resolution_log2: number;
  /** Styles that an image takes: two for each resolution. */
  readonly num_layers: number;
  readonly use_noise: boolean;
  lod!: Tensor;

  constructor(options: StyleGANSynthesisOptions) {
    super();
    const { num_channels = 3, w_size = 512, use_noise = true, fused_scale = 'auto' } = options;
    this.resolution_log2 = resolution_log2(options.resolution);
    this.num_layers = 2 * this.resolution_log2 - 2;
    this.use_noise = use_noise;
    this.register_buffer('lod', zeros([]));
    const common = { w_size, use_noise, fused_scale };
    for (let res = 2; res <= this.resolution_log2; res++) {
      const [channels, before] = [feature_maps(res - 1, options), feature_maps(res - 2, options)];
      const block = new Block();
      if (res === 2) {
        block.Const = new ConstLayer(channels, common);
        block.Conv = new StyledConv2d(channels, channels, { ...common, up: false });
      } else {
        block.Conv0_up = new StyledConv2d(before, channels, { ...common, up: true });
        block.Conv1 = new StyledConv2d(channels, channels, { ...common, up: false });
      }
      const side = 2 ** res;
      this.add_module(`${side}x${side}`, block);
      this.add_module(
        `ToRGB_lod${this.resolution_log2 - res}`,
        new EqualizedConv2d(channels, num_channels, 1, { gain: 1 }),
      );
    }
    for (let layer = 0; use_noise && layer < this.num_layers; layer++) {
      const side = 2 ** (2 + Math.trunc(layer / 2));
      this.register_buffer(`noise${layer}`, randn(1, 1, side, side));
    }
  }

  override forward(ws: Tensor, { noise_mode = 'random' }: SynthesisCall = {}): Tensor {
    const { whole, fade: coarser } = split_lod(this.lod.item(), this.resolution_log2 - 2);
    const noise = (layer: number) =>
      noise_mode === 'const' && this.use_noise ? this.get_buffer(`noise${layer}`) : noise_mode;
    const top = this.resolution_log2 - whole;
    let before: Tensor | null = null;
    let x: Tensor | null = null;
    for (let res = 2; res <= top; res++) {
      const layer = 2 * res - 4;
      before = x;
      const block = this.get_submodule(`${2 ** res}x${2 ** res}`) as Block;
      x = block(x, [ws.select(1, layer), ws.select(1, layer + 1)], [noise(layer), noise(layer + 1)]);
    }
    let image = this.to_rgb(top, x!);
    if (coarser > 0) image = fade(image, upscale2d(this.to_rgb(top - 1, before!)), coarser);
    return upscale2d(image, 2 ** whole);
  }

  private to_rgb(res: number, x: Tensor): Tensor {
    return (this.get_submodule(`ToRGB_lod${this.resolution_log2 - res}`) as EqualizedConv2d)(x);
  }
}
