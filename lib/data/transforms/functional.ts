/** `transforms.functional`: what transforms do, as functions. */
export * from './colour';
export {
  center_crop,
  crop,
  get_dimensions,
  hflip,
  pad,
  resize,
  resized_crop,
  split_pair,
  vflip,
} from './geometry';
export { convert_image_dtype, normalize, pil_to_tensor, to_tensor } from './values';
