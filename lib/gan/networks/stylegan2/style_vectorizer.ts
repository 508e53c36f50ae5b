import type { Tensor } from 'isotorch';
import { type Layer, Module, Sequential } from 'isotorch/nn';
import { normalize } from 'isotorch/nn/functional';
import { EqualLinear, leaky_relu } from './layers';

/**
 * The style network S of lucidrains' StyleGAN2: z (N, emb) / ‖z‖₂, then `depth` times EqualLinear and LeakyReLU.
 * 2,101,248 parameters at 512 and 8.
 *
 * @see https://github.com/lucidrains/stylegan2-pytorch
 */
export class StyleVectorizer extends Module {
  net: Sequential;

  constructor(emb = 512, depth = 8, lr_mul = 0.1) {
    super();
    const layers: Layer[] = [];
    for (let i = 0; i < depth; i++) layers.push(new EqualLinear(emb, emb, lr_mul), leaky_relu());
    this.net = new Sequential(...layers);
  }

  override forward(x: Tensor): Tensor {
    return this.net(normalize(x, { dim: 1 }));
  }
}
