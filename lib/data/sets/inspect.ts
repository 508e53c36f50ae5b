/** Whether an image file can be trained on. */
import { extname } from 'node:path';
import type { Metadata } from 'sharp';
import { decodeImage } from '../images/decode';
import { ImageFileError } from '../images/failure';
import { optionsFor, reasonOf, sharp } from '../images/sharp';
import { convertible } from './walk';

/** Height and width of an image that can be used, or why it cannot. */
export type Inspected = { height: number; width: number } | { reason: string; fix?: string };

/** Fewest pixels on a side. */
const FEWEST_PIXELS = 2;

/** Whether any pixel lets the background through. */
async function isTransparent(bytes: Uint8Array): Promise<boolean> {
  const alpha = await sharp()(bytes, optionsFor(bytes)).extractChannel('alpha').raw().toBuffer();
  return alpha.some((value) => value !== 255);
}

/** What the end of a file that was written whole looks like; other formats are decoded to find out. */
function isCutShort(bytes: Uint8Array, format: string | undefined): boolean {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(-65536);
  if (format === 'png') return !end.includes('IEND');
  if (format === 'jpeg') return !end.includes(Buffer.from([0xff, 0xd9]));
  if (format === 'webp') return Buffer.from(bytes.subarray(4, 8)).readUInt32LE() + 8 > bytes.length;
  return false;
}

/** The whole file is decoded. */
async function decodeFailure(path: string, bytes: Uint8Array): Promise<string | undefined> {
  try {
    (await decodeImage(path, bytes)).dispose();
    return undefined;
  } catch (error) {
    if (error instanceof ImageFileError) return error.reason;
    throw error;
  }
}

/** How a file is looked at. */
export interface Inspection {
  /** Decodes all of it, which finds damage in the middle; else only header and end are read. */
  readonly thorough: boolean;
  /** Whether transparency is taken. */
  readonly transparent: boolean;
}

/** Looks at a file's bytes. */
export async function inspectImage(
  path: string,
  bytes: Uint8Array,
  { thorough, transparent }: Inspection,
): Promise<Inspected> {
  if (bytes.length === 0) return { reason: 'the file is empty' };
  let header: Metadata;
  try {
    header = await sharp()(bytes, optionsFor(bytes)).metadata();
  } catch (error) {
    const reason = reasonOf(error as Error, bytes);
    return { reason: reason === 'cannot identify image file' ? 'no image, whatever its name says' : reason };
  }
  const { width, height, space, depth, pages = 1, hasAlpha, format } = header;
  if (width < FEWEST_PIXELS || height < FEWEST_PIXELS) return { reason: `${width}×${height} pixels: too narrow` };
  if (isCutShort(bytes, format)) return { reason: 'cut short: its end is missing' };
  if (thorough) {
    const reason = await decodeFailure(path, bytes);
    if (reason !== undefined) return { reason };
  }
  const ending = extname(path).toLowerCase();
  if (convertible.includes(ending)) {
    return { reason: `${ending.slice(1)} files are not read`, fix: pages > 1 ? 'its first frame as PNG' : 'as PNG' };
  }
  if (pages > 1) {
    return { reason: `animated: ${pages} frames, of which only the first would be seen`, fix: 'its first frame' };
  }
  if (space === 'cmyk') {
    return { reason: 'CMYK: its colours would come out wrong, because profiles are not applied', fix: 'as sRGB' };
  }
  if (depth !== 'uchar')
    return { reason: `${bitsOf(depth)} a channel: Pillow would cut them to 8`, fix: 'scaled to 8 bits' };
  if (hasAlpha && !transparent && (await isTransparent(bytes))) {
    return { reason: 'transparent: the hidden colours behind would be seen', fix: 'on white' };
  }
  return { height, width };
}

const bitsOf = (depth: string | undefined): string => (depth === 'ushort' ? '16 bits' : `values of type ${depth}`);
