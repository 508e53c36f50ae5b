/** Layers of the synthesis network: each ends with noise, bias, leaky ReLU, instance norm and style. */
import { conv2d, instance_norm, leaky_relu } from 'isotorch/nn/functional';
import { Module, Parameter } from 'isotorch/nn';
import { ones, randn, type Tensor, zeros } from 'isotorch';
import { EqualizedLinear, root_two } from './equalized';
import { blur2d, upscale2d_conv2d } from './resample';
import type { FusedScale } from './sizes';
import { math } from 'isotorch/python';

/** What noise a layer adds: new numbers each time, the network's own buffers, or none. */
export type NoiseMode = 'random' | 'const' | 'none';

/** One strength for each channel, zero at first. */
class Noise extends Module {
  weight: Parameter;

  constructor(channels: number) {
    super();
    this.weight = new Parameter(zeros(channels));
  }

  override forward(x: Tensor, noise: Tensor): Tensor {
    return x.add(noise.mul(this.weight.view(1, -1, 1, 1)));
  }
}

/** x·(s₀ + 1) + s₁, style s N×2C: the second half of adaptive instance normalisation. */
export function style_mod(x: Tensor, style: Tensor): Tensor {
  const s = style.view(-1, 2, x.size(1), 1, 1);
  return x.mul(s.select(1, 0).add(1)).add(s.select(1, 1));
}

/** Options of a layer. */
export interface StyledLayerOptions {
  /** Numbers of a style vector w. */
  w_size: number;
  /** Whether noise is added. */
  use_noise: boolean;
}

/** What all layers end with. */
abstract class StyledLayer extends Module {
  Noise: Noise | null = null;
  bias: Parameter;
  StyleMod: EqualizedLinear;

  constructor(channels: number, { w_size, use_noise }: StyledLayerOptions) {
    super();
    if (use_noise) this.Noise = new Noise(channels);
    this.bias = new Parameter(zeros(channels));
    this.StyleMod = new EqualizedLinear(w_size, 2 * channels, { gain: 1 });
  }

  /** Noise, which is drawn here where `noise` is null, bias, leaky ReLU .2, instance norm, style. */
  protected finish(x: Tensor, w: Tensor, noise: Tensor | NoiseMode): Tensor {
    let y = x;
    if (this.Noise !== null && noise !== 'none') {
      const [n, , height, width] = x.shape as [number, number, number, number];
      const drawn =
        typeof noise === 'string' ? randn(n, 1, height, width, { dtype: x.dtype, device: x.device }) : noise;
      y = this.Noise(y, drawn);
    }
    y = leaky_relu(y.add(this.bias.view(1, -1, 1, 1)), 0.2);
    return style_mod(instance_norm(y, { eps: 1e-8 }), this.StyleMod(w));
  }
}

/** The first layer: a learned 1×C×4×4, ones at first. */
export class ConstLayer extends StyledLayer {
  const: Parameter;

  constructor(channels: number, options: StyledLayerOptions) {
    super(channels, options);
    this.const = new Parameter(ones(1, channels, 4, 4));
  }

  override forward(w: Tensor, noise: Tensor | NoiseMode): Tensor {
    return this.finish(this.const.expand(w.size(0), -1, -1, -1), w, noise);
  }
}

/** Options of a layer with a convolution. */
export interface StyledConvOptions extends StyledLayerOptions {
  /** Whether it upscales ×2 before, and blurs after. */
  up: boolean;
  fused_scale: FusedScale;
}

/** A 3×3 convolution of equalised learning rate, with or without upscaling. */
export class StyledConv2d extends StyledLayer {
  readonly scale: number;
  readonly up: boolean;
  readonly fused_scale: FusedScale;
  weight: Parameter;

  constructor(in_channels: number, out_channels: number, options: StyledConvOptions) {
    super(out_channels, options);
    this.up = options.up;
    this.fused_scale = options.fused_scale;
    this.scale = root_two / math.sqrt(in_channels * 9);
    this.weight = new Parameter(randn(out_channels, in_channels, 3, 3));
  }

  override forward(x: Tensor, w: Tensor, noise: Tensor | NoiseMode): Tensor {
    const weight = this.weight.mul(this.scale);
    const y = this.up ? blur2d(upscale2d_conv2d(x, weight, this.fused_scale)) : conv2d(x, weight, { padding: 1 });
    return this.finish(y, w, noise);
  }
}
