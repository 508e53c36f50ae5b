/** Orders in which a DataLoader visits samples (Python: `torch.utils.data.sampler`). */
import { ValueError } from '../../native';
import { empty, randint, randperm } from '../../generated/functions';
import { Generator } from '../../random';
import { int64, placeClasses, typeName, valueText } from '../../core';
import { isTensor, type Tensor } from '../../memory';
import { type KeywordsOf, pythonClass } from '../../call';

/** Anything with a number of samples. */
export interface Sized {
  readonly length: number;
}

/** Refuses what has no number of samples, and tensors, whose `length` is none. */
export function checkSized(name: string, source: unknown): void {
  const length =
    typeof source === 'object' && source !== null && !isTensor(source) ? (source as Sized).length : undefined;
  if (Number.isSafeInteger(length)) return;
  throw new TypeError(`${name}(): expected a data source with a length, not ${typeName(source)}`);
}

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

class InOrder implements Iterable<number> {
  constructor(readonly data_source: Sized) {
    checkSized('SequentialSampler', data_source);
  }

  get length(): number {
    return this.data_source.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let index = 0; index < this.data_source.length; index++) yield index;
  }
}

/** 0, 1, 2, … in order. */
export class SequentialSampler extends pythonClass('SequentialSampler', ['data_source{}'], InOrder) {}

class Shuffled implements Iterable<number> {
  readonly length: number;
  /** Draw each sample independently instead of shuffling. */
  readonly replacement: boolean;
  /** Without one, each pass draws a seed from the default generator and shuffles with its own. */
  readonly generator: Generator | null;

  constructor(
    readonly data_source: Sized,
    replacement: boolean = false,
    /** Samples per pass; by default the size of the data source. */
    num_samples: number | null = null,
    generator: Generator | null = null,
  ) {
    checkSized('RandomSampler', data_source);
    if (typeof replacement !== 'boolean') {
      throw new TypeError(`replacement should be a boolean value, but got replacement=${valueText(replacement)}`);
    }
    this.length = num_samples ?? data_source.length;
    if (!Number.isSafeInteger(this.length) || this.length <= 0) {
      throw new ValueError(
        `num_samples should be a positive integer value, but got num_samples=${valueText(this.length)}`,
      );
    }
    this.replacement = replacement;
    this.generator = generator;
  }

  *[Symbol.iterator](): Iterator<number> {
    const generator = this.generator ?? new Generator().manual_seed(drawSeed());
    const size = this.data_source.length;
    if (this.replacement) {
      for (let block = 0; block < Math.floor(this.length / 32); block++) {
        yield* numbers(randint(0, size, [32], { dtype: int64, generator }));
      }
      yield* numbers(randint(0, size, [this.length % 32], { dtype: int64, generator }));
      return;
    }
    for (let pass = 0; pass < Math.floor(this.length / size); pass++) {
      yield* numbers(randperm(size, { generator }));
    }
    // Python draws this last permutation even when nothing of it is used, which moves a given generator.
    yield* numbers(randperm(size, { generator })).slice(0, this.length % size);
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

placeClasses({ 'torch.utils.data.sampler': { RandomSampler, SequentialSampler } });
