/** The package sharp, which decodes images. */
import type { Sharp, SharpOptions } from 'sharp';

interface MakeSharp {
  (input: Uint8Array, options: SharpOptions): Sharp;
  cache(enabled: boolean): unknown;
}

let loaded: MakeSharp | undefined;

/** Whether the package is there, and in use. */
export const sharpIsLoaded = (): boolean => loaded !== undefined;

/** Loaded when the first image is read: it brings a library of 16 MB. */
export function sharp(): MakeSharp {
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
export function optionsFor(bytes: Uint8Array): SharpOptions {
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  return {
    failOn: isJpeg ? 'truncated' : 'error',
    ignoreIcc: true,
    limitInputPixels: MOST_PIXELS,
    pages: 1,
    sequentialRead: true,
  };
}

/** Pillow's words for what sharp says. */
export function reasonOf(error: Error, bytes: Uint8Array): string {
  const { message } = error;
  if (/exceeds pixel limit/.test(message)) return 'image size exceeds the limit, could be a decompression bomb';
  if (bytes.length === 0) return 'cannot identify image file: it is empty';
  if (/unsupported image format/.test(message)) return 'cannot identify image file';
  if (/premature end|truncat|unexpected end|not enough/i.test(message)) return `image file is truncated (${message})`;
  return `broken image file (${message.trim()})`;
}
