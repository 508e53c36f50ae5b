/** Images with transparency, as Pillow resizes them: colours count as much as they are seen. */
import { int32, type Tensor, uint8, where } from 'isotorch';

/** Colours times alpha / 255, rounded as Pillow does without a division; of a 4 × height × width image of bytes. */
export function premultiplied(image: Tensor): Tensor {
  const alpha = image.narrow(0, 3, 1);
  const product = image.narrow(0, 0, 3).to(int32).mul(alpha.to(int32)).add(128);
  const colours = product.bitwise_right_shift(8).add(product).bitwise_right_shift(8);
  return withAlphaOf(colours, image);
}

/** The reverse: 255 · colour / alpha, cut to whole numbers up to 255. Where nothing or all is seen, colours stay. */
export function straight(image: Tensor): Tensor {
  const alpha = image.narrow(0, 3, 1).to(int32);
  const colours = image.narrow(0, 0, 3).to(int32);
  const divided = colours.mul(255).div(alpha.clamp(1, 255), { rounding_mode: 'floor' }).clamp(0, 255);
  const extreme = alpha.eq(0).logical_or(alpha.eq(255));
  return withAlphaOf(where(extreme, colours, divided), image);
}

/** Colours beside an image's alpha, in its memory's order. */
function withAlphaOf(colours: Tensor, image: Tensor): Tensor {
  const made = image.clone();
  made.narrow(0, 0, 3).copy_(colours.to(uint8));
  return made;
}
