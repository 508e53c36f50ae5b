/** What NumPy's distributions ask of a bit generator. */

/** A source of bits. */
export interface Bits {
  /** NumPy's name of the kind: MT19937, PCG64. */
  readonly bit_generator: string;
  /** Upper half of what `next64` drew. */
  readonly high: number;
  /** Lower half of what `next64` drew. */
  readonly low: number;
  /** 32 bits. */
  next32(): number;
  /** 64 bits, into `high` and `low`. */
  next64(): void;
  /** A double in [0, 1). */
  nextDouble(): number;
}

/** Whether a value is a bit generator, ours or one of a user. */
export function isBits(value: unknown): value is Bits {
  return typeof value === 'object' && value !== null && 'nextDouble' in value && 'next64' in value;
}
