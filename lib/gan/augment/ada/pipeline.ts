/** ADA's augmentation pipeline (Karras et al. 2020, https://arxiv.org/abs/2006.06676, appendix B). */
import type { Tensor } from 'isotorch';
import { Module } from 'isotorch/nn';
import { coloured, draw_color } from './color';
import { cut_out, filtered, noisy } from './filtering';
import { draw_geometry, transformed } from './geometry';
import { type AdaOptions, type AdaPipeline, ada_defaults, ada_pipelines } from './options';
import { band_filters, resampling_filter } from './wavelets';

/**
 * Differentiable augmentation of real and generated images before a discriminator, of the kind that does not leak into what the
 * generator paints as long as p stays below about 0.8. Each change happens to each image by itself, with probability p times the
 * change's multiplier. Gradients of gradients go through, so that R1 can be taken at the images before it.
 *
 * @example
 * const augment = new AdaAugment('bgc');
 * const p = new AdaptiveProbability();
 * const real = discriminator(augment(images, p.p));
 */
export class AdaAugment extends Module {
  readonly options: Required<AdaOptions>;
  /** Low-pass filter of resampling. */
  Hz_geom!: Tensor;
  /** Band-pass filters. */
  Hz_fbank!: Tensor;

  /** @param pipeline a set of changes by its name, or multipliers and sizes */
  constructor(pipeline: AdaPipeline | AdaOptions = 'bgc') {
    super();
    this.options = { ...ada_defaults, ...(typeof pipeline === 'string' ? named(pipeline) : pipeline) };
    this.register_buffer('Hz_geom', resampling_filter(), { persistent: false });
    this.register_buffer('Hz_fbank', band_filters(), { persistent: false });
    if (this.options.imgfilter_bands.length !== this.Hz_fbank.size(0)) {
      throw new TypeError(`imgfilter_bands has to have ${this.Hz_fbank.size(0)} numbers, one a band`);
    }
  }

  /**
   * @param images N×3×H×W, or N×1×H×W of greys
   * @param p probability of a change whose multiplier is 1
   */
  override forward(images: Tensor, p: number): Tensor {
    const { options: o } = this;
    if (images.dim() !== 4 || ![1, 3].includes(images.size(1))) {
      throw new TypeError(`ADA takes images N×3×H×W or N×1×H×W, not of shape [${images.shape.join(', ')}]`);
    }
    let x = images;
    const back = draw_geometry(x, o, p);
    if (back !== undefined) x = transformed(x, back, this.Hz_geom);
    const color = draw_color(x, o, p);
    if (color !== undefined) x = coloured(x, color);
    if (o.imgfilter > 0) x = filtered(x, this.Hz_fbank, o, p);
    if (o.noise > 0) x = noisy(x, o, p);
    if (o.cutout > 0) x = cut_out(x, o, p);
    return x;
  }
}

function named(pipeline: AdaPipeline): AdaOptions {
  if (Object.hasOwn(ada_pipelines, pipeline)) return ada_pipelines[pipeline];
  throw new TypeError(`ADA has no pipeline '${pipeline}': it has ${Object.keys(ada_pipelines).join(', ')}`);
}
