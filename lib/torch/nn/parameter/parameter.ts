import { type MethodArguments, pythonFunction } from '../../call';
import { type Handle, native } from '../../native';
import { anchor, handleOf, isTensor, ownership, Tensor } from '../../memory';
import { empty } from '../../generated/functions';
import { typeName } from '../../core';

const read = pythonFunction(
  'Parameter.__new__',
  ['cls', 'data', 'requires_grad'],
  (_cls: unknown, data: Tensor | null = null, requires_grad: boolean = true): readonly [Handle, boolean] => {
    if (data !== null && !isTensor(data)) {
      // Python's AttributeError.
      throw new TypeError(`'${typeName(data)}' object has no attribute 'detach'`);
    }
    if (typeof requires_grad !== 'boolean') {
      throw new TypeError(
        `_make_subclass(): argument 'require_grad' (position 3) must be bool, not ${typeName(requires_grad)}`,
      );
    }
    return [native.alias(handleOf(data ?? empty([0]))), requires_grad];
  },
);

/**
 * A tensor that a module trains. Assigned to a property of a `Module`, it appears in `parameters()`.
 *
 * It shares `data`'s storage but not its history, and no scope frees it.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 */
export class Parameter extends Tensor {
  /** Brand, in the types only: what takes a parameter refuses a tensor. */
  declare protected readonly kind: 'Parameter';

  /** Throws TypeError when `data` is not a tensor, TorchError when its dtype cannot have gradients. */
  constructor(...args: MethodArguments<typeof read>) {
    const [handle, requires_grad] = read(Parameter, ...args);
    super(handle, ownership);
    anchor(this);
    if (requires_grad) native.set_requires_grad(handleOf(this), true);
  }

  /** `Parameter containing:` and the tensor. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
