/** All networks of lucidrains' StyleGAN2 together, as its checkpoints hold them. */
import type { Tensor } from 'isotorch';
import { Conv2d, Linear, Module } from 'isotorch/nn';
import { kaiming_normal_, zeros_ } from 'isotorch/nn/init';
import { reset_average, update_average } from '../../averages';
import { StyleGAN2Discriminator } from './discriminator';
import { StyleGAN2Generator } from './generator';
import type { StyleGAN2DiscriminatorOptions, StyleGAN2GeneratorOptions } from './options';
import { StyleVectorizer } from './style_vectorizer';

/** Sizes of all networks. */
export interface StyleGAN2Options extends StyleGAN2GeneratorOptions, StyleGAN2DiscriminatorOptions {
  /** Layers of S. Default 8. */
  style_depth?: number;
  /** Factor of the weights of S in each call. Default 0.1. */
  lr_mlp?: number;
}

/** Holds D a second time, as `D_aug.D`: the original augments what it sees in a module around it. */
class AugWrapper extends Module {
  D: StyleGAN2Discriminator;

  constructor(D: StyleGAN2Discriminator) {
    super();
    this.D = D;
  }

  override forward(images: Tensor): [logits: Tensor, quantize_loss: Tensor] {
    return this.D(images);
  }
}

/**
 * S, G, D and the averages SE, GE of S and G, made and initialised in the original's order, so that a seed gives the
 * original's weights. `state_dict` has its names: D's parameters are there as `D.…` and as `D_aug.D.…`.
 *
 * Every Conv2d and Linear gets kaiming_normal_ weights (fan_in, gain √2) and keeps its own biases; the noise layers
 * start at 0.
 *
 * The original makes GE without `fmap_max`: where another value than 512 narrows a layer, it stops with an error when
 * the first averages are copied. Here GE has G's sizes; with `fmap_max` 512 nothing differs.
 */
export class StyleGAN2 extends Module {
  S: StyleVectorizer;
  G: StyleGAN2Generator;
  D: StyleGAN2Discriminator;
  SE: StyleVectorizer;
  GE: StyleGAN2Generator;
  D_aug: AugWrapper;

  constructor(options: StyleGAN2Options) {
    super();
    const { latent_dim = 512, style_depth = 8, lr_mlp = 0.1 } = options;
    this.S = new StyleVectorizer(latent_dim, style_depth, lr_mlp);
    this.G = new StyleGAN2Generator(options);
    this.D = new StyleGAN2Discriminator(options);
    this.SE = new StyleVectorizer(latent_dim, style_depth, lr_mlp);
    this.GE = new StyleGAN2Generator(options);
    this.D_aug = new AugWrapper(this.D);
    this.SE.requires_grad_(false);
    this.GE.requires_grad_(false);
    this.init_weights();
    this.reset_parameter_averaging();
  }

  /** Copies S and G into SE and GE. */
  reset_parameter_averaging(): void {
    reset_average(this.SE, this.S);
    reset_average(this.GE, this.G);
  }

  /** Moves the averages: old·beta + (1 − beta)·new, of parameters only. */
  EMA(beta = 0.995): void {
    const how = { form: 'lucidrains', buffers: 'kept' } as const;
    update_average(this.SE, this.S, beta, how);
    update_average(this.GE, this.G, beta, how);
  }

  private init_weights(): void {
    for (const module of this.modules()) {
      if (module.constructor === Conv2d || module.constructor === Linear) {
        kaiming_normal_((module as Conv2d | Linear).weight, 0, 'fan_in', 'leaky_relu');
      }
    }
    for (const block of this.G.blocks) {
      for (const { weight, bias } of [block.to_noise1, block.to_noise2]) {
        zeros_(weight);
        zeros_(bias!);
      }
    }
  }
}
