/** Integers as 32-bit words, and words of the operating system. */

/** A non-negative integer as words, lowest first; at least one. */
export function wordsOf(value: bigint): Uint32Array {
  const digits = value.toString(16);
  const words = new Uint32Array(Math.ceil(digits.length / 8));
  for (let i = 0; i < words.length; i++) {
    const end = digits.length - 8 * i;
    words[i] = Number.parseInt(digits.slice(Math.max(0, end - 8), end), 16);
  }
  return words;
}

/** Bytes as an integer, the highest first. */
export function integerOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** Random words of the operating system. */
export function systemWords(count: number): Uint32Array {
  const bytes = process.getBuiltinModule('node:crypto').randomBytes(4 * count);
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
