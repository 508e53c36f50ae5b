/** NumPy's `SeedSequence`: well mixed words from any seed. */
import { typeName } from '../../core';
import { ValueError } from '../../native';
import { pythonClass, pythonMethods } from '../../call';
import { integerOf, systemWords, wordsOf } from '../words';

/** A non-negative integer. */
type Whole = number | bigint;

/** What seeds a `SeedSequence`: a non-negative int of any size, or several. */
export type Entropy = Whole | readonly (Whole | string)[] | Uint32Array;

const POOL_SIZE = 4;

function wholeWords(value: unknown): readonly number[] {
  if (typeof value === 'string') {
    if (!/^(0x[0-9a-f]+|\d+)$/i.test(value)) throw new ValueError('unrecognized seed string');
    return wholeWords(BigInt(value));
  }
  if (typeof value === 'number' && !Number.isInteger(value)) throw new TypeError('seed must be integer');
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new TypeError(`SeedSequence expects int or sequence of ints for entropy not ${typeName(value)}`);
  }
  if (value < 0) throw new ValueError('expected non-negative integer');
  return Array.from(wordsOf(BigInt(value)));
}

function entropyWords(entropy: Entropy): number[] {
  if (entropy instanceof Uint32Array) return Array.from(entropy);
  if (Array.isArray(entropy)) return entropy.flatMap(wholeWords);
  if (typeof entropy === 'string') {
    throw new TypeError(`SeedSequence expects int or sequence of ints for entropy not ${entropy as string}`);
  }
  return [...wholeWords(entropy)];
}

/** A word mixed with a multiplier that changes with every word. */
class Mixer {
  constructor(
    private constant: number,
    private readonly factor: number,
  ) {}

  hash(value: number): number {
    const mixed = value ^ this.constant;
    this.constant = Math.imul(this.constant, this.factor);
    const product = Math.imul(mixed, this.constant);
    return (product ^ (product >>> 16)) >>> 0;
  }
}

function mix(x: number, y: number): number {
  const result = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
  return (result ^ (result >>> 16)) >>> 0;
}

function poolOf(words: readonly number[], size: number): Uint32Array {
  const mixer = new Mixer(0x43b0d7e5, 0x931e8875);
  const pool = Uint32Array.from({ length: size }, (_, i) => mixer.hash(words[i] ?? 0));
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, mixer.hash(pool[from]!));
    }
  }
  for (const word of words.slice(size)) {
    for (let to = 0; to < size; to++) pool[to] = mix(pool[to]!, mixer.hash(word));
  }
  return pool;
}

class MixedSeeds {
  static {
    pythonMethods(this.prototype, 'SeedSequence', { generate_state: ['n_words', 'dtype'], spawn: ['n_children'] });
  }

  /** The seed; what the operating system gave where none was given. */
  readonly entropy: Entropy;
  readonly pool: Uint32Array;

  constructor(
    entropy: Entropy | null = null,
    readonly spawn_key: readonly Whole[] = [],
    readonly pool_size: number = POOL_SIZE,
    public n_children_spawned: number = 0,
  ) {
    if (pool_size < POOL_SIZE) {
      throw new ValueError(`The size of the entropy pool should be at least ${POOL_SIZE}`);
    }
    this.entropy = entropy ?? integerOf(new Uint8Array(systemWords(pool_size).buffer));
    const words = entropyWords(this.entropy);
    const spawned = spawn_key.flatMap(wholeWords);
    while (spawned.length > 0 && words.length < pool_size) words.push(0);
    this.pool = poolOf([...words, ...spawned], pool_size);
  }

  /** `n_words` words to seed a generator with: 'uint32', or 'uint64' as BigInts. */
  generate_state(n_words: number, dtype?: 'uint32'): Uint32Array;
  generate_state(n_words: number, dtype: 'uint64'): BigUint64Array;
  generate_state(n_words: number, dtype: string = 'uint32'): Uint32Array | BigUint64Array {
    if (dtype !== 'uint32' && dtype !== 'uint64') throw new ValueError('only support uint32 or uint64');
    const mixer = new Mixer(0x8b51f9dd, 0x58f38ded);
    const count = dtype === 'uint64' ? 2 * n_words : n_words;
    const state = Uint32Array.from({ length: count }, (_, i) => mixer.hash(this.pool[i % this.pool_size]!));
    return dtype === 'uint64' ? new BigUint64Array(state.buffer) : state;
  }

  /** Sequences for independent generators, of workers for example. */
  spawn(n_children: number): SeedSequence[] {
    if (n_children < 0) throw new ValueError('n_children must be non-negative');
    const first = this.n_children_spawned;
    this.n_children_spawned += n_children;
    return Array.from({ length: n_children }, (_, i) => {
      const { entropy, pool_size } = this;
      return new SeedSequence(entropy, { spawn_key: [...this.spawn_key, first + i], pool_size });
    });
  }

  /** What makes the same sequence again. */
  get state(): object {
    const { entropy, spawn_key, pool_size, n_children_spawned } = this;
    return { entropy, spawn_key, pool_size, n_children_spawned };
  }
}

/**
 * A seed, mixed so that similar seeds give unlike sequences (`numpy.random.SeedSequence`).
 *
 * @see https://numpy.org/doc/stable/reference/random/bit_generators/generated/numpy.random.SeedSequence.html
 */
export class SeedSequence extends pythonClass(
  'SeedSequence',
  ['entropy', '*', 'spawn_key', 'pool_size', 'n_children_spawned'],
  MixedSeeds,
) {}
