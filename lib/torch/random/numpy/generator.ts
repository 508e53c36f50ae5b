/** NumPy's class `Generator`, which `default_rng` makes. */
import { type Dtype, dtypes } from '../../core';
import { native, NotImplementedError } from '../../native';
import { pythonClass, pythonMethods } from '../../call';
import type { Tensor } from '../../memory';
import { arrayOf, countOf, dimsOf, integers, places, type Shape } from './arrays';
import { type Bits, isBits } from './bits';
import { lemirePlace } from './bounded';
import { lengthOf, type Population, type Probabilities, shuffleInPlace, taken } from './choice';
import { continuousTable, DistributionStream } from './continuous';
import { drawingMethods } from './drawing';
import { PCG64 } from './pcg64';
import { RandomState } from './random_state';
import type { Entropy, SeedSequence } from './seed_sequence';
import { type ChoiceKeywords, choose, type IntegerKeywords, type ItemOf, type ItemsOf } from './stream';
import { zigguratExponential, zigguratNormal } from './ziggurat';

type Integer = number | bigint;

/** Keywords of `random`, `standard_normal` and `standard_exponential`. */
export interface RealKeywords {
  size?: Shape | null;
  dtype?: Dtype;
}

/** Populations from which the end of a whole shuffled list is taken, when enough of them are asked for. */
const LARGE_POPULATION = 10_000;

class ModernStream extends DistributionStream {
  static {
    pythonMethods(this.prototype, 'Generator', {
      random: ['size', 'dtype'],
      standard_normal: ['size', 'dtype'],
      standard_exponential: ['size', 'dtype', 'method'],
      integers: ['low', 'high', 'size', 'dtype', 'endpoint'],
      bytes: ['length'],
      choice: ['a', 'size', 'replace', 'p', 'axis', 'shuffle'],
      permutation: ['x', 'axis'],
      shuffle: ['x', 'axis'],
      spawn: ['n_children'],
    });
    drawingMethods<ModernStream>(this.prototype, 'Generator', continuousTable(false), (self) => self.source);
  }

  protected readonly source = {
    uniform: (): number => this.bits.nextDouble(),
    normal: (): number => zigguratNormal(this.bits),
    exponential: (): number => zigguratExponential(this.bits),
  };

  constructor(bit_generator: Bits) {
    if (!isBits(bit_generator)) throw new TypeError('Generator takes a bit generator: new PCG64(seed), for example');
    super(bit_generator);
  }

  /** The bits; their `state` can be read and set. */
  override get bit_generator(): PCG64 {
    return this.bits as PCG64;
  }

  /** Numbers in [0, 1), of float64 or float32. */
  random(size?: null, dtype?: Dtype): number;
  random(size: Shape, dtype?: Dtype | RealKeywords): Tensor;
  random(keywords: RealKeywords & { size: Shape }): Tensor;
  random(size: unknown = null, dtype: unknown = dtypes.float64): number | Tensor {
    if (dtype === dtypes.float32) return this.#randomFloats(size as Shape | null);
    this.#checkDouble(dtype, 'random');
    return this.drawn(size as Shape | null, this.source.uniform);
  }

