/** Transforms made of others (torchvision: `transforms`). */
import { rand, random, type Tensor } from 'isotorch';
import { type Step, Transform } from './transform';

type Image = (image: Tensor) => Tensor;

const run = (step: Step, image: Tensor): Tensor => (step as Image)(image);

/** Steps one after the other; a step is a transform, or any function. */
export class Compose extends Transform {
  static __module__ = __filename;

  constructor(readonly transforms: readonly Step[]) {
    super([transforms]);
  }

  forward(image: Tensor): Tensor {
    return this.transforms.reduce((changed: Tensor, step) => run(step, changed), image);
  }

  override toString(): string {
    return `Compose(${this.transforms.map((step) => `\n    ${String(step)}`).join('')}\n)`;
  }
}

/** A function as a transform. */
export class Lambda extends Transform {
  static __module__ = __filename;

  constructor(readonly lambd: Image) {
    super([lambd]);
    if (typeof lambd !== 'function') throw new TypeError(`Argument lambd should be callable, got ${typeof lambd}`);
  }

  forward(image: Tensor): Tensor {
    return this.lambd(image);
  }
}

/** All steps, or none, with probability p. */
export class RandomApply extends Transform {
  static __module__ = __filename;

  constructor(
    readonly transforms: readonly Step[],
    readonly p: number = 0.5,
  ) {
    super([transforms, p]);
  }

  forward(image: Tensor): Tensor {
    if (rand([1]).gt(this.p).item()) return image;
    return this.transforms.reduce((changed: Tensor, step) => run(step, changed), image);
  }
}

/** One of the steps, drawn from Python's `random` as in torchvision. */
export class RandomChoice extends Transform {
  static __module__ = __filename;

  constructor(
    readonly transforms: readonly Step[],
    readonly p: readonly number[] | null = null,
  ) {
    super([transforms, p]);
  }

  forward(image: Tensor): Tensor {
    const [step] = random.python.choices(this.transforms, this.p);
    return run(step!, image);
  }
}

/** All steps in an order drawn from Python's `random`, as in torchvision. */
export class RandomOrder extends Transform {
  static __module__ = __filename;

  constructor(readonly transforms: readonly Step[]) {
    super([transforms]);
  }

  forward(image: Tensor): Tensor {
    const order = Array.from(this.transforms, (_, i) => i);
    random.python.shuffle(order);
    return order.reduce((changed: Tensor, which) => run(this.transforms[which]!, changed), image);
  }
}
