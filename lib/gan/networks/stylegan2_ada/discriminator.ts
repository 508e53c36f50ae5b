/** The discriminator. */
import { type Tensor, ValueError } from 'isotorch';
import { Module } from 'isotorch/nn';
import { math } from 'isotorch/python';
import { minibatch_stddev } from '../../regularisers/minibatch_stddev';
import { Conv2dLayer, FullyConnected, root_half } from './layers';
import { StyleGAN2ADAMapping, type StyleGAN2ADAMappingOptions } from './mapping';
import { binomial_filter } from './resample';
import { channels_at, resolutions, type StyleGAN2ADASizes } from './sizes';

/** Options of `StyleGAN2ADADiscriminator`; `mapping_layers` and so on are those of its label's mapping. */
export interface StyleGAN2ADADiscriminatorOptions
  extends StyleGAN2ADASizes,
    Pick<
      StyleGAN2ADAMappingOptions,
      'c_dim' | 'mapping_layers' | 'embed_features' | 'layer_features' | 'lr_multiplier'
    > {
  /** Numbers of a mapped label. Default: the channels at 4×4. */
  cmap_dim?: number;
  /** Samples of a group whose deviation becomes a feature; null for the whole batch. Default 4. */
  mbstd_group_size?: number | null;
  /** Such features; 0 for none. Default 1. */
  mbstd_num_channels?: number;
}

/** (two convolutions to half the size + one of 1×1) · √½. */
class DiscriminatorBlock extends Module {
  declare readonly resample_filter: Tensor;
  fromrgb: Conv2dLayer | null = null;
  conv0: Conv2dLayer;
  conv1: Conv2dLayer;
  skip: Conv2dLayer;

  /** @param img_channels channels of images, for the block that takes them; null for the others */
  constructor(img_channels: number | null, channels: number, out_channels: number, clamp: number | null) {
    super();
    this.register_buffer('resample_filter', binomial_filter());
    if (img_channels !== null) this.fromrgb = new Conv2dLayer(img_channels, channels, 1, { act: 'lrelu', clamp });
    this.conv0 = new Conv2dLayer(channels, channels, 3, { act: 'lrelu', clamp });
    this.conv1 = new Conv2dLayer(channels, out_channels, 3, { act: 'lrelu', down: 2, clamp });
    this.skip = new Conv2dLayer(channels, out_channels, 1, { bias: false, down: 2 });
  }

  override forward(input: Tensor): Tensor {
    const x = this.fromrgb === null ? input : this.fromrgb(input);
    const y = this.skip(x, root_half);
    return y.add(this.conv1(this.conv0(x), root_half));
  }
}

/** The last layers, of 4×4. */
class DiscriminatorEpilogue extends Module {
  readonly cmap_dim: number;
  readonly mbstd_group_size: number | null;
  readonly mbstd_num_channels: number;
  conv: Conv2dLayer;
  fc: FullyConnected;
  out: FullyConnected;

  constructor(channels: number, cmap_dim: number, options: StyleGAN2ADADiscriminatorOptions) {
    super();
    const { mbstd_group_size = 4, mbstd_num_channels = 1, conv_clamp: clamp = null } = options;
    this.cmap_dim = cmap_dim;
    this.mbstd_group_size = mbstd_group_size;
    this.mbstd_num_channels = mbstd_num_channels;
    this.conv = new Conv2dLayer(channels + mbstd_num_channels, channels, 3, { act: 'lrelu', clamp });
    this.fc = new FullyConnected(channels * 16, channels, { act: 'lrelu' });
    this.out = new FullyConnected(channels, Math.max(cmap_dim, 1));
  }

  override forward(x: Tensor, cmap: Tensor | null): Tensor {
    const { mbstd_num_channels: num_channels, mbstd_group_size } = this;
    const group_size = mbstd_group_size ?? x.size(0);
    const y = num_channels > 0 ? minibatch_stddev(x, { group_size, num_channels }) : x;
    const scores = this.out(this.fc(this.conv(y).flatten(1)));
    return cmap === null
      ? scores
      : scores
          .mul(cmap)
          .sum(1, true)
          .mul(1 / math.sqrt(this.cmap_dim));
  }
}

/**
 * Images N×C×resolution×resolution, and labels c (N×c_dim), to logits N×1 (`resnet` architecture). With labels the logit is the
 * projection on the mapped label. Parameters with the defaults: 29,012,513 at 1024²; 24,001,089 at 256² with `channel_base` 16384.
 *
 * @see https://arxiv.org/abs/1912.04958, https://arxiv.org/abs/2006.06676
 */
export class StyleGAN2ADADiscriminator extends Module {
  readonly c_dim: number;
  readonly img_resolution: number;
  readonly img_channels: number;
  private readonly block_resolutions: readonly number[];
  mapping: StyleGAN2ADAMapping | null = null;
  b4: DiscriminatorEpilogue;

  constructor(options: StyleGAN2ADADiscriminatorOptions) {
    super();
    const { img_resolution, img_channels = 3, c_dim = 0, conv_clamp = null } = options;
    const last = channels_at(4, options);
    const cmap_dim = c_dim === 0 ? 0 : (options.cmap_dim ?? last);
    this.c_dim = c_dim;
    this.img_resolution = img_resolution;
    this.img_channels = img_channels;
    this.block_resolutions = resolutions('StyleGAN2ADADiscriminator', options, 8).reverse();
    for (const resolution of this.block_resolutions) {
      const [channels, after] = [channels_at(resolution, options), channels_at(resolution / 2, options)];
      const seen = resolution === img_resolution ? img_channels : null;
      this.add_module(`b${resolution}`, new DiscriminatorBlock(seen, channels, after, conv_clamp));
    }
    if (c_dim > 0) this.mapping = new StyleGAN2ADAMapping({ ...options, z_dim: 0, w_dim: cmap_dim, num_ws: null });
    this.b4 = new DiscriminatorEpilogue(last, cmap_dim, options);
  }

  override forward(images: Tensor, c: Tensor | null = null): Tensor {
    this.check(images, c);
    let x = images;
    for (const resolution of this.block_resolutions) {
      x = (this.get_submodule(`b${resolution}`) as DiscriminatorBlock)(x);
    }
    return this.b4(x, this.mapping === null ? null : this.mapping(null, c));
  }

  private check({ shape }: Tensor, c: Tensor | null): void {
    const { img_channels, img_resolution: side } = this;
    if (shape.length !== 4 || shape[1] !== img_channels || shape[2] !== side || shape[3] !== side) {
      const wants = `N×${img_channels}×${side}×${side}`;
      throw new ValueError(`StyleGAN2ADADiscriminator wants images ${wants}, but got ${shape.join('×')}`);
    }
    if (this.c_dim === 0 && c !== null) {
      throw new ValueError('StyleGAN2ADADiscriminator was made with c_dim 0: it takes no c');
    }
  }
}
