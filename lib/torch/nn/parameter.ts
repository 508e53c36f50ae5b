import { native } from '../native';
import { anchor, handleOf, isTensor, ownership, Tensor } from '../memory';
import { readArguments } from './module/arguments';
import { typename } from '../tensor';

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
  constructor(data: Tensor, ...rest: [requires_grad?: boolean | { requires_grad?: boolean }]) {
    if (!isTensor(data)) {
      throw new TypeError(`Parameter(): data must be a Tensor, but got ${typename(data)}`);
    }
    const { requires_grad } = readArguments('Parameter.__new__', { requires_grad: true }, rest);
    if (typeof requires_grad !== 'boolean') {
      throw new TypeError(`Parameter(): requires_grad must be a boolean, but got ${typename(requires_grad)}`);
    }
    super(native.alias(handleOf(data)), ownership);
    anchor(this);
    if (requires_grad) native.set_requires_grad(handleOf(this), true);
  }

  /** `Parameter containing:` and the tensor. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
