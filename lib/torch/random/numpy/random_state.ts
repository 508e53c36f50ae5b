/** NumPy's class `RandomState`: the stream of `numpy.random.seed` and of all functions of that module. */
import { type Dtype, dtypes } from '../../core';
import { native, ValueError } from '../../native';
import { pythonClass, pythonMethods } from '../../call';
import { isTensor, type Tensor } from '../../memory';
import { countOf, dimsOf, integers, type Shape } from './arrays';
import { type Bits, isBits } from './bits';
import { lengthOf, type Population, type Probabilities, shuffleInPlace, taken } from './choice';
import { continuousTable, DistributionStream } from './continuous';
import { drawingMethods } from './drawing';
import { type LegacySeed, MT19937 } from './mt19937';
import { type ChoiceKeywords, choose, type IntegerKeywords, type ItemOf, type ItemsOf } from './stream';

/** `get_state()`: NumPy's tuple as a list. */
export type LegacyState = [name: 'MT19937', key: Uint32Array, pos: number, has_gauss: number, cached_gaussian: number];

/** `get_state(False)`: the same by name. */
export interface NamedState {
  bit_generator: 'MT19937';
  state: { key: Uint32Array; pos: number };
  has_gauss: number;
  gauss: number;
}

type Integer = number | bigint;

class LegacyStream extends DistributionStream {
  static {
    pythonMethods(this.prototype, 'RandomState', {
      seed: ['seed'],
      get_state: ['legacy'],
      set_state: ['state'],
      random_sample: ['size'],
      random: ['size'],
      standard_normal: ['size'],
      standard_exponential: ['size'],
      randint: ['low', 'high', 'size', 'dtype'],
      random_integers: ['low', 'high', 'size'],
      tomaxint: ['size'],
      bytes: ['length'],
      choice: ['a', 'size', 'replace', 'p'],
      permutation: ['x'],
      shuffle: ['x'],
    });
    drawingMethods<LegacyStream>(this.prototype, 'RandomState', continuousTable(true), (self) => self.source);
  }

  /** The second of a pair of normal numbers. */
  #gauss: number | null = null;

  protected readonly source = {
    uniform: (): number => this.bits.nextDouble(),
    normal: (): number => this.#normal(),
    exponential: (): number => -native.libm('log', 1 - this.bits.nextDouble()),
  };

  constructor(seed: LegacySeed | Bits = null) {
    if (isBits(seed)) super(seed);
    else {
      const twister = new MT19937(0);
      twister.legacySeed(seed);
      super(twister);
    }
  }

