/** `torch.func.functionalize` and `debug_unwrap`. */
import { pythonFunction } from '../call';
import { handleOf, isTensor, type Tensor, wrap } from '../memory';
import { native, TorchError } from '../native';
import type { AnyFunction, Loose } from './gradients';
import { inFunctionalize, wrapped } from './levels';
import { flatten, mapLeaves } from './pytree';

/** What goes from the program: changes in place, or views, too. */
type Remove = 'mutations' | 'mutations_and_views';

const functionalized = pythonFunction(
  'functionalize',
  ['func', '*', 'remove'],
  (func: AnyFunction, remove: Remove = 'mutations'): Loose => {
    if (remove !== 'mutations' && remove !== 'mutations_and_views') {
      throw new TorchError(
        `functionalize(f, remove='mutations'): received invalid argument for remove=${String(remove)}. Valid options are:\n` +
          "     remove='mutations': all inplace and out= operators will be removed from the program, and replaced with their out-of-place equivalents.\n" +
          "     remove='mutations_and_views': In addition to the above, all aliasing operators {view} will be replaced with their non-aliasing counterparts, {view}_copy.\n",
      );
    }
    return (...args) =>
      inFunctionalize(remove === 'mutations', (level) => {
        const inner = mapLeaves(args, (leaf) =>
          isTensor(leaf) ? wrap(native.wrap_functional(handleOf(leaf), level)) : leaf,
        ) as never[];
        const outputs = mapLeaves(func(...inner), (leaf) =>
          isTensor(leaf) ? wrapped(leaf as Tensor, native.unwrap_functional(handleOf(leaf))) : leaf,
        );
        const [given] = flatten(args);
        flatten(inner)[0].forEach((leaf, i) => {
          if (isTensor(leaf)) native.propagate_functional(handleOf(given[i] as Tensor), handleOf(leaf));
        });
        return outputs;
      });
  },
);

/** The ways to call `functionalize`. */
export type Functionalize = <Args extends unknown[], Result>(
  func: (...args: Args) => Result,
  options?: { remove?: Remove },
) => (...args: Args) => Result;

/**
 * A function that does what `func` does without changing tensors in place on the way; `remove` 'mutations_and_views' takes
 * copies instead of views, too. What `func` writes into its arguments is written into them at the end.
 *
 * @throws TorchError for another value of `remove`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.functionalize.html
 */
export const functionalize: Functionalize = functionalized as unknown as Functionalize;

/**
 * The tensor in one that a transformation has wrapped: of all of them, or of the innermost one alone without `recurse`. For
 * a look at numbers within `vmap` or `grad`; what is computed with it is not part of the transformation.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.debug_unwrap.html
 */
export const debug_unwrap = pythonFunction(
  'debug_unwrap',
  ['tensor', '*', 'recurse'],
  (tensor: Tensor, recurse: boolean = true): Tensor => {
    const inner = wrapped(tensor, native.unwrapped(handleOf(tensor)));
    return inner === tensor || !recurse ? inner : debug_unwrap(inner);
  },
);
