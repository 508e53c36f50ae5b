/** BicycleGAN's generator that sees the latent code at its input only. */
import { Module, Sequential } from 'isotorch/nn';
import { cat, type Tensor } from 'isotorch';
import { with_code } from './code';
import { level_layers } from './level_layers';
import { type BicycleUnetOptions, type UnetLevel, unet_levels } from './unet_plan';

/** A level with those inside it; all but the outermost hand their input on beside their output: [out, in]. */
class UnetBlock extends Module {
  readonly outermost: boolean;
  model: Sequential;

  constructor(level: UnetLevel, submodule: UnetBlock | undefined) {
    super();
    this.outermost = level.place === 'outermost';
    const { down, up } = level_layers(level);
    this.model = new Sequential(...down, ...(submodule ? [submodule] : []), ...up);
  }

  override forward(x: Tensor): Tensor {
    if (this.outermost) return this.model(x);
    return cat([this.model(x), x], 1);
  }
}

/**
 * Images B×input_nc×S×S and codes B×nz to images B×output_nc×S×S in [−1, 1], S = 2^num_downs: the U-Net of pix2pix
 * whose input has the code tiled behind it (`G_Unet_add_input` of junyanz/BicycleGAN; Zhu et al. 2017,
 * https://arxiv.org/abs/1711.11586).
 *
 * The LeakyReLU on the way down works in place on what a level hands on, so that with `nl: 'lrelu'` the skips carry its
 * result; with ReLU that makes no difference.
 */
export class BicycleUnetAddInput extends Module {
  readonly nz: number;
  model: UnetBlock;

  constructor(options: BicycleUnetOptions) {
    super();
    this.nz = options.nz;
    let block: UnetBlock | undefined;
    for (const level of unet_levels(options, options.nz)) block = new UnetBlock(level, block);
    this.model = block!;
  }

  override forward(x: Tensor, z?: Tensor): Tensor {
    if (this.nz === 0) return this.model(x);
    if (!z)
      throw new TypeError(`BicycleUnetAddInput: forward(x, z) takes a code of ${this.nz} numbers, which is missing`);
    return this.model(with_code(x, z));
  }
}