  /** Marsaglia's polar method, two numbers at a time. */
  #normal(): number {
    const stored = this.#gauss;
    if (stored !== null) {
      this.#gauss = null;
      return stored;
    }
    const { bits } = this;
    for (;;) {
      const x = 2 * bits.nextDouble() - 1;
      const y = 2 * bits.nextDouble() - 1;
      const r = x * x + y * y;
      if (r >= 1 || r === 0) continue;
      const factor = Math.sqrt((-2 * native.libm('log', r)) / r);
      this.#gauss = factor * x;
      return factor * y;
    }
  }

  #twister(): MT19937 {
    if (this.bits instanceof MT19937) return this.bits;
    throw new TypeError('can only re-seed a MT19937 BitGenerator');
  }

  /**
   * Starts the sequence from an int or from ints in [0, 2^32 − 1]; null takes a seed from the operating system.
   *
   * @throws ValueError "Seed must be between 0 and 2**32 - 1"
   */
  seed(seed: LegacySeed = null): void {
    this.#twister().legacySeed(seed);
    this.#gauss = null;
  }

  /** The state, as NumPy's own: a list in the place of the tuple, and with `legacy` false an object. */
  get_state(legacy?: true): LegacyState;
  get_state(legacy: false | { legacy: false }): NamedState;
  get_state(legacy: unknown = true): LegacyState | NamedState {
    const { state } = this.#twister().state;
    const [has_gauss, gauss] = this.#gauss === null ? [0, 0] : [1, this.#gauss];
    if (legacy) return ['MT19937', state.key, state.pos, has_gauss, gauss];
    return { bit_generator: 'MT19937', state, has_gauss, gauss };
  }

  /**
   * Continues from a state that `get_state` gave, here or in NumPy.
   *
   * @throws ValueError for a state that is none; the sequence stays where it was
   */
  set_state(state: LegacyState | NamedState): void {
    if (typeof state !== 'object' || state === null) throw new TypeError('state must be a dict or a tuple.');
    let [has, gauss] = [0, 0];
    if (Array.isArray(state)) {
      if (state[0] !== 'MT19937') {
        throw new ValueError('set_state can only be used with legacy MT19937 state instances.');
      }
      const [, key, pos] = state;
      if (state.length > 3) [, , , has, gauss] = state;
      this.#twister().state = { bit_generator: 'MT19937', state: { key, pos } };
    } else {
      if (!('bit_generator' in state && 'state' in state)) throw new ValueError('state dictionary is not valid.');
      this.#twister().state = { bit_generator: state.bit_generator, state: state.state };
      has = state.has_gauss ?? 0;
      gauss = state.gauss ?? 0;
    }
    this.#gauss = has ? gauss : null;
  }

  /** Numbers in [0, 1). */
  random_sample(size?: null): number;
  random_sample(size: Shape | { size: Shape }): Tensor;
  random_sample(size: unknown = null): number | Tensor {
    return this.drawn(size as Shape | null, this.source.uniform);
  }

  /** Numbers in [0, 1): another name of `random_sample`. */
  random(size?: null): number;
  random(size: Shape | { size: Shape }): Tensor;
  random(size: unknown = null): number | Tensor {
    return this.drawn(size as Shape | null, this.source.uniform);
  }

  /** Numbers in [0, 1), as an array of these dimensions. */
  rand(): number;
  rand(...dims: number[]): Tensor;
  rand(...dims: number[]): number | Tensor {
    return this.drawn(dims.length === 0 ? null : dims, this.source.uniform);
  }

  /** Standard normal numbers, as an array of these dimensions. */
  randn(): number;
  randn(...dims: number[]): Tensor;
  randn(...dims: number[]): number | Tensor {
    return this.drawn(dims.length === 0 ? null : dims, this.source.normal);
  }

  /** Standard normal numbers. */
  standard_normal(size?: null): number;
  standard_normal(size: Shape | { size: Shape }): Tensor;
  standard_normal(size: unknown = null): number | Tensor {
    return this.drawn(size as Shape | null, this.source.normal);
  }

  /** Exponential numbers of mean 1. */
  standard_exponential(size?: null): number;
  standard_exponential(size: Shape | { size: Shape }): Tensor;
  standard_exponential(size: unknown = null): number | Tensor {
    return this.drawn(size as Shape | null, this.source.exponential);
  }

  /**
   * Integers in [low, high), or in [0, low) without `high`.
   *
   * @throws ValueError "low >= high"
   */
  randint(low: Integer, high?: Integer | null, size?: null, dtype?: Dtype): number;
  randint(low: Integer, high: Integer | null | undefined, size: Shape, dtype?: Dtype): Tensor;
  randint(low: Integer, high: Integer | null | undefined, keywords: { size: Shape; dtype?: Dtype }): Tensor;
  randint(low: Integer, high: Integer | null | undefined, keywords: { size?: null; dtype?: Dtype }): number;
  randint(low: Integer, keywords: IntegerKeywords & { size: Shape }): Tensor;
  randint(low: Integer, keywords: IntegerKeywords): number;
  randint(keywords: { low: Integer; size: Shape } & IntegerKeywords): Tensor;
  randint(
    low: unknown,
    high: unknown = null,
    size: unknown = null,
    dtype: Dtype = dtypes.int64,
  ): number | bigint | boolean | Tensor {
    return this.integersOf({
      method: 'randint',
      low: low as Integer,
      high: high as Integer | null,
      size: size as Shape | null,
      dtype,
      closed: false,
      masked: true,
    });
  }

  /** Integers in [low, high], or in [1, low] without `high`; NumPy deprecates it for `randint`. */
  random_integers(low: number, high?: number | null, size?: null): number;
  random_integers(low: number, high: number | null | undefined, size: Shape | { size: Shape }): Tensor;
  random_integers(low: number, high: number | null = null, size: unknown = null): number | Tensor {
    const [from, to] = high === null ? [1, low] : [low, high];
    return this.randint(from, to + 1, size as Shape);
  }

  /** Integers in [0, 2^63 − 1]. */
  tomaxint(size?: null): number | bigint;
  tomaxint(size: Shape | { size: Shape }): Tensor;
  tomaxint(size: unknown = null): number | bigint | Tensor {
    const dims = size === null ? [] : dimsOf(size as Shape);
    const items = new BigInt64Array(countOf(dims)).map(() => {
      this.bits.next64();
      return ((BigInt(this.bits.high) << 32n) | BigInt(this.bits.low)) >> 1n;
    });
    return this.wide(items, size === null ? null : dims);
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return this.bytesOf(length);
  }

  /**
   * Items of a list or of a tensor's first dimension, or ints in [0, a): one, or an array of the size.
   *
   * @throws ValueError "probabilities do not sum to 1"
   */
  choice<P extends Population<unknown>>(a: P, size?: null, replace?: boolean, p?: Probabilities | null): ItemOf<P>;
  choice<P extends Population<unknown>>(
    a: P,
    size: Shape,
    replace?: boolean | { p?: Probabilities | null },
    p?: Probabilities | null | object,
  ): ItemsOf<P>;
  choice<P extends Population<unknown>>(a: P, size: Shape, keywords: ChoiceKeywords): ItemsOf<P>;
  choice<P extends Population<unknown>>(a: P, keywords: ChoiceKeywords & { size: Shape }): ItemsOf<P>;
  choice<P extends Population<unknown>>(a: P, keywords: ChoiceKeywords): ItemOf<P>;
  choice(a: unknown, size: unknown = null, replace: unknown = true, p: unknown = null): unknown {
    const places = {
      repeated: (total: number, count: number): Float64Array => {
        const request = { method: 'randint', low: 0, high: total, size: count, dtype: dtypes.int64 };
        using drawn = this.integersOf({ ...request, closed: false, masked: true }) as Tensor;
        return Float64Array.from(drawn.tolist() as number[]);
      },
      different: (total: number, count: number): Float64Array =>
        this.shuffledPlaces(total, this.interval).subarray(0, count),
    };
    const draw = this.source.uniform;
    const population = a as Population<unknown>;
    return choose(places, draw, population, size as Shape | null, Boolean(replace), p as Probabilities | null);
  }

  /** 0 … x − 1 in random order, or the items of a list or of a tensor's first dimension. */
  permutation(x: number): Tensor;
  permutation(x: Tensor): Tensor;
  permutation<T>(x: ArrayLike<T>): T[];
  permutation(x: unknown): unknown {
    if (typeof x === 'number') return integers(this.shuffledPlaces(x, this.interval), [Math.max(0, x)]);
    if (typeof x !== 'object' || x === null || (isTensor(x) && (x as Tensor).ndim < 1)) {
      throw new RangeError('x must be an integer or at least 1-dimensional');
    }
    const count = lengthOf(x as Tensor | ArrayLike<unknown>);
    return taken(x as Population<unknown>, this.shuffledPlaces(count, this.interval), count);
  }

  /** Puts the items of a list, or the rows of a tensor, in another order, in place. */
  shuffle(x: { length: number; [index: number]: unknown } | Tensor): void {
    shuffleInPlace(x, this.interval);
  }
}

/**
 * NumPy's streams of old, seeded as by `numpy.random.seed`, draw by draw. Arrays are tensors: float64, and int64 for integers.
 *
 * @example
 * const rng = new torch.random.RandomState(0);
 * rng.randn(2, 3); // the numbers of numpy.random.RandomState(0).randn(2, 3)
 *
 * @see https://numpy.org/doc/stable/reference/random/legacy.html
 */
export class RandomState extends pythonClass('RandomState', ['seed'], LegacyStream) {}
