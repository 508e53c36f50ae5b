/** What the first bytes of an image file say: its format, and whether its colours are not simply red, green and blue. */

/** How the pixels of a file have to be read. */
export type Kind = 'plain' | 'cmyk' | 'grey16' | 'unknown' | 'other';

const starts = (bytes: Uint8Array, ...first: number[]): boolean => first.every((byte, i) => bytes[i] === byte);

/** Components of a JPEG, from its frame header; 0 where there is none. */
function jpegComponents(bytes: Uint8Array): number {
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return 0;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // SOF0 … SOF15, without DHT, JPG and DAC.
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return bytes[at + 9]!;
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return 0;
}

/** The kind of an image, of JPEG and PNG; 'other' are formats whose colours have to be asked for. */
export function kindOf(bytes: Uint8Array): Kind {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return jpegComponents(bytes) === 4 ? 'cmyk' : 'plain';
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47)) return bytes[24] === 16 && bytes[25] === 0 ? 'grey16' : 'plain';
  const isRiff = starts(bytes, 0x52, 0x49, 0x46, 0x46);
  // WebP has 8 bits of red, green and blue, whatever else.
  if (isRiff && starts(bytes.subarray(8), 0x57, 0x45, 0x42, 0x50)) return 'plain';
  const isTiff = starts(bytes, 0x49, 0x49, 0x2a, 0) || starts(bytes, 0x4d, 0x4d, 0, 0x2a);
  const isGif = starts(bytes, 0x47, 0x49, 0x46, 0x38);
  return isRiff || isTiff || isGif ? 'other' : 'unknown';
}
