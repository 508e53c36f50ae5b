/** Image files as tensors, with the bytes of Pillow's `Image.open(path).convert(mode)`. */
import { readFileSync } from 'node:fs';
import type { Sharp } from 'sharp';
import { type Tensor, tensor } from 'isotorch';
import { ImageFileError } from './failure';
import { type Kind, kindOf } from './header';
import { cmykToRgb, greyToRgb, type Pixels, sixteenToRgb, threeOf, withAlpha } from './pixels';
import { optionsFor, reasonOf, sharp, sharpIsLoaded } from './sharp';

/** What images are converted to, by Pillow's names; `RGBA` keeps transparency. */
export type ImageMode = 'RGB' | 'RGBA';

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function kindByAsking(bytes: Uint8Array): Promise<Kind> {
  const { space, depth, channels } = await sharp()(bytes, optionsFor(bytes)).metadata();
  if (space === 'cmyk') return 'cmyk';
  return depth === 'ushort' && channels === 1 ? 'grey16' : 'plain';
}

async function convertedTo(mode: ImageMode, bytes: Uint8Array): Promise<Pixels> {
  const pixels = await decodedPixels(bytes);
  if (mode === 'RGBA') return withAlpha(pixels);
  if (pixels.channels === 3) return pixels;
  return pixels.channels < 3 ? greyToRgb(pixels) : threeOf(pixels);
}

/** Grey or colour, with alpha or without. */
async function decodedPixels(bytes: Uint8Array): Promise<Pixels> {
  let kind = kindOf(bytes);
  if (kind === 'other' || kind === 'unknown') kind = await kindByAsking(bytes);
  const image = sharp()(bytes, optionsFor(bytes));
  if (kind === 'cmyk') {
    return cmykToRgb(await pixelsOf(image.pipelineColourspace('cmyk').toColourspace('cmyk').raw()));
  }
  if (kind === 'grey16') return sixteenToRgb(await pixelsOf(image.toColourspace('grey16').raw({ depth: 'ushort' })));
  return pixelsOf(image.raw());
}

/** Pixels as a channels × height × width tensor of uint8, its memory pixel by pixel as Pillow's. */
export function imageOf({ data, width, height, channels }: Pixels): Tensor {
  using flat = tensor(data);
  using rows = flat.view(height, width, channels);
  return rows.permute(2, 0, 1);
}

/** Decodes a file's bytes in a thread of sharp's; the path stands in messages. @throws ImageFileError */
async function decodePixels(path: string, bytes: Uint8Array, mode: ImageMode): Promise<Pixels> {
  try {
    return await convertedTo(mode, bytes);
  } catch (cause) {
    if (!sharpIsLoaded()) throw cause;
    throw new ImageFileError(path, reasonOf(cause as Error, bytes), { cause });
  }
}

/**
 * Reads an image file without making a tensor: read at once, decoded while the caller does other things.
 *
 * @throws ImageFileError as `read_image`
 */
export async function readPixels(path: string, mode: ImageMode): Promise<Pixels> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ImageFileError(path, (cause as Error).message, { cause });
  }
  return decodePixels(path, bytes, mode);
}

/**
 * Reads an image file: a 3 × height × width tensor of uint8 with the bytes of Pillow's `Image.open(path).convert('RGB')`, of grey,
 * CMYK and 16-bit images too. Transparency is dropped, or with `RGBA` the fourth channel; a rotation that EXIF asks for is not done, as
 * there. What a GIF does not show is black, where Pillow has a colour of the palette's.
 *
 * @throws ImageFileError naming the file, where it is missing, no image, cut short or too large
 */
export async function read_image(path: string, mode: ImageMode = 'RGB'): Promise<Tensor> {
  return imageOf(await readPixels(path, mode));
}

/** The same of a file's bytes; the path stands in messages. */
export async function decodeImage(path: string, bytes: Uint8Array): Promise<Tensor> {
  return imageOf(await decodePixels(path, bytes, 'RGB'));
}

// Worker threads find it here.
Object.assign(read_image, { __module__: __filename });
