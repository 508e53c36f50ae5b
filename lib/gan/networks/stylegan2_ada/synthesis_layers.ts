/** Layers of the synthesis network. */
import { randn, type Tensor, zeros } from 'isotorch';
import { Module, Parameter } from 'isotorch/nn';
import { math } from 'isotorch/python';
import type { NoiseMode } from '../stylegan';
import { bias_act, FullyConnected } from './layers';
import { modulated_conv2d } from './modulated';
import { binomial_filter } from './resample';

/** How a call draws. */
export interface LayerCall {
  noise_mode: NoiseMode;
  fused_modconv: boolean;
}

/** Sizes of a layer. */
export interface SynthesisLayerOptions {
  in_channels: number;
  out_channels: number;
  w_dim: number;
  clamp: number | null;
}

/** A modulated 3×3 convolution, noise, bias and leaky ReLU. */
export class SynthesisLayer extends Module {
  readonly resolution: number;
  readonly up: number;
  readonly clamp: number | null;
  declare readonly resample_filter: Tensor;
  affine: FullyConnected;
  weight: Parameter;
  noise_strength: Parameter | null = null;
  bias: Parameter;

  constructor(options: SynthesisLayerOptions & { resolution: number; up: number; use_noise: boolean }) {
    super();
    const { in_channels, out_channels, resolution } = options;
    this.resolution = resolution;
    this.up = options.up;
    this.clamp = options.clamp;
    this.register_buffer('resample_filter', binomial_filter());
    this.affine = new FullyConnected(options.w_dim, in_channels, { bias_init: 1 });
    this.weight = new Parameter(randn(out_channels, in_channels, 3, 3));
    if (options.use_noise) {
      this.register_buffer('noise_const', randn(resolution, resolution));
      this.noise_strength = new Parameter(zeros([]));
    }
    this.bias = new Parameter(zeros(out_channels));
  }

  override forward(x: Tensor, w: Tensor, { noise_mode, fused_modconv }: LayerCall): Tensor {
    const styles = this.affine(w);
    const noise = this.noise(noise_mode, x);
    const how = { noise, up: this.up, padding: 1, fused: fused_modconv };
    const y = modulated_conv2d(x, this.weight, styles, this.resample_filter, how);
    return bias_act(y, this.bias, { act: 'lrelu', clamp: this.clamp });
  }

  private noise(mode: NoiseMode, { shape, dtype, device }: Tensor): Tensor | null {
    if (this.noise_strength === null || mode === 'none') return null;
    if (mode === 'const') return this.get_buffer('noise_const').mul(this.noise_strength);
    const { resolution } = this;
    return randn(shape[0]!, 1, resolution, resolution, { dtype, device }).mul(this.noise_strength);
  }
}

/** A modulated 1×1 convolution without demodulation, and bias. */
export class ToRGB extends Module {
  readonly weight_gain: number;
  readonly clamp: number | null;
  affine: FullyConnected;
  weight: Parameter;
  bias: Parameter;

  constructor({ in_channels, out_channels, w_dim, clamp }: SynthesisLayerOptions) {
    super();
    this.clamp = clamp;
    this.weight_gain = 1 / math.sqrt(in_channels);
    this.affine = new FullyConnected(w_dim, in_channels, { bias_init: 1 });
    this.weight = new Parameter(randn(out_channels, in_channels, 1, 1));
    this.bias = new Parameter(zeros(out_channels));
  }

  override forward(x: Tensor, w: Tensor, f: Tensor, fused: boolean): Tensor {
    const styles = this.affine(w).mul(this.weight_gain);
    const y = modulated_conv2d(x, this.weight, styles, f, { demodulate: false, fused });
    return bias_act(y, this.bias, { clamp: this.clamp });
  }
}
