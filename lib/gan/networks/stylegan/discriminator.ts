/** StyleGAN's discriminator, which grows with the generator. */
import { leaky_relu } from 'isotorch/nn/functional';
import { Module } from 'isotorch/nn';
import { type Tensor, zeros } from 'isotorch';
import { minibatch_stddev } from '../../regularisers/minibatch_stddev';
import { EqualizedConv2d, EqualizedKernel, EqualizedLinear } from './equalized';
import { blur2d, conv2d_downscale2d, downscale2d, fade } from './resample';
import { check_labels, type FusedScale, feature_maps, resolution_log2, type StyleGANSizes, split_lod } from './sizes';

/** Options of `StyleGANDiscriminator`. */
export interface StyleGANDiscriminatorOptions extends StyleGANSizes {
  /** Samples of a group whose deviation becomes a feature; 0 for none. */
  mbstd_group_size?: number;
}

const activate = (x: Tensor): Tensor => leaky_relu(x, 0.2);

/** A 3×3 convolution of equalised learning rate, then downscaling ×2. */
class DownConv2d extends EqualizedKernel {
  readonly fused_scale: FusedScale;

  constructor(in_channels: number, out_channels: number, fused_scale: FusedScale) {
    super(in_channels, out_channels, 3);
    this.fused_scale = fused_scale;
  }

  override forward(x: Tensor): Tensor {
    return conv2d_downscale2d(x, this.scaled(), this.fused_scale).add(this.bias.view(1, -1, 1, 1));
  }
}

/** Layers of one resolution: halves it. */
class DownBlock extends Module {
  Conv0: EqualizedConv2d;
  Conv1_down: DownConv2d;

  constructor(in_channels: number, out_channels: number, fused_scale: FusedScale) {
    super();
    this.Conv0 = new EqualizedConv2d(in_channels, in_channels, 3);
    this.Conv1_down = new DownConv2d(in_channels, out_channels, fused_scale);
  }

  override forward(x: Tensor): Tensor {
    return activate(this.Conv1_down(blur2d(activate(this.Conv0(x)))));
  }
}

/** The last layers, of 4×4. */
class LastBlock extends Module {
  readonly mbstd_group_size: number;
  Conv: EqualizedConv2d;
  Dense0: EqualizedLinear;
  Dense1: EqualizedLinear;

  constructor(channels: number, hidden: number, outputs: number, mbstd_group_size: number) {
    super();
    this.mbstd_group_size = mbstd_group_size;
    this.Conv = new EqualizedConv2d(mbstd_group_size > 1 ? channels + 1 : channels, channels, 3);
    this.Dense0 = new EqualizedLinear(channels * 16, hidden);
    this.Dense1 = new EqualizedLinear(hidden, outputs, { gain: 1 });
  }

  override forward(x: Tensor): Tensor {
    const y = this.mbstd_group_size > 1 ? minibatch_stddev(x, { group_size: this.mbstd_group_size }) : x;
    return this.Dense1(activate(this.Dense0(activate(this.Conv(y)).flatten(1))));
  }
}

/**
 * Images N×C×resolution×resolution to scores N×1 (Karras et al. 2018, https://arxiv.org/abs/1710.10196). With labels
 * the score is the output of the label's class (Mescheder et al. 2018, https://arxiv.org/abs/1801.04406).
 *
 * The buffer `lod` mirrors the generator's: at lod k + t images are taken at resolution/2ᵏ, and the features after the
 * first block are blended with those of the coarser image by t.
 */
export class StyleGANDiscriminator extends Module {
  readonly resolution_log2: number;
  readonly label_size: number;
  lod!: Tensor;

  constructor(options: StyleGANDiscriminatorOptions) {
    super();
    const { num_channels = 3, label_size = 0, fused_scale = 'auto', mbstd_group_size = 4 } = options;
    this.resolution_log2 = resolution_log2(options.resolution);
    this.label_size = label_size;
    this.register_buffer('lod', zeros([]));
    for (let res = this.resolution_log2; res >= 2; res--) {
      const [channels, after] = [feature_maps(res - 1, options), feature_maps(res - 2, options)];
      this.add_module(`FromRGB_lod${this.resolution_log2 - res}`, new EqualizedConv2d(num_channels, channels, 1));
      this.add_module(
        `${2 ** res}x${2 ** res}`,
        res > 2
          ? new DownBlock(channels, after, fused_scale)
          : new LastBlock(channels, after, Math.max(label_size, 1), mbstd_group_size),
      );
    }
  }

  override forward(images: Tensor, { labels = null }: { labels?: Tensor | null } = {}): Tensor {
    check_labels('StyleGANDiscriminator', labels, this.label_size);
    const { whole, fade: coarser } = split_lod(this.lod.item(), this.resolution_log2 - 2);
    const top = this.resolution_log2 - whole;
    let x = this.from_rgb(top, downscale2d(images, 2 ** whole));
    for (let res = top; res >= 2; res--) {
      x = (this.get_submodule(`${2 ** res}x${2 ** res}`) as DownBlock | LastBlock)(x);
      if (res === top && coarser > 0) {
        x = fade(x, this.from_rgb(top - 1, downscale2d(images, 2 ** (whole + 1))), coarser);
      }
    }
    return this.label_size > 0 ? x.mul(labels!).sum(1, true) : x;
  }

  private from_rgb(res: number, image: Tensor): Tensor {
    return activate((this.get_submodule(`FromRGB_lod${this.resolution_log2 - res}`) as EqualizedConv2d)(image));
  }
}
