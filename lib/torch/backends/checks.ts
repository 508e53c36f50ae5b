/** Checks that Python's bindings of libtorch's switches make, in their words. */
import { TorchError } from '../native';
import { typeName } from '../core';

/** Throws TorchError "set_flush_denormal expects a bool, but got int". */
export function checkBool(caller: string, value: unknown): asserts value is boolean {
  if (typeof value !== 'boolean') throw new TorchError(`${caller} expects a bool, but got ${typeName(value)}`);
}

/** Throws TorchError unless `count` is a positive integer. */
export function checkCount(caller: string, count: unknown): asserts count is number {
  if (typeof count !== 'number' || !Number.isInteger(count)) {
    throw new TorchError(`${caller} expects an int, but got ${typeName(count)}`);
  }
  if (count < 1) throw new TorchError(`${caller} expects a positive integer`);
}
