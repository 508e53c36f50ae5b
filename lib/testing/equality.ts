/** An equality tester of Vitest and Jest. */
import { is_tensor, type Tensor } from 'isotorch';
import { tensorDifference } from './tensors';

/**
 * Equality of tensors for `toEqual` and its like, bit for bit: true for two tensors of the same dtype, shape, kind of device,
 * layout and bits; false where only one is a tensor; undefined where none is, which leaves the answer to the framework.
 *
 * A NaN equals a NaN of the same bits, and 0 is not -0.
 *
 * @example
 * expect.addEqualityTesters([tensorEquality]);
 * expect({ loss: torch.tensor(1) }).toEqual({ loss: torch.tensor(1) });
 */
export function tensorEquality(a: unknown, b: unknown): boolean | undefined {
  const [one, other] = [is_tensor(a), is_tensor(b)];
  if (one && other) return tensorDifference(a as Tensor, b as Tensor) === undefined;
  return one || other ? false : undefined;
}
