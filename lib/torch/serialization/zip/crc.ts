/** Node takes milliseconds to load its compression: it waits until it is asked for. */
const zlib = (): typeof import('node:zlib') => process.getBuiltinModule('node:zlib');

/** CRC-32 of bytes that follow others, whose CRC-32 is `before`. */
export const crc32 = (bytes: Uint8Array, before = 0): number => zlib().crc32(bytes, before);

/** Decompresses into `size` bytes at most. @throws an error for more, or for what is no such stream */
export const inflate = (bytes: Uint8Array, size: number): Uint8Array =>
  // One byte more than expected, since zlib takes no length of zero.
  zlib().inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });

/** Compresses as the deflate method of zip does. */
export const deflate = (bytes: Uint8Array): Uint8Array => zlib().deflateRawSync(bytes);
