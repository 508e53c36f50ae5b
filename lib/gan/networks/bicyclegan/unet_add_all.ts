/** BicycleGAN's generator that sees the latent code at every level. */
import { Module, Sequential } from 'isotorch/nn';
import { cat, type Tensor } from 'isotorch';
import { with_code } from './code';
import { level_layers } from './level_layers';
import { type BicycleUnetOptions, type UnetLevel, unet_levels } from './unet_plan';

/** A level whose way down starts with the code behind its input. */
class UnetBlockWithCode extends Module {
  readonly nz: number;
  readonly outermost: boolean;
  down: Sequential;
  submodule: UnetBlockWithCode | null;
  up: Sequential;

  constructor(level: UnetLevel, nz: number, submodule: UnetBlockWithCode | null) {
    super();
    this.nz = nz;
    this.outermost = level.place === 'outermost';
    const { down, up } = level_layers(level, nz);
    this.down = new Sequential(...down);
    this.submodule = submodule;
    this.up = new Sequential(...up);
  }

  override forward(x: Tensor, z: Tensor): Tensor {
    const inside = this.down(this.nz > 0 ? with_code(x, z) : x);
    const out = this.up(this.submodule ? this.submodule(inside, z) : inside);
    return this.outermost ? out : cat([out, x], 1);
  }
}

/**
 * Images B×input_nc×S×S and codes B×nz to images B×output_nc×S×S in [−1, 1], S = 2^num_downs: a U-Net where the code is
 * tiled behind the input of every level (`G_Unet_add_all` of junyanz/BicycleGAN, its default generator).
 */
export class BicycleUnetAddAll extends Module {
  readonly nz: number;
  model: UnetBlockWithCode;

  constructor(options: BicycleUnetOptions) {
    super();
    this.nz = options.nz;
    let block: UnetBlockWithCode | null = null;
    for (const level of unet_levels(options, 0)) block = new UnetBlockWithCode(level, options.nz, block);
    this.model = block!;
  }

  override forward(x: Tensor, z: Tensor): Tensor {
    return this.model(x, z);
  }
}
