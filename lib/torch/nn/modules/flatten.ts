import { typeName, valueText } from '../../core/text';
import type { Tensor } from '../../memory/tensor';
import { type Arguments, readArguments } from '../module/arguments';
import { Module } from '../module/module';

/** Joins the dimensions from start_dim to end_dim into one. See https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html */
export class Flatten extends Module {
  readonly start_dim: number;
  readonly end_dim: number;

  constructor(...rest: Arguments<{ start_dim?: number; end_dim?: number }, ['start_dim', 'end_dim']>) {
    super();
    const defaults = { start_dim: 1, end_dim: -1 };
    const { start_dim, end_dim } = readArguments('Flatten.__init__', defaults, rest);
    this.start_dim = start_dim;
    this.end_dim = end_dim;
  }

  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`;
  }
}

/**
 * Splits dimension `dim` into the sizes of `unflattened_size`.
 * Throws TypeError unless these are integers. See https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
 */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattened_size: readonly number[];

  constructor(dim: number, unflattened_size: readonly number[], ...surplus: []) {
    super();
    readArguments('Unflatten.__init__', {}, surplus);
    if (!Number.isInteger(dim)) throw new TypeError('invalid argument type for dim parameter');
    if (!Array.isArray(unflattened_size)) {
      throw new TypeError(`unflattened_size must be a tuple of ints, but found type ${typeName(unflattened_size)}`);
    }
    const wrong = unflattened_size.findIndex((size) => !Number.isInteger(size));
    if (wrong >= 0) {
      throw new TypeError(
        `unflattened_size must be tuple of ints, but found element of type ${typeName(unflattened_size[wrong])} at pos ${wrong}`,
      );
    }
    this.dim = dim;
    this.unflattened_size = [...unflattened_size];
  }

  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${valueText(this.unflattened_size)}`;
  }
}
