import { randn, type Tensor } from 'isotorch';
import {
  Conv2d,
  ConvTranspose2d,
  type LeakyReLU,
  Linear,
  Module,
  ModuleList,
  Parameter,
  Sequential,
  Upsample,
} from 'isotorch/nn';
import { attn_and_ff } from './attention';
import { Blur, Conv2DMod, leaky_relu } from './layers';
import { checkLayers, numberOfLayers, type StyleGAN2GeneratorOptions } from './options';

function twice(): Upsample {
  return new Upsample({ scale_factor: 2, mode: 'bilinear', align_corners: false });
}

/** Features to colours: a modulated 1×1 convolution, added to the colours so far, then enlarged and blurred. */
class RGBBlock extends Module {
  to_style: Linear;
  conv: Conv2DMod;
  upsample: Sequential | null;

  constructor(latent_dim: number, input_channel: number, upsample: boolean, channels: number) {
    super();
    this.to_style = new Linear(latent_dim, input_channel);
    this.conv = new Conv2DMod(input_channel, channels, 1, { demod: false });
    this.upsample = upsample ? new Sequential(twice(), new Blur()) : null;
  }

  override forward(x: Tensor, prev_rgb: Tensor | null, istyle: Tensor): Tensor {
    let rgb = this.conv(x, this.to_style(istyle));
    if (prev_rgb !== null) rgb = rgb.add(prev_rgb);
    return this.upsample === null ? rgb : this.upsample(rgb);
  }
}

/** How a block of the generator differs from the others. */
interface BlockOptions {
  upsample: boolean;
  upsample_rgb: boolean;
  /** Channels of the images. */
  channels: number;
}

/** Two modulated convolutions with noise, after enlarging; then the colours. */
class GeneratorBlock extends Module {
  upsample: Upsample | null;
  to_style1: Linear;
  to_noise1: Linear;
  conv1: Conv2DMod;
  to_style2: Linear;
  to_noise2: Linear;
  conv2: Conv2DMod;
  activation: LeakyReLU;
  to_rgb: RGBBlock;

  constructor(latent_dim: number, input_channels: number, filters: number, options: BlockOptions) {
    super();
    this.upsample = options.upsample ? twice() : null;
    this.to_style1 = new Linear(latent_dim, input_channels);
    this.to_noise1 = new Linear(1, filters);
    this.conv1 = new Conv2DMod(input_channels, filters, 3);
    this.to_style2 = new Linear(latent_dim, filters);
    this.to_noise2 = new Linear(1, filters);
    this.conv2 = new Conv2DMod(filters, filters, 3);
    this.activation = leaky_relu();
    this.to_rgb = new RGBBlock(latent_dim, filters, options.upsample_rgb, options.channels);
  }

  override forward(x: Tensor, prev_rgb: Tensor | null, istyle: Tensor, inoise: Tensor): [x: Tensor, rgb: Tensor] {
    if (this.upsample !== null) x = this.upsample(x);
    const [, , h, w] = x.shape as [number, number, number, number];
    const cropped = inoise.get(':', `:${h}`, `:${w}`, ':');
    // The original exchanges height and width of the noise here; images are square, so nobody sees it.
    const noise1 = this.to_noise1(cropped).permute(0, 3, 2, 1);
    const noise2 = this.to_noise2(cropped).permute(0, 3, 2, 1);
    x = this.conv1(x, this.to_style1(istyle));
    x = this.activation(x.add(noise1));
    x = this.conv2(x, this.to_style2(istyle));
    x = this.activation(x.add(noise2));
    return [x, this.to_rgb(x, prev_rgb, istyle)];
  }
}

/**
 * The generator G of lucidrains' StyleGAN2: styles (N, num_layers, latent_dim) and noise (N, image_size, image_size, 1)
 * to images (N, 3 or 4, image_size, image_size), not clamped. Parameters: 3,211,424 at 32², 11,216,544 at 64²,
 * 16,726,688 at 128², 22,236,832 at 256².
 *
 * @see https://github.com/lucidrains/stylegan2-pytorch
 */
export class StyleGAN2Generator extends Module {
  readonly image_size: number;
  readonly latent_dim: number;
  /** Blocks, each of which takes one style: log2(image_size) − 1. */
  readonly num_layers: number;
  /** The learnt 4×4 image that all starts from; without `no_const`. */
  declare initial_block?: Parameter;
  /** Makes that image of the mean style; with `no_const`. */
  declare to_initial_block?: ConvTranspose2d;
  initial_conv: Conv2d;
  blocks: ModuleList<GeneratorBlock>;
  attns: ModuleList<Sequential | null>;

  constructor(options: StyleGAN2GeneratorOptions) {
    super();
    const { image_size, latent_dim = 512, network_capacity = 16, fmap_max = 512 } = options;
    const { transparent = false, no_const = false, attn_layers = [] } = options;
    this.image_size = image_size;
    this.latent_dim = latent_dim;
    this.num_layers = numberOfLayers(image_size);
    checkLayers('attn_layers', attn_layers, this.num_layers + 1);
    const widths = Array.from({ length: this.num_layers }, (_, i) => network_capacity * 2 ** (i + 1)).reverse();
    const capped = widths.map((width) => Math.min(width, fmap_max));
    const filters = [capped[0]!, ...capped];
    if (no_const) this.to_initial_block = new ConvTranspose2d(latent_dim, filters[0]!, 4, 1, 0, { bias: false });
    else this.initial_block = new Parameter(randn(1, filters[0]!, 4, 4));
    this.initial_conv = new Conv2d(filters[0]!, filters[0]!, 3, { padding: 1 });
    this.blocks = new ModuleList<GeneratorBlock>();
    this.attns = new ModuleList<Sequential | null>();
    for (let ind = 0; ind < this.num_layers; ind++) {
      const [in_chan, out_chan] = [filters[ind]!, filters[ind + 1]!];
      this.attns.append(attn_layers.includes(this.num_layers - ind) ? attn_and_ff(in_chan) : null);
      const block = new GeneratorBlock(latent_dim, in_chan, out_chan, {
        upsample: ind !== 0,
        upsample_rgb: ind !== this.num_layers - 1,
        channels: transparent ? 4 : 3,
      });
      this.blocks.append(block);
    }
  }

  override forward(styles: Tensor, input_noise: Tensor): Tensor {
    const [batch_size] = styles.shape as [number];
    let x: Tensor;
    if (this.to_initial_block !== undefined) {
      x = this.to_initial_block(styles.mean(1).get(':', ':', null, null));
    } else {
      x = this.initial_block!.expand(batch_size, -1, -1, -1);
    }
    let rgb: Tensor | null = null;
    const byLayer = styles.transpose(0, 1).unbind(0);
    x = this.initial_conv(x);
    for (const [ind, block] of [...this.blocks].entries()) {
      const attn = this.attns[ind] ?? null;
      if (attn !== null) x = attn(x);
      [x, rgb] = block(x, rgb, byLayer[ind]!, input_noise);
    }
    return rgb!;
  }
}
