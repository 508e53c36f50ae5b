/** Transforms that draw nothing (torchvision: `transforms`). */
import type { Dtype, Tensor } from 'isotorch';
import { ValueError } from 'isotorch';
import { rgb_to_grayscale } from './colour';
import {
  center_crop,
  type InterpolationMode,
  type Padding,
  type PaddingMode,
  pad,
  resize,
  type Size,
  sidesOf,
} from './geometry';
import { bound } from '../keywords';
import { Transform } from './transform';
import { convert_image_dtype, normalize, pil_to_tensor, to_tensor } from './values';

/** A uint8 image as float32 (the default dtype) from 0 to 1. */
export class ToTensor extends Transform {
  static __module__ = __filename;

  constructor() {
    super([]);
  }

  forward(image: Tensor): Tensor {
    return to_tensor(image);
  }
}

/** A uint8 image as it is. */
export class PILToTensor extends Transform {
  static __module__ = __filename;

  constructor() {
    super([]);
  }

  forward(image: Tensor): Tensor {
    return pil_to_tensor(image);
  }
}

/** Values of another dtype, in its own range. */
export class ConvertImageDtype extends Transform {
  static __module__ = __filename;

  constructor(readonly dtype: Dtype) {
    super([dtype]);
  }

  forward(image: Tensor): Tensor {
    return convert_image_dtype(image, this.dtype);
  }
}

/** (x − mean) / std for each channel. */
export class Normalize extends Transform {
  static __module__ = __filename;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly inplace: boolean;

  constructor(
    ...args:
      | [mean: readonly number[], std: readonly number[], inplace?: boolean | { inplace?: boolean }]
      | [keywords: { mean: readonly number[]; std: readonly number[]; inplace?: boolean }]
  ) {
    super(args);
    const { mean, std, inplace } = bound('Normalize', ['mean', 'std', 'inplace'], 2, args);
    this.mean = mean as number[];
    this.std = std as number[];
    this.inplace = inplace === true;
  }

  forward(image: Tensor): Tensor {
    return normalize(image, this.mean, this.std, this.inplace);
  }
}

/** Keywords of `Resize`. */
export interface ResizeKeywords {
  interpolation?: InterpolationMode;
  /** The longer side's limit where the size is the shorter one's. */
  max_size?: number | null;
  /** Whether float tensors are smoothed before they shrink; uint8 images always are. */
  antialias?: boolean;
}

/**
 * An image in another size: one number is the shorter side's, two are height and width. uint8 images get the very bytes of
 * Pillow, for every filter.
 */
export class Resize extends Transform {
  static __module__ = __filename;
  readonly size: Size;
  readonly interpolation: InterpolationMode;
  readonly max_size: number | null;
  readonly antialias: boolean;

  constructor(
    ...args:
      | [size: Size, interpolation?: InterpolationMode, max_size?: number | null, antialias?: boolean]
      | [size: Size, interpolation: InterpolationMode, keywords: ResizeKeywords]
      | [size: Size, keywords: ResizeKeywords]
  ) {
    super(args);
    const given = bound('Resize', ['size', 'interpolation', 'max_size', 'antialias'], 1, args);
    const size = given.size as Size;
    if (typeof size !== 'number' && !Array.isArray(size)) {
      throw new TypeError(`Size should be int or sequence. Got ${typeof size}`);
    }
    if (Array.isArray(size) && size.length !== 1 && size.length !== 2) {
      throw new ValueError('If size is a sequence, it should have 1 or 2 values');
    }
    this.size = size;
    this.interpolation = (given.interpolation as InterpolationMode | undefined) ?? 'bilinear';
    this.max_size = (given.max_size as number | null | undefined) ?? null;
    this.antialias = given.antialias !== false;
  }

  forward(image: Tensor): Tensor {
    return resize(image, this.size, this.interpolation, this.max_size, this.antialias);
  }
}

/** The middle of an image; smaller ones are padded with 0. */
export class CenterCrop extends Transform {
  static __module__ = __filename;
  readonly size: readonly [number, number];

  constructor(size: Size) {
    super([size]);
    this.size = sidesOf(size);
  }

  forward(image: Tensor): Tensor {
    return center_crop(image, this.size);
  }
}

/** Keywords of `Pad`. */
export interface PadKeywords {
  fill?: number | readonly number[];
  padding_mode?: PaddingMode;
}

/** A frame around an image. */
export class Pad extends Transform {
  static __module__ = __filename;
  readonly padding: Padding;
  readonly fill: number | readonly number[];
  readonly padding_mode: PaddingMode;

  constructor(
    ...args:
      | [padding: Padding, fill?: number | readonly number[], padding_mode?: PaddingMode]
      | [padding: Padding, keywords: PadKeywords]
  ) {
    super(args);
    const { padding, fill, padding_mode } = bound('Pad', ['padding', 'fill', 'padding_mode'], 1, args);
    this.padding = padding as Padding;
    this.fill = (fill as number | undefined) ?? 0;
    this.padding_mode = (padding_mode as PaddingMode | undefined) ?? 'constant';
  }

  forward(image: Tensor): Tensor {
    return pad(image, this.padding, this.fill, this.padding_mode);
  }
}

/** Grey, in one channel or in three. */
export class Grayscale extends Transform {
  static __module__ = __filename;

  constructor(readonly num_output_channels: number = 1) {
    super([num_output_channels]);
  }

  forward(image: Tensor): Tensor {
    return rgb_to_grayscale(image, this.num_output_channels);
  }
}
