/** Image files as tensors, with the bytes of Pillow's `Image.open(path).convert('RGB')`. */
import { readFileSync } from 'node:fs';
import type { Sharp, SharpOptions } from 'sharp';
import { type Tensor, tensor } from 'isotorch';
import { ImageFileError } from './failure';
import { type Kind, kindOf } from './header';
import { cmykToRgb, greyToRgb, type Pixels, sixteenToRgb, threeOf } from './pixels';

interface MakeSharp {
  (input: Uint8Array, options: SharpOptions): Sharp;
  cache(enabled: boolean): unknown;
}

let loaded: MakeSharp | undefined;

/** Loaded when the first image is read: it brings a library of 16 MB. */
function sharp(): MakeSharp {
  try {
    if (loaded === undefined) {
      loaded = require('sharp') as MakeSharp;
      // It keeps what it did last, which never comes again here: a fifth of the time.
      loaded.cache(false);
    }
    return loaded;
  } catch (cause) {
    throw new Error('images are decoded by the package sharp: "npm install sharp" brings it', { cause });
  }
}

/** As many pixels as Pillow takes before it speaks of a decompression bomb. */
const MOST_PIXELS = 2 * Math.floor(Math.floor(1024 ** 3 / 4) / 3);

/** Pillow applies no colour profiles, and goes on where its JPEG library only warns; other formats have to be whole. */
function optionsFor(bytes: Uint8Array): SharpOptions {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  return {
    failOn: isJpeg ? 'truncated' : 'error',
    ignoreIcc: true,
    limitInputPixels: MOST_PIXELS,
    pages: 1,
    sequentialRead: true,
  };
}

async function pixelsOf(image: Sharp): Promise<Pixels> {
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function kindByAsking(bytes: Uint8Array): Promise<Kind> {
  const { space, depth, channels } = await sharp()(bytes, optionsFor(bytes)).metadata();
  if (space === 'cmyk') return 'cmyk';
  return depth === 'ushort' && channels === 1 ? 'grey16' : 'plain';
}

async function rgbOf(bytes: Uint8Array): Promise<Pixels> {
  let kind = kindOf(bytes);
  if (kind === 'other' || kind === 'unknown') kind = await kindByAsking(bytes);
  const image = sharp()(bytes, optionsFor(bytes));
  if (kind === 'cmyk') {
    return cmykToRgb(await pixelsOf(image.pipelineColourspace('cmyk').toColourspace('cmyk').raw()));
  }
  if (kind === 'grey16') return sixteenToRgb(await pixelsOf(image.toColourspace('grey16').raw({ depth: 'ushort' })));
  const pixels = await pixelsOf(image.raw());
  if (pixels.channels === 3) return pixels;
  return pixels.channels < 3 ? greyToRgb(pixels) : threeOf(pixels);
}

/** Pillow's words for what sharp says. */
function reasonOf(error: Error, bytes: Uint8Array): string {
  const { message } = error;
  if (/exceeds pixel limit/.test(message)) return 'image size exceeds the limit, could be a decompression bomb';
  if (bytes.length === 0) return 'cannot identify image file: it is empty';
  if (/unsupported image format/.test(message)) return 'cannot identify image file';
  if (/premature end|truncat|unexpected end|not enough/i.test(message)) return `image file is truncated (${message})`;
  return `broken image file (${message.trim()})`;
}

/** Pixels as a 3 × height × width tensor of uint8, its memory pixel by pixel as Pillow's. */
function imageOf({ data, width, height }: Pixels): Tensor {
  using flat = tensor(data);
  using rows = flat.view(height, width, 3);
  return rows.permute(2, 0, 1);
}

/**
 * Reads an image file: a 3 × height × width tensor of uint8 with the bytes of Pillow's `Image.open(path).convert('RGB')`, of grey,
 * CMYK and 16-bit images too. Transparency is dropped, a rotation that EXIF asks for is not done, as there.
 *
 * @throws ImageFileError naming the file, where it is missing, no image, cut short or too large
 */
export async function read_image(path: string): Promise<Tensor> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new ImageFileError(path, (cause as Error).message, { cause });
  }
  let pixels: Pixels;
  try {
    pixels = await rgbOf(bytes);
  } catch (cause) {
    if (loaded === undefined) throw cause;
    throw new ImageFileError(path, reasonOf(cause as Error, bytes), { cause });
  }
  return imageOf(pixels);
}

// Worker threads find it here.
Object.assign(read_image, { __module__: __filename });
