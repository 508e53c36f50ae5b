/** Transforms that draw from torch's generator, number by number as torchvision's do. */
import { empty, exp, log, rand, randint, randperm, type Tensor, tensor, ValueError } from 'isotorch';
import { math, round } from 'isotorch/python';
import { adjust_brightness, adjust_contrast, adjust_hue, adjust_saturation, rgb_to_grayscale } from './colour';
import {
  crop,
  get_dimensions,
  hflip,
  type InterpolationMode,
  type Padding,
  type PaddingMode,
  pad,
  resized_crop,
  type Size,
  sidesOf,
  vflip,
} from './geometry';
import { bound } from '../keywords';
import { Transform } from './transform';

/** Whether a draw is below p, compared in float32 as in Python. */
const happens = (p: number): boolean => rand([1]).lt(p).item() as boolean;

const whole = (below: number): number => randint(0, below, [1]).item() as number;

const between = (low: number, high: number): number => empty([1]).uniform_(low, high).item() as number;

/** An image, or its mirror image, with probability p. */
export class RandomHorizontalFlip extends Transform {
  static __module__ = __filename;

  constructor(readonly p: number = 0.5) {
    super([p]);
  }

  forward(image: Tensor): Tensor {
    return happens(this.p) ? hflip(image) : image;
  }
}

/** An image, or what is upside down, with probability p. */
export class RandomVerticalFlip extends Transform {
  static __module__ = __filename;

  constructor(readonly p: number = 0.5) {
    super([p]);
  }

  forward(image: Tensor): Tensor {
    return happens(this.p) ? vflip(image) : image;
  }
}

/** An image, or its grey, with probability p; it keeps its channels. */
export class RandomGrayscale extends Transform {
  static __module__ = __filename;

  constructor(readonly p: number = 0.1) {
    super([p]);
  }

  forward(image: Tensor): Tensor {
    return happens(this.p) ? rgb_to_grayscale(image, get_dimensions(image)[0]) : image;
  }
}

/** Keywords of `RandomCrop`. */
export interface RandomCropKeywords {
  padding?: Padding | null;
  pad_if_needed?: boolean;
  fill?: number | readonly number[];
  padding_mode?: PaddingMode;
}

/** A part of an image somewhere, after a frame was put around it. */
export class RandomCrop extends Transform {
  static __module__ = __filename;
  readonly size: readonly [number, number];
  readonly padding: Padding | null;
  readonly pad_if_needed: boolean;
  readonly fill: number | readonly number[];
  readonly padding_mode: PaddingMode;

  constructor(
    ...args:
      | [
          size: Size,
          padding?: Padding | null,
          pad_if_needed?: boolean,
          fill?: number | readonly number[],
          padding_mode?: PaddingMode,
        ]
      | [size: Size, keywords: RandomCropKeywords]
  ) {
    super(args);
    const names = ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode'] as const;
    const given = bound('RandomCrop', names, 1, args);
    this.size = sidesOf(given.size as Size);
    this.padding = (given.padding as Padding | null | undefined) ?? null;
    this.pad_if_needed = given.pad_if_needed === true;
    this.fill = (given.fill as number | undefined) ?? 0;
    this.padding_mode = (given.padding_mode as PaddingMode | undefined) ?? 'constant';
  }

  /** Top, left, height and width of the part. */
  static get_params(image: Tensor, [height, width]: readonly [number, number]): [number, number, number, number] {
    const [, h, w] = get_dimensions(image);
    if (h < height || w < width) {
      throw new ValueError(`Required crop size (${height}, ${width}) is larger than input image size (${h}, ${w})`);
    }
    if (w === width && h === height) return [0, 0, h, w];
    const top = whole(h - height + 1);
    return [top, whole(w - width + 1), height, width];
  }

  forward(given: Tensor): Tensor {
    const { fill, padding_mode } = this;
    let image = this.padding === null ? given : pad(given, this.padding, fill, padding_mode);
    const [, height, width] = get_dimensions(image);
    if (this.pad_if_needed && width < this.size[1]) image = pad(image, [this.size[1] - width, 0], fill, padding_mode);
    if (this.pad_if_needed && height < this.size[0]) image = pad(image, [0, this.size[0] - height], fill, padding_mode);
    return crop(image, ...RandomCrop.get_params(image, this.size));
  }
}

/** Keywords of `RandomResizedCrop`. */
export interface RandomResizedCropKeywords {
  scale?: readonly [number, number];
  ratio?: readonly [number, number];
  interpolation?: InterpolationMode;
  antialias?: boolean;
}

/** A part of random size and shape, in the size asked for. */
export class RandomResizedCrop extends Transform {
  static __module__ = __filename;
  readonly size: readonly [number, number];
  readonly scale: readonly [number, number];
  readonly ratio: readonly [number, number];
  readonly interpolation: InterpolationMode;
  readonly antialias: boolean;

