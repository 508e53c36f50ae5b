// One file of the producer: JSON, then the bytes of storages and results.
import { readFileSync } from 'node:fs';

/** @returns {{ header: object, bytes: Buffer }} */
export function readUnit(file) {
  const data = readFileSync(file);
  const length = Number(data.readBigUInt64LE(0));
  return { header: JSON.parse(data.toString('utf8', 8, 8 + length)), bytes: data.subarray(8 + length) };
}

/** A double from its little-endian bytes in hexadecimal. */
export const double = (hex) => Buffer.from(hex, 'hex').readDoubleLE();
