/** Initialisers that fill with one distribution or value. */
import { no_grad } from '../../autograd';
import { ValueError } from '../../native';
import { randperm } from '../../generated/functions';
import { type GeneratorLike, pythonFunction } from '../../call';
import type { Tensor } from '../../memory';

/** Fills with numbers from the uniform distribution U(a, b). Returns the tensor. */
export const uniform_ = pythonFunction(
  'uniform_',
  ['tensor', 'a', 'b', 'generator'],
  (tensor: Tensor, a: number = 0, b: number = 1, generator: GeneratorLike | null = null): Tensor =>
    no_grad(() => tensor.uniform_(a, b, { generator })),
);

/** Fills with numbers from the normal distribution N(mean, std²). Returns the tensor. */
export const normal_ = pythonFunction(
  'normal_',
  ['tensor', 'mean', 'std', 'generator'],
  (tensor: Tensor, mean: number = 0, std: number = 1, generator: GeneratorLike | null = null): Tensor =>
    no_grad(() => tensor.normal_(mean, std, { generator })),
);

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

/**
 * Makes a matrix the identity: ones on the diagonal.
 *
 * @throws ValueError unless 2-dimensional
 */
export const eye_ = pythonFunction('eye_', ['tensor'], (tensor: Tensor): Tensor => {
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  return no_grad(() => {
    tensor.zero_();
    tensor.diagonal().fill_(1);
    return tensor;
  });
});

/**
 * Makes a convolution's weight pass its input through: a one at the centre of each kernel that joins a channel to
 * itself, for each group.
 *
 * @throws ValueError unless 3-, 4- or 5-dimensional, or when the groups do not divide the output channels
 */
export const dirac_ = pythonFunction('dirac_', ['tensor', 'groups'], (tensor: Tensor, groups: number = 1): Tensor => {
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
});

/**
 * Fills with N(0, std²), then sets a fraction `sparsity` of each column, chosen at random, to zero. See Martens
 * (2010), Deep learning via Hessian-free optimization.
 *
 * @throws ValueError unless 2-dimensional
 */
export const sparse_ = pythonFunction(
  'sparse_',
  ['tensor', 'sparsity', 'std', 'generator'],
  (tensor: Tensor, sparsity: number, std: number = 0.01, generator: GeneratorLike | null = null): Tensor => {
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
  },
);
