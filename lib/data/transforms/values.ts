/** Values of images: bytes to floats, means and deviations (torchvision: `transforms.functional`). */
import { type Dtype, div, get_default_dtype, is_tensor, type Tensor, tensor, ValueError } from 'isotorch';
import { isPicture } from './geometry';

/** A uint8 image as floats from 0 to 1. @throws TypeError for an image that has floats */
export function to_tensor(image: Tensor): Tensor {
  if (!is_tensor(image) || !isPicture(image)) {
    throw new TypeError(`pic should be a uint8 image. Got ${is_tensor(image) ? String(image.dtype) : typeof image}`);
  }
  const [height, width] = image.shape.slice(-2) as [number, number];
  return image.reshape([-1, height, width]).contiguous().to(get_default_dtype()).div(255);
}

/** A uint8 image as it is, row by row in memory. */
export function pil_to_tensor(image: Tensor): Tensor {
  if (!is_tensor(image) || !isPicture(image)) throw new TypeError('pic should be a uint8 image.');
  return image.contiguous();
}

/** (x − mean) / std for each channel. @throws ValueError for a deviation of 0, TypeError for images of integers */
export function normalize(
  image: Tensor,
  mean: readonly number[],
  std: readonly number[],
  inplace: boolean = false,
): Tensor {
  if (!is_tensor(image)) throw new TypeError(`img should be Tensor Image. Got ${typeof image}`);
  if (!image.is_floating_point()) {
    throw new TypeError(`Input tensor should be a float tensor. Got ${String(image.dtype)}.`);
  }
  if (image.ndim < 3) {
    throw new ValueError(
      `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = ${String(image.size())}`,
    );
  }
  const { dtype, device } = image;
  const centre = tensor([...mean], { dtype, device }).view(-1, 1, 1);
  const scale = tensor([...std], { dtype, device });
  if (scale.eq(0).any().item())
    throw new ValueError(`std evaluated to zero after conversion to ${String(dtype)}, leading to division by zero.`);
  const target = inplace ? image : image.clone();
  return target.sub_(centre).div_(scale.view(-1, 1, 1));
}

/** The largest value of a dtype in an image. */
function largest(dtype: Dtype): number {
  const bits = /^torch\.(u?)int(\d+)$/.exec(String(dtype));
  return bits === null ? 1 : 2 ** (Number(bits[2]) - (bits[1] === 'u' ? 0 : 1)) - 1;
}

/** Values of another dtype, in its own range. */
export function convert_image_dtype(image: Tensor, dtype: Dtype): Tensor {
  if (image.dtype === dtype) return image;
  const [from, to] = [largest(image.dtype), largest(dtype)];
  if (image.is_floating_point()) {
    if (dtype.is_floating_point) return image.to(dtype);
    return image.mul(to + 1 - 1e-3).to(dtype);
  }
  if (dtype.is_floating_point) return image.to(dtype).div(from);
  if (from > to) {
    const factor = Math.floor((from + 1) / (to + 1));
    return div(image, factor, { rounding_mode: 'floor' }).to(dtype);
  }
  return image.to(dtype).mul(Math.floor((to + 1) / (from + 1)));
}
