import { pythonClass, pythonMethods } from '../../call';
import { typeName } from '../../core';
import type { Tensor } from '../../memory';
import type { Input } from '../module/inputs';
import { Module } from '../module/module';
import { shown } from '../module/repr';

class FlattenModule extends Module {
  static {
    pythonMethods(this.prototype, 'Flatten', { forward: ['input'], extra_repr: [] });
  }

  constructor(
    /** First dimension to join. Default 1. */
    readonly start_dim: number = 1,
    /** Last dimension to join; negative counts from the end. Default −1. */
    readonly end_dim: number = -1,
  ) {
    super();
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim);
  }

  override extra_repr(): string {
    return shown(this, 'start_dim', 'end_dim');
  }
}

/**
 * Joins the dimensions from start_dim to end_dim into one.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 */
export class Flatten extends pythonClass('Flatten', ['start_dim', 'end_dim'], FlattenModule) {}

class UnflattenModule extends Module {
  static {
    pythonMethods(this.prototype, 'Unflatten', { forward: ['input'], extra_repr: [] });
  }

  /** Sizes of the new dimensions. */
  readonly unflattened_size: readonly number[];

  constructor(
    /** Dimension to split. */
    readonly dim: number,
    unflattened_size: readonly number[],
  ) {
    super();
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
    this.unflattened_size = [...unflattened_size];
  }

  override forward(...args: Input): Tensor;
  override forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattened_size);
  }

  override extra_repr(): string {
    return shown(this, 'dim', 'unflattened_size');
  }
}

/**
 * Splits dimension `dim` into the sizes of `unflattened_size`.
 * @throws TypeError unless these are integers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html
 */
export class Unflatten extends pythonClass('Unflatten', ['dim', 'unflattened_size'], UnflattenModule) {}
