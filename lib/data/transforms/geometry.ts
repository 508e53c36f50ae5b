/** Sizes, crops, flips, padding and resizing of images (torchvision: `transforms.functional`). */
import { is_tensor, no_grad, type Tensor, tensor, uint8, ValueError } from 'isotorch';
import { interpolate } from 'isotorch/nn/functional';
import { round } from 'isotorch/python';
import { premultiplied, straight } from '../images/alpha';
import { pillowResize } from '../images/pillow';

/** How pixels between pixels are made, by torchvision's names. */
export type InterpolationMode =
  | 'nearest'
  | 'nearest-exact'
  | 'bilinear'
  | 'bicubic'
  | 'box'
  | 'hamming'
  | 'lanczos'
  | 'mks2013'
  | 'mks2021';

/** Height and width; one number is both, or the shorter side where a function says so. */
export type Size = number | readonly number[];

/** Pixels on all sides; left and right, top and bottom; or left, top, right, bottom. */
export type Padding = number | readonly number[];

/** What is beyond the edges of an image. */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

/** Whether a tensor stands for a PIL image. */
export const isPicture = (image: Tensor): boolean => image.dtype === uint8;

/** Channels, height and width. @throws TypeError where it is no image */
export function get_dimensions(image: Tensor): [channels: number, height: number, width: number] {
  if (!is_tensor(image) || image.ndim < 2) throw new TypeError('Tensor is not a torch image.');
  const [height, width] = image.shape.slice(-2) as [number, number];
  return [image.ndim === 2 ? 1 : image.shape.at(-3)!, height, width];
}

/** The part from `top` and `left` on; what is beyond the image is 0. */
export function crop(image: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const [, h, w] = get_dimensions(image);
  const [bottom, right] = [top + height, left + width];
  if (left >= 0 && top >= 0 && right <= w && bottom <= h) {
    return image.narrow(-2, top, height).narrow(-1, left, width);
  }
  const [y, x] = [Math.min(Math.max(top, 0), h), Math.min(Math.max(left, 0), w)];
  const inside = image
    .narrow(-2, y, Math.max(0, Math.min(bottom, h) - y))
    .narrow(-1, x, Math.max(0, Math.min(right, w) - x));
  const around = [
    Math.max(-left + Math.min(0, right), 0),
    Math.max(-top + Math.min(0, bottom), 0),
    Math.max(right - Math.max(w, left), 0),
    Math.max(bottom - Math.max(h, top), 0),
  ];
  return pad(inside, around);
}

/** Height and width of a size. */
export function sidesOf(size: Size, message = 'Please provide only two dimensions (h, w) for size.'): [number, number] {
  if (typeof size === 'number') return [Math.trunc(size), Math.trunc(size)];
  if (size.length === 1) return [size[0]!, size[0]!];
  if (size.length !== 2) throw new ValueError(message);
  return [size[0]!, size[1]!];
}

/** The middle of an image; smaller ones are padded with 0. */
export function center_crop(image: Tensor, output_size: Size): Tensor {
  const [height, width] = sidesOf(output_size);
  let whole = image;
  let [, h, w] = get_dimensions(image);
  if (width > w || height > h) {
    const [across, down] = [Math.max(0, width - w), Math.max(0, height - h)];
    whole = pad(image, [across >> 1, down >> 1, (across + 1) >> 1, (down + 1) >> 1]);
    [, h, w] = get_dimensions(whole);
    if (width === w && height === h) return whole;
  }
  return crop(whole, Number(round((h - height) / 2)), Number(round((w - width) / 2)), height, width);
}

/** Left, top, right and bottom. */
function sidesOfPadding(padding: Padding): [number, number, number, number] {
  const given = typeof padding === 'number' ? [padding] : padding;
  if (given.length === 1) return [given[0]!, given[0]!, given[0]!, given[0]!];
  if (given.length === 2) return [given[0]!, given[1]!, given[0]!, given[1]!];
  if (given.length === 4) return given.slice() as [number, number, number, number];
  throw new ValueError(`Padding must be an int or a 1, 2, or 4 element tuple, not a ${given.length} element tuple`);
}

/** The place inside of `size` that a place beyond it shows. */
function mirrored(place: number, size: number, mode: PaddingMode): number {
  if (mode === 'edge') return Math.min(Math.max(place, 0), size - 1);
  if (mode === 'reflect' && size === 1) return 0;
  const period = mode === 'reflect' ? 2 * (size - 1) : 2 * size;
  const at = ((place % period) + period) % period;
  if (at < size) return at;
  return mode === 'reflect' ? period - at : period - 1 - at;
}

function indices(before: number, size: number, after: number, mode: PaddingMode): Tensor {
  const count = before + size + after;
  return tensor(BigInt64Array.from({ length: count }, (_, i) => BigInt(mirrored(i - before, size, mode))));
}

