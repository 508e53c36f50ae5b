import { type OneOrMany, pythonClass, pythonMethods } from '../../call';
import { floatRepr, stringRepr, valueText } from '../../core';
import type { Tensor } from '../../memory';
import { type InterpolationMode, interpolate } from '../functional/interpolate';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';

/** One number for all spatial dimensions, or one for each. */
type PerDimension = OneOrMany<number>;

/** `2.0`, `(2.0, 3.0)`. */
function factorsText(factors: PerDimension): string {
  if (typeof factors === 'number') return floatRepr(factors);
  return `(${factors.map(floatRepr).join(', ')}${factors.length === 1 ? ',' : ''})`;
}

class UpsampleModule extends Module {
  static {
    pythonMethods(this.prototype, 'Upsample', { forward: ['input'], extra_repr: [] });
  }

  /** The class's name. */
  override name: string;
  scale_factor: PerDimension | null;

  constructor(
    /** Spatial size of the result; or `scale_factor`. */
    public size: PerDimension | null = null,
    /** Factors of the input's spatial size; or `size`. */
    scale_factor: PerDimension | null = null,
    /** Way to find values between the input's. Default `'nearest'`. */
    public mode: InterpolationMode = 'nearest',
    /** Whether the corners of input and result coincide. Default null, which is false. */
    public align_corners: boolean | null = null,
    /** Whether factors are computed anew from the result's size. Default null, which is false. */
    public recompute_scale_factor: boolean | null = null,
  ) {
    super();
    this.name = new.target.name;
    this.scale_factor = Array.isArray(scale_factor) ? scale_factor.map(Number) : Number(scale_factor) || null;
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this;
    return interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor);
  }

  override extra_repr(): string {
    const { size, scale_factor } = this;
    const target = scale_factor === null ? `size=${valueText(size)}` : `scale_factor=${factorsText(scale_factor)}`;
    return `${target}, mode=${stringRepr(this.mode)}`;
  }
}

/**
 * (N, C, *) to another spatial size, of 1, 2 or 3 dimensions.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 */
export class Upsample extends pythonClass(
  'Upsample',
  ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor'],
  UpsampleModule,
) {}

class UpsamplingNearest2dModule extends Upsample {
  constructor(size: PerDimension | null = null, scale_factor: PerDimension | null = null) {
    super(size, scale_factor, 'nearest');
  }
}

/**
 * (N, C, H, W) to another size by the nearest element.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html
 */
export class UpsamplingNearest2d extends pythonClass(
  'UpsamplingNearest2d',
  ['size', 'scale_factor'],
  UpsamplingNearest2dModule,
) {}

class UpsamplingBilinear2dModule extends Upsample {
  constructor(size: PerDimension | null = null, scale_factor: PerDimension | null = null) {
    super(size, scale_factor, 'bilinear', true);
  }
}

/**
 * (N, C, H, W) to another size, bilinear, with corners that coincide.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html
 */
export class UpsamplingBilinear2d extends pythonClass(
  'UpsamplingBilinear2d',
  ['size', 'scale_factor'],
  UpsamplingBilinear2dModule,
) {}