  #randomFloats(size: Shape | null): number | Tensor {
    const draw = (): number => (this.bits.next32() >>> 8) / 16777216;
    if (size === null) return draw();
    const dims = dimsOf(size);
    return arrayOf(new Float32Array(countOf(dims)).map(draw), dims, dtypes.float32);
  }

  #checkDouble(dtype: unknown, method: string): void {
    if (dtype === dtypes.float64) return;
    if (dtype === dtypes.float32) {
      throw new NotImplementedError(
        `${method}: numbers of float32 are drawn by a stream of their own, which is not here`,
      );
    }
    throw new TypeError(`Unsupported dtype ${String(dtype)} for ${method}`);
  }

  /** Standard normal numbers. */
  standard_normal(size?: null, dtype?: Dtype): number;
  standard_normal(size: Shape | { size: Shape }, dtype?: Dtype): Tensor;
  standard_normal(size: unknown = null, dtype: Dtype = dtypes.float64): number | Tensor {
    this.#checkDouble(dtype, 'standard_normal');
    return this.drawn(size as Shape | null, this.source.normal);
  }

  /** Exponential numbers of mean 1, by a ziggurat ('zig') or by logarithms ('inv'). */
  standard_exponential(size?: null, dtype?: Dtype, method?: 'zig' | 'inv'): number;
  standard_exponential(
    size: Shape | { size: Shape; method?: 'zig' | 'inv' },
    dtype?: Dtype,
    method?: 'zig' | 'inv',
  ): Tensor;
  standard_exponential(size: unknown = null, dtype: Dtype = dtypes.float64, method: unknown = 'zig'): number | Tensor {
    this.#checkDouble(dtype, 'standard_exponential');
    const inverse = (): number => -native.libm('log1p', -this.bits.nextDouble());
    return this.drawn(size as Shape | null, method === 'zig' ? this.source.exponential : inverse);
  }

  /**
   * Integers in [low, high), or in [0, low) without `high`; `endpoint` includes the last.
   *
   * @throws ValueError "low >= high"
   */
  integers(low: Integer, high?: Integer | null, size?: null, dtype?: Dtype, endpoint?: boolean): number;
  integers(
    low: Integer,
    high: Integer | null | undefined,
    size: Shape,
    dtype?: Dtype | { endpoint: boolean },
    endpoint?: boolean,
  ): Tensor;
  integers(low: Integer, high: Integer, keywords: { dtype?: Dtype; endpoint?: boolean }): number;
  integers(
    low: Integer,
    high: Integer | null | undefined,
    keywords: { size: Shape; dtype?: Dtype; endpoint?: boolean },
  ): Tensor;
  integers(low: Integer, keywords: IntegerKeywords & { size: Shape; endpoint?: boolean }): Tensor;
  integers(low: Integer, keywords: IntegerKeywords & { endpoint?: boolean }): number;
  integers(
    low: unknown,
    high: unknown = null,
    size: unknown = null,
    dtype: unknown = dtypes.int64,
    endpoint: unknown = false,
  ): number | bigint | boolean | Tensor {
    return this.integersOf({
      method: 'integers',
      low: low as Integer,
      high: high as Integer | null,
      size: size as Shape | null,
      dtype: dtype as Dtype,
      closed: Boolean(endpoint),
      masked: false,
    });
  }

  /** Random bytes. */
  bytes(length: number): Uint8Array {
    return this.bytesOf(length);
  }

  readonly #place = (last: number): number => lemirePlace(this.bits, last);

  /** Different places, by Floyd's method or from the end of a shuffled list, as NumPy decides. */
  #different(total: number, count: number, shuffle: boolean): Float64Array {
    if (total > LARGE_POPULATION && count > Math.floor(total / (shuffle ? 50 : 20))) {
      const all = places(total);
      for (let i = total - 1; i >= Math.max(total - count, 1); i--) {
        const j = this.#place(i);
        [all[j], all[i]] = [all[i]!, all[j]!];
      }
      return all.subarray(total - count);
    }
    const found = new Set<number>();
    for (let j = total - count; j < total; j++) {
      const value = this.#place(j);
      found.add(found.has(value) ? j : value);
    }
    const at = Float64Array.from(found);
    if (shuffle) shuffleInPlace(at, this.#place);
    return at;
  }

  /**
   * Items of a list or of a tensor's first dimension, or ints in [0, a): one, or an array of the size.
   *
   * @throws ValueError "probabilities do not sum to 1"
   */
  choice<P extends Population<unknown>>(a: P, size?: null, replace?: boolean, p?: Probabilities | null): ItemOf<P>;
  choice<P extends Population<unknown>>(a: P, size: Shape, replace?: boolean, p?: Probabilities | null): ItemsOf<P>;
  choice<P extends Population<unknown>>(a: P, size: Shape, replace: boolean, keywords: ChoiceKeywords): ItemsOf<P>;
  choice<P extends Population<unknown>>(
    a: P,
    size: Shape,
    keywords: ChoiceKeywords & { axis?: number; shuffle?: boolean },
  ): ItemsOf<P>;
  choice<P extends Population<unknown>>(
    a: P,
    keywords: ChoiceKeywords & { size: Shape; axis?: number; shuffle?: boolean },
  ): ItemsOf<P>;
  choice<P extends Population<unknown>>(a: P, keywords: ChoiceKeywords): ItemOf<P>;
  choice(
    a: unknown,
    size: unknown = null,
    replace: unknown = true,
    p: unknown = null,
    axis: unknown = 0,
    shuffle: unknown = true,
  ): unknown {
    onlyFirst(axis);
    const source = {
      repeated: (total: number, count: number): Float64Array =>
        new Float64Array(count).map(() => this.#place(total - 1)),
      different: (total: number, count: number): Float64Array => this.#different(total, count, Boolean(shuffle)),
    };
    const draw = this.source.uniform;
    const population = a as Population<unknown>;
    return choose(source, draw, population, size as Shape | null, Boolean(replace), p as Probabilities | null);
  }

  /** 0 … x − 1 in random order, or the items of a list or of a tensor's first dimension. */
  permutation(x: number): Tensor;
  permutation(x: Tensor, axis?: number): Tensor;
  permutation<T>(x: ArrayLike<T>): T[];
  permutation(x: unknown, axis: number = 0): unknown {
    onlyFirst(axis);
    if (typeof x === 'number') return integers(this.shuffledPlaces(x, this.interval), [Math.max(0, x)]);
    const count = lengthOf(x as Tensor | ArrayLike<unknown>);
    return taken(x as Population<unknown>, this.shuffledPlaces(count, this.interval), count);
  }

  /** Puts the items of a list, or the rows of a tensor, in another order, in place. */
  shuffle(x: { length: number; [index: number]: unknown } | Tensor, axis: number = 0): void {
    onlyFirst(axis);
    shuffleInPlace(x, this.interval);
  }

  /** Independent generators, of workers for example. */
  spawn(n_children: number): Generator[] {
    if (!(this.bits instanceof PCG64)) throw new TypeError('The underlying BitGenerator does not support spawning');
    return this.bits.seed_seq.spawn(n_children).map((seed) => new Generator(new PCG64(seed)));
  }
}

function onlyFirst(axis: unknown): void {
  if (axis !== 0) throw new NotImplementedError('Axis argument is only supported for the first dimension here');
}

/**
 * NumPy's streams of today, draw by draw. Arrays are tensors: float64, and int64 for integers.
 *
 * @see https://numpy.org/doc/stable/reference/random/generator.html
 */
export class Generator extends pythonClass('Generator', ['bit_generator'], ModernStream) {}

/**
 * A generator of NumPy's default bits, PCG64: of a seed of any size, a list of them, a `SeedSequence`, or the operating system's; a
 * bit generator or a `Generator` is taken as it is.
 *
 * @example
 * const rng = torch.random.default_rng(42);
 * rng.integers(0, 10, [2, 3]); // the numbers of numpy.random.default_rng(42).integers(0, 10, (2, 3))
 */
export function default_rng(seed: Entropy | SeedSequence | Bits | Generator | RandomState | null = null): Generator {
  if (seed instanceof Generator) return seed;
  if (seed instanceof RandomState) return new Generator(seed.bit_generator);
  return new Generator(isBits(seed) ? seed : new PCG64(seed as Entropy | SeedSequence | null));
}
