/**
 * Batching for the derivative tools (Python: `torch/_vmap_internals.py`): a function runs once, on tensors that hide
 * their first dimension, as if it ran for every index of that dimension.
 */
import { native, ValueError } from '../native';
import { _add_batch_dim, _remove_batch_dim } from '../generated/functions';
import { isTensor, type Tensor } from '../memory';

function batchSize(name: string, inputs: readonly (Tensor | null)[]): number {
  if (inputs.length === 0) {
    throw new ValueError(
      `vmap(${name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function with no inputs. The latter is unsupported.`,
    );
  }
  const sizes = inputs.map((input) => {
    if (!isTensor(input)) {
      throw new ValueError(
        `vmap(${name}, in_dims=0, ...)(<inputs>): Got in_dim=0 for an input but the input is of type <class 'NoneType'>. We cannot vmap over non-Tensor arguments, please use None as the respective in_dim`,
      );
    }
    const { shape } = input as Tensor;
    if (shape.length === 0) {
      throw new ValueError(
        `vmap(${name}, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a Tensor of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0.`,
      );
    }
    return shape[0] as number;
  });
  if (sizes.some((size) => size !== sizes[0])) {
    throw new ValueError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
    );
  }
  return sizes[0] as number;
}

/** Runs `fn` for every index of the inputs' first dimension at once; its outputs get that dimension back. */
export function vmap<Output extends Tensor | null>(
  fn: (...inputs: Tensor[]) => readonly Output[],
  inputs: readonly (Tensor | null)[],
  name: string,
): Output[] {
  const size = batchSize(name, inputs);
  const level = native.vmap_increment_nesting();
  try {
    const batched = inputs.map((input) => _add_batch_dim(input as Tensor, 0, level));
    return fn(...batched).map((output) =>
      output === null ? output : (_remove_batch_dim(output, level, size, 0) as Output),
    );
  } finally {
    native.vmap_decrement_nesting();
  }
}
