/** What all transforms have in common. */
import { scope, type Tensor } from 'isotorch';

/** A step of a pipeline: a transform, or any function of a sample. */
export type Step = (sample: never) => unknown;

/** A function that runs `forward` of itself, with the methods of a class and none of a function's own properties. */
function callable(prototype: object): object {
  const call = (image: Tensor): Tensor => scope(() => (call as unknown as Transform).forward(image));
  Reflect.deleteProperty(call, 'name');
  Reflect.deleteProperty(call, 'length');
  return Object.setPrototypeOf(call, prototype) as object;
}

/** Its constructor returns a function, on which the fields of derived classes are made. */
abstract class CallableObject {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: a function is what the derived classes' `this` is to be
    return callable(new.target.prototype) as this;
  }
}

/**
 * A change of images, called as Python's is: `new Resize(64)(image)`.
 *
 * A uint8 tensor of channels × height × width stands for a PIL image, and becomes what torchvision makes of that; a float tensor
 * is treated as torchvision treats tensors. Draws are torchvision's: of torch's generator, unless a class says otherwise.
 * Subclasses give the arguments of their constructor to this one, so that a DataLoader's workers can make them again.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the base constructor makes the function that the interface types
export abstract class Transform extends CallableObject {
  constructor(
    /** The arguments of the constructor. */
    readonly args: readonly unknown[],
  ) {
    super();
  }

  /** The changed image. */
  abstract forward(image: Tensor): Tensor;

  /** How a worker thread makes the same transform. */
  __reduce__(): [unknown, readonly unknown[]] {
    return [this.constructor, this.args];
  }

  /** The class, and its arguments. */
  override toString(): string {
    return `${this.constructor.name}(${this.args.map((arg) => JSON.stringify(arg)).join(', ')})`;
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** The call, typed by `forward`. */
export interface Transform {
  // biome-ignore lint/style/useShorthandFunctionType: an interface, to merge with the class
  (image: Tensor): Tensor;
}
