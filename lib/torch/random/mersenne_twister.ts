/** MT19937, the bits of Python's `random` and of NumPy's `RandomState`. */

const N = 624;
const M = 397;

/**
 * The Mersenne Twister of Matsumoto and Nishimura: 624 words of state, and which of them comes next.
 *
 * @see https://dl.acm.org/doi/10.1145/272991.272995
 */
export class MersenneTwister {
  /** The words of the state. */
  readonly key = new Uint32Array(N);
  /** Index of the next word; 624 where all are used up. */
  pos = N;
  /** Upper half of what `next64` drew. */
  high = 0;
  /** Lower half of what `next64` drew. */
  low = 0;

  /** Starts from one word (`init_genrand`). */
  seedWord(seed: number): void {
    const { key } = this;
    key[0] = seed;
    for (let i = 1; i < N; i++) {
      const last = key[i - 1]!;
      key[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
    this.pos = N;
  }

  /** Starts from any number of words (`init_by_array`). */
  seedWords(words: ArrayLike<number>): void {
    const { key } = this;
    this.seedWord(19650218);
    let i = 1;
    let j = 0;
    const step = (factor: number, plus: number): void => {
      const last = key[i - 1]!;
      key[i] = (key[i]! ^ Math.imul(last ^ (last >>> 30), factor)) + plus;
      if (++i < N) return;
      key[0] = key[N - 1]!;
      i = 1;
    };
    for (let k = Math.max(N, words.length); k > 0; k--) {
      step(1664525, words[j]! + j);
      j = (j + 1) % words.length;
    }
    for (let k = N - 1; k > 0; k--) step(1566083941, -i);
    key[0] = 0x80000000;
    this.pos = N;
  }

  /** The next 32 bits. */
  next32(): number {
    if (this.pos === N) this.#renew();
    let y = this.key[this.pos++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** The next 64 bits, into `high` and `low`. */
  next64(): void {
    this.high = this.next32();
    this.low = this.next32();
  }

  /** A double in [0, 1), of 53 bits. */
  nextDouble(): number {
    const upper = this.next32() >>> 5;
    return (upper * 67108864 + (this.next32() >>> 6)) / 9007199254740992;
  }

  #renew(): void {
    const { key } = this;
    const twist = (at: number, next: number, far: number): void => {
      const y = (key[at]! & 0x80000000) | (key[next]! & 0x7fffffff);
      key[at] = key[far]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    };
    for (let i = 0; i < N - M; i++) twist(i, i + 1, i + M);
    for (let i = N - M; i < N - 1; i++) twist(i, i + 1, i + M - N);
    twist(N - 1, 0, M - 1);
    this.pos = 0;
  }
}
