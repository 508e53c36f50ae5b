import type { OneOrMany } from '../../../call';
import { valueText } from '../../../core';
import { ntuple } from '../../functional/sizes';
import { Module } from '../../module/module';

/** One amount for all sides, or one for each. */
export type Amounts = OneOrMany<number>;

/** The base of the paddings. */
export abstract class PadNd extends Module {
  constructor(
    /** Amount on every side, or one for each: before and after in the last dimension, then in the one before it. */
    public padding: readonly number[],
  ) {
    super();
  }

  override extra_repr(): string {
    return valueText(this.padding);
  }
}

/** A padding as one that takes an amount for each of so many sides, or one for all. */
export function withSides<T extends PadNd>(
  base: new (padding: readonly number[]) => T,
  sides: number,
): new (
  padding: Amounts,
) => T {
  const made = class extends (base as new (padding: readonly number[]) => PadNd) {
    constructor(padding: Amounts) {
      super(ntuple(padding, sides));
    }
  };
  return made as unknown as new (
    padding: Amounts,
  ) => T;
}