/** A frame around an image: of `fill` (one value, or one for each channel), or of what the mode repeats. */
export function pad(
  image: Tensor,
  padding: Padding,
  fill: number | readonly number[] = 0,
  padding_mode: PaddingMode = 'constant',
): Tensor {
  const [left, top, right, bottom] = sidesOfPadding(padding);
  const [channels, height, width] = get_dimensions(image);
  if (padding_mode === 'constant') {
    const shape = [...image.shape.slice(0, -2), height + top + bottom, width + left + right];
    const colours = typeof fill === 'number' ? [fill] : fill;
    if (colours.length !== 1 && colours.length !== channels) {
      throw new ValueError(
        `The number of elements in 'fill' does not match the number of channels of the image (${colours.length} != ${channels})`,
      );
    }
    const framed = image.new_empty(shape);
    const values = image.new_tensor(isPicture(image) ? colours.map(Math.trunc) : [...colours]);
    framed.copy_(values.view(colours.length, 1, 1));
    const inner = crop(
      image,
      -Math.min(top, 0),
      -Math.min(left, 0),
      height + Math.min(top, 0) + Math.min(bottom, 0),
      width + Math.min(left, 0) + Math.min(right, 0),
    );
    framed.narrow(-2, Math.max(top, 0), inner.size(-2)).narrow(-1, Math.max(left, 0), inner.size(-1)).copy_(inner);
    return framed;
  }
  if (!['edge', 'reflect', 'symmetric'].includes(padding_mode)) {
    throw new ValueError('Padding mode should be either constant, edge, reflect or symmetric');
  }
  return image
    .index_select(-2, indices(top, height, bottom, padding_mode))
    .index_select(-1, indices(left, width, right, padding_mode));
}

/** Left and right exchanged. */
export const hflip = (image: Tensor): Tensor => image.flip([-1]);

/** Top and bottom exchanged. */
export const vflip = (image: Tensor): Tensor => image.flip([-2]);

/** Height and width of what `resize` makes. */
function resizedSides(height: number, width: number, size: Size, max_size: number | null): [number, number] {
  const given = typeof size === 'number' ? [size] : size;
  if (given.length !== 1 && given.length !== 2) {
    throw new ValueError(
      `Size must be an int or a 1 or 2 element tuple/list, not a ${given.length} element tuple/list`,
    );
  }
  if (given.length === 2) {
    if (max_size === null) return [given[0]!, given[1]!];
    throw new ValueError('max_size should only be passed if size specifies the length of the smaller edge');
  }
  const [short, long] = width <= height ? [width, height] : [height, width];
  const wanted = given[0]!;
  let newShort = wanted;
  let newLong = Math.trunc((wanted * long) / short);
  if (max_size !== null) {
    if (max_size <= wanted) {
      throw new ValueError(
        `max_size = ${max_size} must be strictly greater than the requested size for the smaller edge size = ${wanted}`,
      );
    }
    if (newLong > max_size) [newShort, newLong] = [Math.trunc((max_size * newShort) / newLong), max_size];
  }
  return width <= height ? [newLong, newShort] : [newShort, newLong];
}

/** A PIL image's bytes in another size, as Pillow makes them; four channels are colours and alpha. */
function resizedPicture(image: Tensor, height: number, width: number, filter: InterpolationMode): Tensor {
  const blends = image.ndim === 3 && image.size(0) === 4 && !filter.startsWith('nearest');
  return blends
    ? straight(resizedBytes(premultiplied(image), height, width, filter))
    : resizedBytes(image, height, width, filter);
}

function resizedBytes(image: Tensor, height: number, width: number, filter: InterpolationMode): Tensor {
  const rows = image.ndim === 2 ? image.unsqueeze(-1) : image.permute(1, 2, 0);
  const name = filter === 'nearest-exact' ? 'nearest' : filter;
  const resized = pillowResize(rows, height, width, name);
  return image.ndim === 2 ? resized.squeeze(-1) : resized.permute(2, 0, 1);
}

/**
 * An image in another size: one number is the shorter side's. uint8 images get Pillow's bytes, with its antialiasing; float
 * tensors, of one or more dimensions in front of height and width, PyTorch's `interpolate`.
 *
 * @throws ValueError for sizes below 1, or a filter that is not there
 */
export function resize(
  image: Tensor,
  size: Size,
  interpolation: InterpolationMode = 'bilinear',
  max_size: number | null = null,
  antialias: boolean = true,
): Tensor {
  const [, h, w] = get_dimensions(image);
  const [height, width] = resizedSides(h, w, size, max_size);
  if (h === height && w === width) return image;
  if (isPicture(image)) {
    if (image.ndim > 3) throw new TypeError(`a uint8 image has at most 3 dimensions, but got ${image.ndim}`);
    return no_grad(() => resizedPicture(image, height, width, interpolation));
  }
  const batch = image.ndim === 3 ? image.unsqueeze(0) : image;
  const smooth = interpolation === 'bilinear' || interpolation === 'bicubic';
  if (!smooth && !interpolation.startsWith('nearest')) {
    throw new ValueError('This interpolation mode is unsupported with Tensor input');
  }
  const resized = interpolate(batch, {
    size: [height, width],
    mode: interpolation as 'bilinear' | 'bicubic' | 'nearest' | 'nearest-exact',
    align_corners: smooth ? false : null,
    antialias: smooth && antialias,
  });
  return image.ndim === 3 ? resized.squeeze(0) : resized;
}

/** A part of an image in another size. */
export function resized_crop(
  image: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
  size: Size,
  interpolation: InterpolationMode = 'bilinear',
  antialias: boolean = true,
): Tensor {
  return resize(crop(image, top, left, height, width), size, interpolation, null, antialias);
}

/** A pix2pix picture: its left and its right half, which are A and B there. */
export function split_pair(image: Tensor): [a: Tensor, b: Tensor] {
  const [, height, width] = get_dimensions(image);
  const half = Math.trunc(width / 2);
  return [crop(image, 0, 0, height, half), crop(image, 0, half, height, width - half)];
}
