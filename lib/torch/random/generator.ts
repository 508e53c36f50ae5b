/** Random number generators. */
import { type Device, device, type DeviceLike, sha256, typeName, uint8, nameType, refuseDetachedCalls } from '../core';
import { type External, native, TorchError, ValueError } from '../native';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { type Arguments, GENERATOR, handBound } from '../call';

const MIN_SEED = -(1n << 63n);
const MAX_SEED = (1n << 64n) - 1n;

/** A seed as libtorch's unsigned 64 bits; negative ones wrap around, as in Python. */
export function seedBits(seed: number | bigint): bigint {
  const integer = BigInt(seed);
  if (integer < MIN_SEED || integer > MAX_SEED) {
    throw new ValueError('Overflow when unpacking long long');
  }
  return BigInt.asUintN(64, integer);
}

function readable(seed: bigint): number | bigint {
  return seed <= Number.MAX_SAFE_INTEGER ? Number(seed) : seed;
}

const parse = handBound('Generator', ['Device? device=None']);

/**
 * A source of random numbers with its own state (`torch.Generator`). Pass it as `generator` to the operations that
 * draw.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Generator.html
 */
export class Generator {
  static {
    nameType(this.prototype, GENERATOR);
    refuseDetachedCalls(this.prototype, 'Generator');
  }

  /** The native generator. */
  readonly external: External;

  /** A new generator with the default seed 67280421310721. */
  constructor(...args: Arguments<['device'], [device?: DeviceLike | null]>) {
    const [where] = parse(args).values as [DeviceLike | null | undefined];
    this.external = native.create_generator(device(where ?? 'cpu').toString());
  }

  /** @internal The generator that operations on `device` use by default. */
  static default(device: string): Generator {
    const generator = Object.create(Generator.prototype) as { external: External };
    generator.external = native.default_generator(device);
    return generator as Generator;
  }

  /** Device on which the numbers are drawn. */
  get device(): Device {
    return device(native.generator_device(this.external));
  }

  /**
   * Restarts the sequence from a seed in [-2^63, 2^64 - 1]; negative seeds wrap around. Returns this generator.
   * @throws ValueError "Overflow when unpacking long long"
   */
  manual_seed(seed: number | bigint): this {
    if (typeof seed !== 'bigint' && !Number.isInteger(seed)) {
      throw new TorchError(`manual_seed expected a long, but got ${typeName(seed)}`);
    }
    native.generator_manual_seed(this.external, seedBits(seed));
    return this;
  }

  /** Takes a seed from the operating system and returns it. */
  seed(): number | bigint {
    return readable(native.generator_seed(this.external));
  }

  /** The seed that the sequence started from; a BigInt where a number would lose bits. */
  initial_seed(): number | bigint {
    return readable(native.generator_initial_seed(this.external));
  }

  /** The whole state as a uint8 tensor. */
  get_state(): Tensor {
    return wrap(native.generator_get_state(this.external));
  }

  /** Continues from a state that `get_state` gave. Returns this generator. */
  set_state(state: Tensor): this {
    if (!isTensor(state)) {
      throw new TypeError(`expected a torch.ByteTensor, but got ${typeName(state)}`);
    }
    if (native.dtype(handleOf(state)) !== uint8.code) {
      throw new TypeError('RNG state must be a torch.ByteTensor');
    }
    native.generator_set_state(this.external, handleOf(state));
    return this;
  }

  /** Device and state in one line, which those who compare objects look at. */
  get [Symbol.toStringTag](): string {
    if (this.external === undefined) return 'Generator';
    using state = this.get_state();
    const bytes = new Uint8Array(state.numel());
    native.to_bytes(handleOf(state), bytes);
    return `Generator ${this.device.toString()} ${sha256([bytes])}`;
  }

  /** @throws TypeError in the words of Python's `json.dumps` */
  toJSON(): never {
    throw new TypeError('Object of type Generator is not JSON serializable: write generator.get_state()');
  }

  /** `<torch._C.Generator object>`; Python appends the object's address. */
  toString(): string {
    return '<torch._C.Generator object>';
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The CPU generator that operations use when they are given none. */
export const default_generator = Generator.default('cpu');