  constructor(
    ...args:
      | [size: Size, scale?: readonly [number, number], ratio?: readonly [number, number]]
      | [size: Size, keywords: RandomResizedCropKeywords]
      | [size: Size, scale: readonly [number, number], keywords: RandomResizedCropKeywords]
  ) {
    super(args);
    const names = ['size', 'scale', 'ratio', 'interpolation', 'antialias'] as const;
    const given = bound('RandomResizedCrop', names, 1, args);
    this.size = sidesOf(given.size as Size);
    this.scale = (given.scale as [number, number] | undefined) ?? [0.08, 1];
    this.ratio = (given.ratio as [number, number] | undefined) ?? [3 / 4, 4 / 3];
    this.interpolation = (given.interpolation as InterpolationMode | undefined) ?? 'bilinear';
    this.antialias = given.antialias !== false;
  }

  /** Top, left, height and width of the part: the middle where ten draws give none that fits. */
  static get_params(
    image: Tensor,
    scale: readonly [number, number],
    ratio: readonly [number, number],
  ): [number, number, number, number] {
    const [, height, width] = get_dimensions(image);
    const [low, high] = log(tensor([...ratio])).tolist() as [number, number];
    for (let tried = 0; tried < 10; tried++) {
      const area = height * width * between(scale[0], scale[1]);
      const aspect = exp(empty([1]).uniform_(low, high)).item() as number;
      const w = Number(round(math.sqrt(area * aspect)));
      const h = Number(round(math.sqrt(area / aspect)));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        const top = whole(height - h + 1);
        return [top, whole(width - w + 1), h, w];
      }
    }
    const shape = width / height;
    const [least, most] = [Math.min(...ratio), Math.max(...ratio)];
    const w = shape > most ? Number(round(height * most)) : width;
    const h = shape < least ? Number(round(width / least)) : height;
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  forward(image: Tensor): Tensor {
    const [top, left, height, width] = RandomResizedCrop.get_params(image, this.scale, this.ratio);
    return resized_crop(image, top, left, height, width, this.size, this.interpolation, this.antialias);
  }
}

/** How much a colour may change: up to so much around the middle, or between two numbers. */
export type Jitter = number | readonly [number, number];

/** Keywords of `ColorJitter`. */
export interface ColorJitterKeywords {
  brightness?: Jitter;
  contrast?: Jitter;
  saturation?: Jitter;
  hue?: Jitter;
}

/** The range of a factor; null where it changes nothing. */
function rangeOf(given: unknown, name: string, centre: number, least: number, most: number): [number, number] | null {
  let range: [number, number];
  if (typeof given === 'number') {
    if (given < 0) throw new ValueError(`If ${name} is a single number, it must be non negative.`);
    range = [centre - given, centre + given];
    if (centre === 1) range[0] = Math.max(range[0], 0);
  } else if (Array.isArray(given) && given.length === 2) range = [Number(given[0]), Number(given[1])];
  else throw new TypeError(`${name} should be a single number or a list/tuple with length 2.`);
  if (!(least <= range[0] && range[0] <= range[1] && range[1] <= most)) {
    throw new ValueError(`${name} values should be between (${least}, ${most}), but got [${range.join(', ')}].`);
  }
  return range[0] === centre && range[1] === centre ? null : range;
}

/** Brightness, contrast, saturation and hue changed, in random order. */
export class ColorJitter extends Transform {
  static __module__ = __filename;
  readonly brightness: [number, number] | null;
  readonly contrast: [number, number] | null;
  readonly saturation: [number, number] | null;
  readonly hue: [number, number] | null;

  constructor(
    ...args:
      | [brightness?: Jitter, contrast?: Jitter, saturation?: Jitter, hue?: Jitter]
      | [keywords: ColorJitterKeywords]
  ) {
    super(args);
    const given = bound('ColorJitter', ['brightness', 'contrast', 'saturation', 'hue'], 0, args);
    this.brightness = rangeOf(given.brightness ?? 0, 'brightness', 1, 0, Infinity);
    this.contrast = rangeOf(given.contrast ?? 0, 'contrast', 1, 0, Infinity);
    this.saturation = rangeOf(given.saturation ?? 0, 'saturation', 1, 0, Infinity);
    this.hue = rangeOf(given.hue ?? 0, 'hue', 0, -0.5, 0.5);
  }

  forward(image: Tensor): Tensor {
    const order = randperm(4).tolist() as number[];
    const draw = (range: readonly [number, number] | null): number | null =>
      range === null ? null : between(range[0], range[1]);
    const factors = [draw(this.brightness), draw(this.contrast), draw(this.saturation), draw(this.hue)];
    const changes = [adjust_brightness, adjust_contrast, adjust_saturation, adjust_hue];
    return order.reduce((changed, which) => {
      const factor = factors[which]!;
      return factor === null ? changed : changes[which]!(changed, factor);
    }, image);
  }
}
