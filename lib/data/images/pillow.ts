/** Pillow's arithmetic on images of bytes: operators of the addon. */
import { ops, type Tensor } from 'isotorch';

function operator(name: string): (...args: unknown[]) => unknown {
  const found = (ops.isotorch as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof found === 'function') return found as (...args: unknown[]) => unknown;
  throw new Error(`the addon has no operator isotorch::${name}: npm run setup builds it anew`);
}

/** A height × width × channels image in another size. */
export function pillowResize(image: Tensor, height: number, width: number, filter: string): Tensor {
  return operator('pillow_resize')(image, height, width, filter) as Tensor;
}

/** first + factor · (second − first). */
export function pillowBlend(first: Tensor, second: Tensor, factor: number): Tensor {
  return operator('pillow_blend')(first, second, factor) as Tensor;
}

/** A height × width × 3 image with its hues, which are bytes, turned. */
export function pillowHue(image: Tensor, turn: number): Tensor {
  return operator('pillow_hue')(image, turn) as Tensor;
}
