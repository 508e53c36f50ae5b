/** Initialisers that fill with one distribution or value. */
import { no_grad } from '../../autograd';
import { ValueError } from '../../errors';
import { randperm } from '../../generated/functions';
import type { GeneratorLike } from '../../tensor/arguments';
import { pythonFunction } from '../../tensor/python_function';
import type { Tensor } from '../../tensor/tensor';
import { type Arguments, readArguments } from '../arguments';

/** The generator to draw from; by default the global one. */
export interface GeneratorOptions {
  generator?: GeneratorLike | null;
}

/** Fills with numbers from the uniform distribution U(a, b). Returns the tensor. */
export function uniform_(
  tensor: Tensor,
  ...rest: Arguments<{ a?: number; b?: number } & GeneratorOptions, ['a', 'b']>
): Tensor {
  const defaults = { a: 0, b: 1, generator: null as GeneratorLike | null };
  const { a, b, generator } = readArguments('uniform_', defaults, rest);
  return no_grad(() => tensor.uniform_(a, b, { generator }));
}

/** Fills with numbers from the normal distribution N(mean, std²). Returns the tensor. */
export function normal_(
  tensor: Tensor,
  ...rest: Arguments<{ mean?: number; std?: number } & GeneratorOptions, ['mean', 'std']>
): Tensor {
  const defaults = { mean: 0, std: 1, generator: null as GeneratorLike | null };
  const { mean, std, generator } = readArguments('normal_', defaults, rest);
  return no_grad(() => tensor.normal_(mean, std, { generator }));
}

/** Fills with one value. Returns the tensor. */
export const constant_ = pythonFunction('constant_', ['tensor', 'val'], (tensor: Tensor, val: number): Tensor => {
  return no_grad(() => tensor.fill_(val));
});

/** Fills with ones. Returns the tensor. */
export const ones_ = pythonFunction('ones_', ['tensor'], (tensor: Tensor): Tensor => {
  return no_grad(() => tensor.fill_(1));
});

/** Fills with zeros. Returns the tensor. */
export const zeros_ = pythonFunction('zeros_', ['tensor'], (tensor: Tensor): Tensor => {
  return no_grad(() => tensor.zero_());
});

/** Makes a matrix the identity: ones on the diagonal. Throws ValueError unless 2-dimensional. */
export const eye_ = pythonFunction('eye_', ['tensor'], (tensor: Tensor): Tensor => {
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  return no_grad(() => {
    tensor.zero_();
    tensor.diagonal().fill_(1);
    return tensor;
  });
});

/**
 * Makes a convolution's weight pass its input through: a one at the centre of each kernel that joins a
 * channel to itself, for each group. Throws ValueError unless 3-, 4- or 5-dimensional, or when the
 * groups do not divide the output channels.
 */
export function dirac_(tensor: Tensor, ...rest: Arguments<{ groups?: number }, ['groups']>): Tensor {
  const { groups } = readArguments('dirac_', { groups: 1 }, rest);
  const [outputs = 0, inputs = 0, ...kernel] = tensor.shape;
  if (kernel.length < 1 || kernel.length > 3) {
    throw new ValueError('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  if (outputs % groups !== 0) throw new ValueError('dim 0 must be divisible by groups');
  const perGroup = outputs / groups;
  return no_grad(() => {
    tensor.zero_();
    let centre = tensor;
    for (const size of kernel) centre = centre.select(2, Math.floor(size / 2));
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < Math.min(perGroup, inputs); channel++) {
        centre
          .select(0, group * perGroup + channel)
          .select(0, channel)
          .fill_(1);
      }
    }
    return tensor;
  });
}

/**
 * Fills with N(0, std²), then sets a fraction `sparsity` of each column, chosen at random, to zero.
 * Throws ValueError unless 2-dimensional. See Martens (2010), Deep learning via Hessian-free optimization.
 */
export function sparse_(
  tensor: Tensor,
  sparsity: number,
  ...rest: Arguments<{ std?: number } & GeneratorOptions, ['std']>
): Tensor {
  const defaults = { std: 0.01, generator: null as GeneratorLike | null };
  const { std, generator } = readArguments('sparse_', defaults, rest);
  const [rows = 0, columns = 0] = tensor.shape;
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  const zeros = Math.ceil(sparsity * rows);
  return no_grad(() => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < columns; column++) {
      // Python draws these from the global generator, whatever `generator` says.
      const chosen = randperm(rows).narrow(0, 0, Math.min(zeros, rows));
      tensor.select(1, column).index_fill_(0, chosen, 0);
    }
    return tensor;
  });
}
