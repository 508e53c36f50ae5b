/** StyleGAN's mapping network. */
import { leaky_relu } from 'isotorch/nn/functional';
import { Module, Parameter } from 'isotorch/nn';
import { cat, randn, type Tensor } from 'isotorch';
import { EqualizedLinear } from './equalized';
import { check_labels } from './sizes';

/** Options of `StyleGANMapping`. */
export interface StyleGANMappingOptions {
  /** Numbers of a latent vector z. */
  latent_size?: number;
  /** Classes of the labels; 0 for none. */
  label_size?: number;
  /** Numbers of a style vector w. */
  w_size?: number;
  mapping_layers?: number;
  /** Channels between the layers. */
  mapping_fmaps?: number;
  /** Factor of the layers' learning rate. */
  mapping_lrmul?: number;
  /** Whether z is brought to length √latent_size first. */
  normalize_latents?: boolean;
}

/** x·rsqrt(mean x² + 1e-8), the mean over dimension 1. */
export function pixel_norm(x: Tensor): Tensor {
  return x.mul(x.square().mean(1, true).add(1e-8).rsqrt());
}

/** Labels N×classes, one-hot, to vectors N×latent_size that are put beside the latents. */
class LabelConcat extends Module {
  weight: Parameter;

  constructor(label_size: number, latent_size: number) {
    super();
    this.weight = new Parameter(randn(label_size, latent_size));
  }

  override forward(z: Tensor, labels: Tensor): Tensor {
    return cat([z, labels.matmul(this.weight)], 1);
  }
}

/**
 * Latents N×latent_size to styles w, N×w_size: pixel_norm, then eight dense layers with leaky ReLU .2
 * (Karras et al. 2019, https://arxiv.org/abs/1812.04948).
 */
export class StyleGANMapping extends Module {
  readonly label_size: number;
  readonly normalize_latents: boolean;
  readonly mapping_layers: number;
  LabelConcat: LabelConcat | null = null;

  constructor(options: StyleGANMappingOptions = {}) {
    super();
    const { latent_size = 512, label_size = 0, w_size = 512, mapping_layers = 8, mapping_fmaps = 512 } = options;
    this.label_size = label_size;
    this.normalize_latents = options.normalize_latents ?? true;
    this.mapping_layers = mapping_layers;
    if (label_size > 0) this.LabelConcat = new LabelConcat(label_size, latent_size);
    let width = label_size > 0 ? 2 * latent_size : latent_size;
    for (let i = 0; i < mapping_layers; i++) {
      const out = i === mapping_layers - 1 ? w_size : mapping_fmaps;
      this.add_module(`Dense${i}`, new EqualizedLinear(width, out, { lrmul: options.mapping_lrmul ?? 0.01 }));
      width = out;
    }
  }

  override forward(z: Tensor, labels: Tensor | null = null): Tensor {
    check_labels('StyleGANMapping', labels, this.label_size);
    let x = this.LabelConcat === null ? z : this.LabelConcat(z, labels!);
    if (this.normalize_latents) x = pixel_norm(x);
    for (let i = 0; i < this.mapping_layers; i++) {
      x = leaky_relu((this.get_submodule(`Dense${i}`) as EqualizedLinear)(x), 0.2);
    }
    return x;
  }
}
