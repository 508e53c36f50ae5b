/** Orders in which a DataLoader visits samples (Python: `torch.utils.data.sampler`). */
import { type KeywordsOf, pythonClass } from '../../call';
import { float64, int64, placeClasses, sizeText, typeName, valueText } from '../../core';
import { empty, multinomial, randint, randperm } from '../../generated/functions';
import type { Tensor } from '../../memory';
import { NotImplementedError, ValueError } from '../../native';
import { Generator } from '../../random';
import { as_tensor } from '../../tensor';
import { itemOf, lengthOf, refuseArguments, type Sized } from './sized';

/** Draws a seed as Python's samplers do: one random int64, from the default generator unless one is given. */
export function drawSeed(generator: Generator | null = null): bigint {
  const drawn = empty([], { dtype: int64 }).random_({ generator });
  const seed = BigInt(drawn.item<number | bigint>());
  drawn.dispose();
  return seed;
}

function numbers(indices: Tensor): number[] {
  const list = indices.tolist() as number[];
  indices.dispose();
  return list;
}

/** Base of samplers: subclasses write `[Symbol.iterator]()`, and `__len__()` where there is a number of items. */
export class Sampler<T = number> implements Iterable<T> {
  constructor(...none: []) {
    refuseArguments(new.target.name, none);
  }

  /** The keys of one pass. @throws NotImplementedError where a subclass has none */
  [Symbol.iterator](): Iterator<T> {
    throw new NotImplementedError();
  }

  /** Number of keys in one pass (Python: `len(sampler)`). @throws TypeError where there is no `__len__` */
  get length(): number {
    const { __len__ } = this as { __len__?(): number };
    if (typeof __len__ !== 'function') throw new TypeError(`object of type '${typeName(this)}' has no len()`);
    return Reflect.apply(__len__, this, []);
  }
}

class InOrder extends Sampler {
  constructor(readonly data_source: Sized) {
    super();
  }

  override *[Symbol.iterator](): Iterator<number> {
    const size = lengthOf(this.data_source);
    for (let index = 0; index < size; index++) yield index;
  }

  __len__(): number {
    return lengthOf(this.data_source);
  }
}

/** 0, 1, 2, … in order. */
export class SequentialSampler extends pythonClass('SequentialSampler', ['data_source{}'], InOrder) {}

/** Seeds that samplers drew last, and seeds that they shall take instead of drawing one. */
const drawn = new WeakMap<object, bigint>();
const planned = new WeakMap<object, bigint>();

class Shuffled extends Sampler {
  private readonly given: number | null;

  constructor(
    readonly data_source: Sized,
    /** Draw each sample independently instead of shuffling. */
    readonly replacement: boolean = false,
    /** Samples per pass; by default the size of the data source. */
    num_samples: number | null = null,
    /** Without one, each pass draws a seed from the default generator and shuffles with its own. */
    readonly generator: Generator | null = null,
  ) {
    super();
    if (typeof replacement !== 'boolean') {
      throw new TypeError(`replacement should be a boolean value, but got replacement=${valueText(replacement)}`);
    }
    this.given = num_samples;
    if (!Number.isSafeInteger(this.num_samples) || this.num_samples <= 0) {
      throw new ValueError(
        `num_samples should be a positive integer value, but got num_samples=${valueText(this.num_samples)}`,
      );
    }
  }

  /** Samples per pass: the data source may change its size. */
  get num_samples(): number {
    return this.given ?? lengthOf(this.data_source);
  }

  override *[Symbol.iterator](): Iterator<number> {
    const size = lengthOf(this.data_source);
    const generator = this.generator ?? new Generator().manual_seed(this.seedOfPass());
    const count = this.num_samples;
    if (this.replacement) {
      for (let block = 0; block < Math.floor(count / 32); block++) {
        yield* numbers(randint(0, size, [32], { dtype: int64, generator }));
      }
      yield* numbers(randint(0, size, [count % 32], { dtype: int64, generator }));
      return;
    }
    for (let pass = 0; pass < Math.floor(count / size); pass++) yield* numbers(randperm(size, { generator }));
    // Python draws this last permutation even when nothing of it is used, which moves a given generator.
    yield* numbers(randperm(size, { generator })).slice(0, count % size);
  }

  __len__(): number {
    return this.num_samples;
  }

  private seedOfPass(): bigint {
    const seed = planned.get(this) ?? drawSeed();
    planned.delete(this);
    drawn.set(this, seed);
    return seed;
  }
}

/**
 * A fresh random order each pass, drawing from the generators exactly as Python does.
 *
 * @throws ValueError when `num_samples` (or the data source's size) is not a positive integer
 */
