/** What both of NumPy's classes do in the same way. */
import { type Dtype, dtypes } from '../../core';
import { ValueError } from '../../native';
import type { Tensor } from '../../memory';
import { arrayOf, doubles, places, type Shape } from './arrays';
import type { Bits } from './bits';
import { intervalPlace } from './bounded';
import {
  countFor,
  differentWeightedPlaces,
  type Population,
  type Probabilities,
  probabilities,
  sizeOf,
  taken,
  weightedPlaces,
} from './choice';
import type { Source } from './distributions';
import { drawIntegers, type IntegerRequest } from './integer_dtypes';

/** An item of a population. */
export type ItemOf<P> = P extends number ? number : P extends ArrayLike<infer T> ? T : Tensor;

/** What `choice` returns with a size: an int64 tensor of an int, a tensor of a tensor, a list of a list. */
export type ItemsOf<P> = P extends number ? Tensor : P extends ArrayLike<infer T> ? T[] : Tensor;

/** Keywords of `choice`. */
export interface ChoiceKeywords {
  size?: Shape | null;
  replace?: boolean;
  p?: Probabilities | null;
}

/** Keywords of `randint` and `integers`; the dtype is int64 by default. */
export interface IntegerKeywords {
  high?: number | bigint | null;
  dtype?: Dtype;
}

/** Where places come from, which the two classes do differently. */
export interface PlaceSource {
  /** `count` places of `size`, each of all of them. */
  repeated(size: number, count: number): Float64Array;
  /** `count` different places of `size`. */
  different(size: number, count: number): Float64Array;
}

/** `choice`, with the words of NumPy for what cannot be drawn. */
export function choose(
  source: PlaceSource,
  draw: () => number,
  a: Population<unknown>,
  size: Shape | null,
  replace: boolean,
  p: Probabilities | null,
): unknown {
  const total = sizeOf(a);
  const count = countFor(size);
  if (total <= 0 && count !== 0) {
    throw new ValueError(
      typeof a === 'number'
        ? 'a must be greater than 0 unless no samples are taken'
        : "'a' cannot be empty unless no samples are taken",
    );
  }
  const chances = p === null ? null : probabilities(p, total);
  if (!replace && count > total) {
    throw new ValueError("Cannot take a larger sample than population when 'replace=False'");
  }
  let at: Float64Array;
  if (replace) at = chances === null ? source.repeated(total, count) : weightedPlaces(draw, chances, count);
  else at = chances === null ? source.different(total, count) : differentWeightedPlaces(draw, chances, count);
  return taken(a, at, size);
}

/** The bits and the numbers made of them. */
export abstract class Stream {
  constructor(
    /** @internal The bits. */
    protected readonly bits: Bits,
  ) {}

  /** The bits; their `state` can be read and set. */
  get bit_generator(): Bits {
    return this.bits;
  }

  /** @internal Where distributions take their numbers from. */
  protected abstract readonly source: Source;

  /** @internal One number, or an array of the size. */
  protected drawn(size: Shape | null, draw: () => number): number | Tensor {
    return size === null ? draw() : doubles(size, draw);
  }

  /** @internal Integers of a type. */
  protected integersOf(request: IntegerRequest): number | bigint | boolean | Tensor {
    return drawIntegers(this.bits, request);
  }

  /** @internal 64-bit integers as a tensor, or the only one as a number. */
  protected wide(items: BigInt64Array, dims: number[] | null): number | bigint | Tensor {
    const array = arrayOf(items, dims ?? [], dtypes.int64);
    if (dims !== null) return array;
    using one = array;
    return one.item() as number | bigint;
  }

  /** @internal Bytes of whole words. */
  protected bytesOf(length: number): Uint8Array {
    const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => this.bits.next32());
    return new Uint8Array(words.buffer, 0, length);
  }

  /** @internal 0 … n − 1 in random order. */
  protected shuffledPlaces(n: number, draw: (last: number) => number): Float64Array {
    const order = places(n);
    for (let i = n - 1; i > 0; i--) {
      const j = draw(i);
      const item = order[i]!;
      order[i] = order[j]!;
      order[j] = item;
    }
    return order;
  }

  /** @internal A place up to `last`, by a mask. */
  protected readonly interval = (last: number): number => intervalPlace(this.bits, last);
}
