/** What Python's `random.seed` makes of a seed. */
import { Float, isUint8Array } from '../../core';
import { math, type Real } from '../../python';
import { integerOf } from '../words';

/** A seed of Python's `random`: an int of any size, a float, a text, bytes; null takes one from the operating system. */
export type Seed = Real | string | Uint8Array | null;

/** The modulus of Python's hashes of numbers. */
const HASH_MODULUS = (1n << 61n) - 1n;

/** `hash(x)` of a float, as an unsigned 64-bit integer. */
function floatHash(x: number): bigint {
  if (Number.isNaN(x)) return 0n;
  if (!Number.isFinite(x)) return BigInt.asUintN(64, x > 0 ? 314159n : -314159n);
  const [mantissa, exponent] = math.frexp(x);
  // x = whole × 2^shift; a power of two turns the bits of a residue.
  const whole = BigInt(Math.abs(mantissa) * 2 ** 53);
  const shift = BigInt((((exponent - 53) % 61) + 61) % 61);
  const size = ((whole % HASH_MODULUS) << shift) % HASH_MODULUS;
  const hash = x < 0 ? -size : size;
  return BigInt.asUintN(64, hash === -1n ? -2n : hash);
}

/** The seed of version 1 from the code points of a text. */
function oldTextSeed(codes: readonly number[]): bigint {
  let x = BigInt(codes[0] ?? 0) << 7n;
  for (const code of codes) x = BigInt.asUintN(64, (1000003n * x) ^ BigInt(code));
  return x ^ BigInt(codes.length);
}

function textSeed(bytes: Uint8Array): bigint {
  const hash = process.getBuiltinModule('node:crypto').createHash('sha512').update(bytes).digest();
  return integerOf(Buffer.concat([bytes, hash]));
}

/**
 * The non-negative integer that the generator starts from.
 *
 * @throws TypeError "The only supported seed types are: …"
 */
export function seedInteger(a: Exclude<Seed, null>, version: number): bigint {
  if (typeof a === 'string' || isUint8Array(a)) {
    if (version === 1) return oldTextSeed(typeof a === 'string' ? [...a].map((c) => c.codePointAt(0)!) : [...a]);
    if (version === 2) return textSeed(typeof a === 'string' ? Buffer.from(a) : a);
    throw new TypeError('this version has no rule for texts and bytes: give 1 or 2');
  }
  if (typeof a === 'boolean') return a ? 1n : 0n;
  if (typeof a === 'bigint') return a < 0n ? -a : a;
  if (a instanceof Float || typeof a === 'number') {
    const value = Number(a);
    const isFloat = a instanceof Float || !Number.isInteger(value);
    return isFloat ? floatHash(value) : BigInt(Math.abs(value));
  }
  throw new TypeError('The only supported seed types are: None,\nint, float, str, bytes, and bytearray.');
}