export class RandomSampler extends pythonClass(
  'RandomSampler',
  ['data_source{}', 'replacement', 'num_samples', 'generator'],
  Shuffled,
) {}

/** All but the data source, by keyword. */
export type RandomSamplerOptions = Omit<KeywordsOf<typeof RandomSampler>, 'data_source'>;

/** The seed of the pass that the sampler began last. */
export function seedDrawnBy(sampler: object): bigint | undefined {
  return drawn.get(sampler);
}

/** The sampler's next pass has this seed, and draws none. */
export function planSeed(sampler: object, seed: bigint): void {
  planned.set(sampler, seed);
}

class OfSubset extends Sampler {
  constructor(
    /** What is shuffled. */
    readonly indices: ArrayLike<number>,
    /** Draws the order; the default generator where null. */
    readonly generator: Generator | null = null,
  ) {
    super();
  }

  override *[Symbol.iterator](): Iterator<number> {
    const order = numbers(randperm(lengthOf(this.indices), { generator: this.generator }));
    for (const i of order) yield itemOf(this.indices, i) as number;
  }

  __len__(): number {
    return lengthOf(this.indices);
  }
}

/** The given indices in a fresh random order each pass. */
export class SubsetRandomSampler extends pythonClass('SubsetRandomSampler', ['indices', 'generator'], OfSubset) {}

class Weighted extends Sampler {
  /** Probability of each index, not necessarily summing to one; float64. */
  readonly weights: Tensor;

  constructor(
    weights: readonly number[] | Tensor,
    /** Samples per pass. */
    readonly num_samples: number,
    /** Whether an index may be drawn more than once in a pass. */
    readonly replacement: boolean = true,
    /** Draws the indices; the default generator where null. */
    readonly generator: Generator | null = null,
  ) {
    super();
    if (!Number.isSafeInteger(num_samples) || num_samples <= 0) {
      throw new ValueError(
        `num_samples should be a positive integer value, but got num_samples=${valueText(num_samples)}`,
      );
    }
    if (typeof replacement !== 'boolean') {
      throw new ValueError(`replacement should be a boolean value, but got replacement=${valueText(replacement)}`);
    }
    this.weights = as_tensor(weights as Tensor, { dtype: float64 });
    if (this.weights.dim() !== 1) {
      throw new ValueError(
        `weights should be a 1d sequence but given weights have shape ${sizeText(this.weights.shape)}`,
      );
    }
  }

  override *[Symbol.iterator](): Iterator<number> {
    const { num_samples, replacement, generator } = this;
    yield* numbers(multinomial(this.weights, num_samples, replacement, { generator }));
  }

  __len__(): number {
    return this.num_samples;
  }
}

/**
 * Indices 0 … `weights.length − 1`, drawn with these probabilities.
 *
 * @throws ValueError when `num_samples` is not a positive integer, or `weights` is no list of numbers
 */
export class WeightedRandomSampler extends pythonClass(
  'WeightedRandomSampler',
  ['weights', 'num_samples', 'replacement', 'generator'],
  Weighted,
) {}

class InBatches extends Sampler<number[]> {
  constructor(
    /** What gives the indices. */
    readonly sampler: Iterable<number>,
    readonly batch_size: number,
    /** Whether a last batch that is smaller than the others is left out. */
    readonly drop_last: boolean,
  ) {
    super();
    if (!Number.isSafeInteger(batch_size) || batch_size <= 0) {
      throw new ValueError(
        `batch_size should be a positive integer value, but got batch_size=${valueText(batch_size)}`,
      );
    }
    if (typeof drop_last !== 'boolean') {
      throw new ValueError(`drop_last should be a boolean value, but got drop_last=${valueText(drop_last)}`);
    }
  }

  override *[Symbol.iterator](): Iterator<number[]> {
    const indices = this.sampler[Symbol.iterator]();
    for (;;) {
      const batch: number[] = [];
      while (batch.length < this.batch_size) {
        const next = indices.next();
        if (next.done) break;
        batch.push(next.value);
      }
      if (batch.length === 0 || (this.drop_last && batch.length < this.batch_size)) return;
      yield batch;
    }
  }

  __len__(): number {
    const size = lengthOf(this.sampler);
    return this.drop_last ? Math.floor(size / this.batch_size) : Math.ceil(size / this.batch_size);
  }
}

/** Lists of `batch_size` indices of another sampler. @throws ValueError for a `batch_size` that is not positive */
export class BatchSampler extends pythonClass('BatchSampler', ['sampler{}', 'batch_size', 'drop_last'], InBatches) {}

placeClasses({
  'torch.utils.data.sampler': {
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
  },
});
