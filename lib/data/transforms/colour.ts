/** Colours of images (torchvision: `transforms.functional`). */
import {
  arange,
  clamp,
  einsum,
  eq,
  float32,
  floor,
  fmod,
  full,
  int32,
  max as maximum,
  mean,
  min as minimum,
  ones_like,
  stack,
  type Tensor,
  uint8,
  ValueError,
  where,
  zeros_like,
} from 'isotorch';
import { pillowBlend, pillowHue } from '../images/pillow';
import { get_dimensions, isPicture } from './geometry';

function checkChannels(image: Tensor): number {
  const [channels] = get_dimensions(image);
  if (channels === 1 || channels === 3) return channels;
  throw new TypeError(`Input image tensor permitted channel values are [1, 3], but found ${channels}`);
}

function checkFactor(name: string, factor: number): void {
  if (!(factor >= 0)) throw new ValueError(`${name} (${factor}) is not non-negative.`);
}

/** Pillow's grey of a picture: 1 × height × width. */
function pictureGrey(image: Tensor): Tensor {
  if (get_dimensions(image)[0] === 1) return image;
  const [r, g, b] = image.to(int32).unbind(-3) as [Tensor, Tensor, Tensor];
  const sum = r.mul(19595).add(g.mul(38470)).add(b.mul(7471)).add(0x8000);
  return sum.bitwise_right_shift(16).to(uint8).unsqueeze(-3);
}

/** Grey in one channel, or in three. */
export function rgb_to_grayscale(image: Tensor, num_output_channels: number = 1): Tensor {
  if (num_output_channels !== 1 && num_output_channels !== 3) {
    throw new ValueError('num_output_channels should be either 1 or 3');
  }
  const channels = checkChannels(image);
  let grey: Tensor;
  if (isPicture(image)) grey = pictureGrey(image);
  else if (channels === 3) {
    const [r, g, b] = image.unbind(-3) as [Tensor, Tensor, Tensor];
    grey = r.mul(0.2989).add(g.mul(0.587)).add(b.mul(0.114)).to(image.dtype).unsqueeze(-3);
  } else grey = image.clone();
  return num_output_channels === 3 ? grey.expand([...grey.shape.slice(0, -3), 3, ...grey.shape.slice(-2)]) : grey;
}

function blend(image: Tensor, other: Tensor, ratio: number): Tensor {
  if (isPicture(image)) return pillowBlend(other.expand(image.shape), image, ratio);
  return image
    .mul(ratio)
    .add(other.mul(1 - ratio))
    .clamp(0, 1)
    .to(image.dtype);
}

/** Lighter or darker: factor 0 is black, 1 the image itself. */
export function adjust_brightness(image: Tensor, brightness_factor: number): Tensor {
  checkFactor('brightness_factor', brightness_factor);
  checkChannels(image);
  return blend(image, zeros_like(image), brightness_factor);
}

/** More or less contrast: factor 0 is an even grey, 1 the image itself. */
export function adjust_contrast(image: Tensor, contrast_factor: number): Tensor {
  checkFactor('contrast_factor', contrast_factor);
  const channels = checkChannels(image);
  if (isPicture(image)) {
    const grey = pictureGrey(image);
    // Pillow's mean is of whole numbers, and rounded to one.
    const level = Math.trunc(Number(grey.sum().item()) / grey.numel() + 0.5);
    return blend(image, full([1, 1, 1], level, { dtype: uint8 }), contrast_factor);
  }
  const level = mean(channels === 3 ? rgb_to_grayscale(image) : image, [-3, -2, -1], true);
  return blend(image, level, contrast_factor);
}

/** More or less colour: factor 0 is grey, 1 the image itself. */
export function adjust_saturation(image: Tensor, saturation_factor: number): Tensor {
  checkFactor('saturation_factor', saturation_factor);
  if (checkChannels(image) === 1) return image;
  return blend(image, rgb_to_grayscale(image), saturation_factor);
}

function toHsv(image: Tensor): Tensor {
  const [r, g, b] = image.unbind(-3) as [Tensor, Tensor, Tensor];
  const most = maximum(image, -3).values;
  const least = minimum(image, -3).values;
  const isGrey = most.eq(least);
  const range = most.sub(least);
  const ones = ones_like(most);
  const s = range.div(where(isGrey, ones, most));
  const divisor = where(isGrey, ones, range);
  const [rc, gc, bc] = [r, g, b].map((colour) => most.sub(colour).div(divisor)) as [Tensor, Tensor, Tensor];
  const isRed = eq(most, r);
  const isGreen = eq(most, g);
  const hr = isRed.mul(bc.sub(gc));
  const hg = isGreen.bitwise_and(isRed.logical_not()).mul(rc.add(2).sub(bc));
  const hb = isGreen.logical_not().bitwise_and(isRed.logical_not()).mul(gc.add(4).sub(rc));
  const h = fmod(hr.add(hg).add(hb).div(6).add(1), 1);
  return stack([h, s, most], -3);
}

function toRgb(image: Tensor): Tensor {
  const [h, s, v] = image.unbind(-3) as [Tensor, Tensor, Tensor];
  const whole = floor(h.mul(6));
  const f = h.mul(6).sub(whole);
  const sector = whole.to(int32).remainder(6);
  const one = ones_like(s);
  const p = clamp(v.mul(one.sub(s)), 0, 1);
  const q = clamp(v.mul(one.sub(s.mul(f))), 0, 1);
  const t = clamp(v.mul(one.sub(s.mul(one.sub(f)))), 0, 1);
  const mask = sector.unsqueeze(-3).eq(arange(6).view(-1, 1, 1));
  const red = stack([v, q, p, p, t, v], -3);
  const green = stack([t, v, v, q, p, p], -3);
  const blue = stack([p, p, t, v, v, q], -3);
  return einsum('...ijk, ...xijk -> ...xjk', [mask.to(image.dtype), stack([red, green, blue], -4)]);
}

/** The hue turned: 0.5 is halfway around the circle of colours. @throws ValueError beyond −0.5 … 0.5 */
export function adjust_hue(image: Tensor, hue_factor: number): Tensor {
  if (!(hue_factor >= -0.5 && hue_factor <= 0.5)) {
    throw new ValueError(`hue_factor (${hue_factor}) is not in [-0.5, 0.5].`);
  }
  if (checkChannels(image) === 1) return image;
  if (isPicture(image)) {
    const turn = Math.trunc(hue_factor * 255);
    return pillowHue(image.permute(1, 2, 0), turn).permute(2, 0, 1);
  }
  const [h, s, v] = toHsv(image.to(float32)).unbind(-3) as [Tensor, Tensor, Tensor];
  return toRgb(stack([h.add(hue_factor).remainder(1), s, v], -3)).to(image.dtype);
}
