/** Hashes of bytes. */

/** SHA-256 of the pieces, one after the other, in hexadecimal. Node takes 6 ms to load its cryptography: it waits until here. */
export function sha256(pieces: Iterable<Uint8Array>): string {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
